/** Guards what browser and page call: an error of ours is nobody's, and what it was about is not told. */
export function quietly<T extends unknown[]>(run: (...args: T) => void): (...args: T) => void {
  return (...args) => {
    try {
      run(...args);
    } catch {
      // Said to nobody: the page has a console and error handlers of its own.
    }
  };
}
