/** What is going on, on stderr: one line that changes on a terminal, plain lines elsewhere. */

/**
 * @typedef {object} Progress
 * @property {(text: string) => void} line
 * @property {() => void} end Clears the changing line.
 */

/**
 * @param {{ isTTY?: boolean, columns?: number, write: (text: string) => unknown }} stream
 * @param {() => number} nowMs
 * @returns {Progress}
 */
export function createProgress(stream, nowMs) {
  const startMs = nowMs();
  const clear = '\r\u001b[2K';
  return {
    line(text) {
      const seconds = Math.round((nowMs() - startMs) / 1000);
      const line = `${String(seconds).padStart(4)} s  ${text}`;
      if (stream.isTTY) stream.write(clear + line.slice(0, (stream.columns ?? 80) - 1));
      else stream.write(`${line}\n`);
    },
    end() {
      if (stream.isTTY) stream.write(clear);
    },
  };
}
