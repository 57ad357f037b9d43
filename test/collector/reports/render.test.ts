import { describe, expect, it } from 'vitest';
import { documentOf } from '../../../src/collector/reports/document-of.js';
import { renderReport } from '../../../src/collector/reports/render-report.js';
import { sampleReview } from './sample-report.js';

/** Names that anybody who may send can choose. */
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '</td></tr></table><script>alert(1)</script>',
  '"><a href="javascript:alert(1)">x</a>',
  '[click](https://evil.example/) ![x](http://evil.example/x.png)',
  'https://evil.example/x www.evil.example a@evil.example',
  '| a | b |\n\n# heading\n- item\n```\ncode',
  '\u001b[31mred\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007',
  'a\r\nBcc: all@evil.example',
  '\u202egnp.exe\u2066x\u2028y\u0000z',
  '&lt;b&gt; &amp; \\<b\\>',
] as const;

describe('a report of hostile names', () => {
  it('has no tag, address or style of theirs as HTML', () => {
    for (const name of HOSTILE) {
      const html = renderReport(sampleReview(name), 'html');
      const plain = renderReport(sampleReview('plain'), 'html');
      // Long words may be broken; nothing else of a tag depends on what it holds.
      const tags = (text: string): string[] =>
        (text.match(/<[a-z!/][^>]*>/gi) ?? []).map((tag) => tag.replace(/word-break:[a-z-]+/, ''));
      expect(tags(html)).toEqual(tags(plain));
      expect(html).not.toMatch(/<(?:script|img|a|link|iframe)\b/i);
    }
  });

  it('has no link, heading, table row or HTML of theirs as Markdown', () => {
    const withoutCode = (text: string): string => text.replace(/^(`{3,})\n[\s\S]*?^\1$/gm, 'code');
    const shape = (text: string): string[] =>
      text.split('\n').map((line) => /^(?:#+ |- |\||`{3})?/.exec(line)![0]);
    const expected = shape(withoutCode(renderReport(sampleReview('plain'), 'md')));
    for (const name of HOSTILE) {
      const outsideCode = withoutCode(renderReport(sampleReview(name), 'md'));
      expect(shape(outsideCode)).toEqual(expected);
      expect(outsideCode).not.toMatch(/(?<!\\)[<[\]]/);
      expect(outsideCode).not.toMatch(/https?:|www\.|@evil/);
    }
  });

  it('has no control character but line ends in a terminal', () => {
    for (const name of HOSTILE) {
      const text = renderReport(sampleReview(name), 'text');
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(text.split('\n')).toHaveLength(
        renderReport(sampleReview('plain'), 'text').split('\n').length,
      );
    }
  });
});

describe('a sentence of a report', () => {
  const review = sampleReview('x');
  const textOf = (parts: Partial<typeof review>): string =>
    renderReport({ ...review, ...parts }, 'text');

  it('is of one process where there is one', () => {
    expect(textOf({})).toContain('160 of 168 hours, 2 processes, 70.0k records received since');
    const quality = { ...review.quality, processes: 1, received: 1 };
    expect(textOf({ quality })).toContain('1 process, 1 record received since its start.');
    const [line] = review.capacity;
    expect(textOf({ capacity: [{ ...line!, daysToLimit: 0.4 }] })).toContain('in 1 day');
    expect(textOf({ capacity: [{ ...line!, daysToLimit: 0.4 }] })).not.toContain('in 1 days');
  });

  it('gives no cost to what costs no time', () => {
    const [one] = review.recommendations;
    expect(textOf({})).toContain('Costs 86.0 s a day (confidence high).');
    const text = textOf({ recommendations: [{ ...one!, costPerDay: 0 }] });
    expect(text).toContain('Costs no time that is known (confidence high).');
    expect(text).not.toContain('Costs 0 s');
  });

  it('calls no loss a saving', () => {
    const [fix] = review.verifiedFixes;
    expect(textOf({})).toContain('verified fix – x: saves 12.0 s a day');
    const text = textOf({ verifiedFixes: [{ ...fix!, saved: -12 }] });
    expect(text).toContain('verified fix – x: but its requests take 12.0 s a day more');
  });

  it('tells errors that there were none of before', () => {
    const { headline } = review;
    const before = { ...headline.before!, errorRatio: 0 };
    expect(textOf({ headline: { ...headline, before } })).toContain('Errors 0.4 % ▲ from 0');
  });
});

describe('a report as HTML mail', () => {
  const html = renderReport(sampleReview('GET /orders/:id'), 'html');

  it('needs nothing from elsewhere', () => {
    expect(html).not.toMatch(/\b(?:src|href|background)=/i);
    expect(html).not.toMatch(/url\(|@import|<link|<script/i);
  });

  it('tells directions by signs, not by colour alone', () => {
    expect(html).toContain('▲ +40 %');
    expect(html).toContain('▼');
  });
});

describe('the sections of a review', () => {
  it('stand in their order', () => {
    const headings = documentOf(sampleReview('x')).blocks.flatMap((block) =>
      block.type === 'heading' ? [block.text] : [],
    );
    expect(headings).toEqual([
      'Headline',
      'Modules',
      'Regressions',
      'Told before, and still so',
      'Improvements',
      'New and vanished',
      'Where the time goes',
      'Database',
      'Recommendations',
      'Browser',
      'Capacity',
      'Not judged',
    ]);
  });

  it('name interval, time, deploy, line and cause of a regression', () => {
    const text = renderReport(sampleReview('GET /orders/:id'), 'text');
    expect(text).toContain('Since 2026-11-18 14:00 (±1 h) · deploy of 2.4.0 at 2026-11-18 14:20');
    expect(text).toMatch(/▲ \+40 % \(\+31 % to \+52 %\) p95/);
    expect(text).toContain('sales/orders.js:41 (load)');
    expect(text).toMatch(/volume \+12\.0 s, mix −3\.00 s, latency \+100 s/);
  });
});
