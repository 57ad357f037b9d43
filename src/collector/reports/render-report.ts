/** A report in one of its forms. Pure. */
import { documentOf } from './document-of.js';
import { renderHtml } from './render-html.js';
import { renderMarkdown } from './render-markdown.js';
import { renderTerminal } from './render-terminal.js';
import type { Report } from './report-model.js';

export type ReportForm = 'html' | 'md' | 'text';

export function renderReport(report: Report, form: ReportForm): string {
  const document = documentOf(report);
  switch (form) {
    case 'html':
      return renderHtml(document);
    case 'md':
      return renderMarkdown(document);
    case 'text':
      return renderTerminal(document);
  }
}
