import { describe, expect, it } from 'vitest';
import { Backlog } from '../../src/transport/backlog.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import { sampleBatch } from './sample-batch.js';

describe('a batch in memory', () => {
  it('keeps its own bytes alive and not those of the encoder', () => {
    const backlog = new Backlog({
      spool: undefined,
      nowMs: () => 0,
      onTrouble: () => undefined,
      onLost: () => undefined,
      onAdopted: () => undefined,
      onMoved: () => undefined,
    });
    const { identity, records, closedMs, ...rest } = sampleBatch(1);
    const body = encodeBatch({ identity, records, closedMs, ...rest });
    const kept = backlog.take(backlog.add({ identity, records, closedMs, body }))!;
    expect(kept.body).toEqual(new Uint8Array(body));
    expect(kept.body.buffer.byteLength).toBe(kept.body.byteLength);
  });
});
