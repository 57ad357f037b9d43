/** Scenarios that lose a connection: not with each call, so that a pool lasts until the loss is told. */
const EVERY = 5;

/** `work` with every fifth call, the first included. */
export function nowAndThen(work) {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls % EVERY === 1) await work();
  };
}
