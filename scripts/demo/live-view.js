/**
 * What is seen while the demo runs: the view of `tachograph top` on a terminal, elsewhere a line now
 * and then.
 */
import { setTimeout as delay } from 'node:timers/promises';

const DRAW_INTERVAL_MS = 1000;
const LINE_INTERVAL_MS = 10_000;

/**
 * Shows until `signal` is aborted; asks for the end by `onEnd` when the person does.
 * @param {object} options
 * @param {() => Promise<import('../../src/cli/top-data.ts').TopData | undefined>} options.load
 * @param {() => string} options.status One line about the load.
 * @param {typeof import('../../src/cli/render-top.ts').renderTop} options.renderTop
 * @param {typeof import('../../src/cli/screen.ts').createScreen} options.createScreen
 * @param {AbortSignal} options.signal
 * @param {() => void} options.onEnd
 */
export async function showLive({ load, status, renderTop, createScreen, signal, onEnd }) {
  const { stdin, stdout } = process;
  /** @type {import('../../src/cli/top-data.ts').TopData | undefined} */
  let data;
  const screen =
    stdin.isTTY && stdout.isTTY
      ? createScreen(stdin, stdout, (width, height) => {
          const view = data === undefined ? 'Waiting …' : renderTop(data, width, height - 1);
          return `${status().slice(0, width)}\n${view}`;
        })
      : undefined;
  screen?.ended.addEventListener('abort', onEnd);
  const pause = screen === undefined ? LINE_INTERVAL_MS : DRAW_INTERVAL_MS;
  try {
    while (!signal.aborted) {
      await delay(pause, undefined, { signal }).catch(() => {});
      if (signal.aborted) break;
      if (screen === undefined) {
        console.log(status());
        continue;
      }
      // A view that cannot be had now is drawn a second later.
      data = await load().catch(() => data);
      screen.draw();
    }
  } finally {
    screen?.close();
  }
}
