import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTROL_BYTES } from '../../src/shared/control-layout.js';
import {
  AGENT_HEADER,
  BOOT_HEADER,
  CONTENT_TYPE,
  SENT_HEADER,
  SEQUENCE_HEADER,
} from '../../src/transport/batch.js';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { flatPoints } from '../../src/transport/flat-points.js';
import { LaneAccount } from '../../src/transport/lane-account.js';
import { Ledger } from '../../src/workers/ledger.js';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/reference/wire-format.md');
const example = readFileSync(new URL('../fixtures/wire-v1/example.bin', import.meta.url));

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page)![1]!;
}

describe('the page on the wire format', () => {
  it('shows the bytes of the golden example', () => {
    const hex = block('hex')
      .split('\n')
      .map((line) => line.split('|')[0]!.replaceAll(' ', ''))
      .join('');
    expect(hex).toBe(example.toString('hex'));
  });

  it('shows a line that the file sender would write for it', () => {
    const points = flatPoints(decodeBatch(example));
    expect(points).toContainEqual(JSON.parse(block('json')));
    const line = block('json').trim();
    expect(points.map((point) => JSON.stringify(point))).toContain(line);
  });

  it('names the headers, and every reason for which records are dropped', () => {
    const headers = [AGENT_HEADER, BOOT_HEADER, SEQUENCE_HEADER, SENT_HEADER];
    for (const name of [...headers, CONTENT_TYPE]) {
      expect(page).toContain(name);
    }
    const { dropped } = new Ledger(new SharedArrayBuffer(CONTROL_BYTES));
    const lane = new LaneAccount(new Float64Array(8));
    for (const reason of [...Object.keys(dropped), ...Object.keys(lane.dropped)]) {
      expect(page).toContain(`| \`${reason}\` |`);
    }
  });
});
