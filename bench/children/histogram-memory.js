/**
 * Child of the micro harness: resident memory that histograms take, JavaScript or WebAssembly. Needs --expose-gc.
 * Task: { seed, useWebAssembly }.
 */
import { residentBytes } from '../machine/proc.js';
import { histogramFactory } from '../micro/histogram-factory.js';
import { createRandom, latenciesUs } from '../statistics/random.js';

const HISTOGRAMS = 500;
const SAMPLES = 2000;

const { seed, useWebAssembly } = JSON.parse(process.argv[2] ?? '{}');
const values = latenciesUs(SAMPLES, createRandom(seed, 'memory'));

const bareBytes = settledBytes();
const createHistogram = await histogramFactory(useWebAssembly);
const warm = createHistogram();
for (let i = 0; i < 50; i++) for (const value of values) warm.recordValue(value);
const loadedBytes = settledBytes();

const histograms = Array.from({ length: HISTOGRAMS }, createHistogram);
for (const histogram of histograms) for (const value of values) histogram.recordValue(value);
const filledBytes = settledBytes();

for (const histogram of histograms) histogram.destroy();
histograms.length = 0;
const releasedBytes = settledBytes();

console.log(
  JSON.stringify({
    libraryBytes: loadedBytes - bareBytes,
    bytesPerHistogram: (filledBytes - loadedBytes) / HISTOGRAMS,
    keptBytesPerHistogram: (releasedBytes - loadedBytes) / HISTOGRAMS,
  }),
);

function settledBytes() {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return residentBytes(process.pid);
}
