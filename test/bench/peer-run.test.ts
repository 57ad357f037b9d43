/**
 * Peers for real. prom-client always (it is small; npm fetches it once); all of them with TACHOGRAPH_TEST_PEERS=all,
 * which takes 400 MB and minutes.
 */
import { describe, expect, it } from 'vitest';
import { armOfPeer } from '../../bench/arms.js';
import { installPeer } from '../../bench/peers/install-peer.js';
import { PEERS } from '../../bench/peers/peers.js';
import { startArmProcess } from '../../bench/processes/arm-process.js';

const wanted = process.env.TACHOGRAPH_TEST_PEERS === 'all' ? PEERS : PEERS.slice(0, 1);
const INSTALL_MS_MAX = 300_000;
const task = { workload: 'fastify-hello', settleMs: 400, warmUp: 20, measured: 80 };
const silent = () => {};

describe.each(wanted)('$name', (peer) => {
  const start = () => {
    const folder = installPeer(peer, silent);
    return startArmProcess(armOfPeer(peer, folder), 'in-memory.js', task);
  };

  it(
    'is believed when every request reached the sink',
    async () => {
      const child = await start();
      const { processCpuUs } = await child.nextMessage();
      expect(processCpuUs).toBeGreaterThan(0);
      expect((await child.finish(100)).requests).toBe(100);
    },
    INSTALL_MS_MAX,
  );

  it('is not believed when a request is missing', async () => {
    const child = await start();
    await child.nextMessage();
    await expect(child.finish(101)).rejects.toThrow('expected 101 requests at the sink, got 100');
  });

  it('is there when the application’s first line runs', async () => {
    const folder = installPeer(peer, silent);
    const arm = armOfPeer(peer, folder);
    const child = await startArmProcess(arm, 'first-line.js', { marker: arm.marker });
    expect((await child.nextMessage()).isMarked).toBe(true);
    await child.finish();
  });
});
