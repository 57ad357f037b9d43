/** hdr-histogram-js by deep import, as the worker loads it: vitest and Node disagree on its default. */
import { createRequire } from 'node:module';
import type float64Histogram from 'hdr-histogram-js/dist/Float64Histogram.js';
import type int32Histogram from 'hdr-histogram-js/dist/Int32Histogram.js';
import type encoding from 'hdr-histogram-js/dist/JsHistogram.encoding.js';

const require = createRequire(import.meta.url);
const load = <Module>(name: string): Module => require(`hdr-histogram-js/dist/${name}.js`);

export const Int32Histogram = load<typeof int32Histogram>('Int32Histogram').default;
export const Float64Histogram = load<typeof float64Histogram>('Float64Histogram').default;
export const { doDecode } = load<typeof encoding>('JsHistogram.encoding');
export const { decodeFromCompressedBase64, encodeIntoCompressedBase64 } =
  load<typeof import('hdr-histogram-js')>('index');
