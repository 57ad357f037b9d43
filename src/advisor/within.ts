/** Waits for something to end, whichever way it does, and not for longer than so long. Owns one timer a call. */
export async function within(work: Promise<unknown>, delayMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, delayMs);
  });
  await Promise.race([
    work.then(
      () => {},
      () => {},
    ),
    tooLong,
  ]);
  clearTimeout(timer);
}
