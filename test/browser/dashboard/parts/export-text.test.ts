import { expect, it } from 'vitest';
import { csvText, markdownText } from '../../../../src/browser/dashboard/parts/export-text.js';

it('is a line of CSV a row, with quotes where a spreadsheet needs them', () => {
  const rows = [
    ['GET /a', 1.5, null],
    ['say "hi", twice\n', -2, ''],
  ];
  expect(csvText({ titles: ['Route', 'p95', 'Note'], rows })).toBe(
    'Route,p95,Note\r\nGET /a,1.5,\r\n"say ""hi"", twice\n",-2,\r\n',
  );
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('is no formula of a spreadsheet: %j', (text) => {
  expect(csvText({ titles: [text], rows: [] })).toMatch(/^"?'/);
});

it('is a table of Markdown in which nothing is markup', () => {
  const text = markdownText({ titles: ['What', 'Took'], rows: [['a|b <img> `c`\n_d_', 3]] });
  expect(text.split('\n')).toEqual([
    '| What | Took |',
    '| --- | --- |',
    '| a\\|b \\<img\\> \\`c\\` \\_d\\_ | 3 |',
    '',
  ]);
});
