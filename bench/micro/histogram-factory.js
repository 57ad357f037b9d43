/**
 * Histograms of hdr-histogram-js in both of its builds, with the digits of the default, growing from small. Each
 * build is loaded as one would ship it: JavaScript by the one file the agent imports, WebAssembly by the entry.
 */

const DIGITS = 2;

/**
 * @typedef {object} BenchHistogram
 * @property {(value: number) => void} recordValue
 * @property {() => void} destroy Gives a WebAssembly histogram's memory back; JavaScript leaves it to the collector.
 */

/**
 * @param {boolean} useWebAssembly
 * @returns {Promise<() => BenchHistogram>}
 */
export async function histogramFactory(useWebAssembly) {
  if (!useWebAssembly) {
    const { default: exports } = await import('hdr-histogram-js/dist/Int32Histogram.js');
    const Int32Histogram = /** @type {any} */ (exports).default;
    return () => {
      const histogram = new Int32Histogram(1, 2, DIGITS);
      histogram.autoResize = true;
      return histogram;
    };
  }
  const { default: hdr } = await import('hdr-histogram-js');
  await hdr.initWebAssembly();
  return () =>
    hdr.build({
      useWebAssembly,
      bitBucketSize: 32,
      autoResize: true,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2,
      numberOfSignificantValueDigits: DIGITS,
    });
}
