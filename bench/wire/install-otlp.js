/** OpenTelemetry's own encoder, from npm on demand. */
import { createRequire } from 'node:module';
import { npmFolder } from '../npm-folder.js';

/** The last that run on Node.js 20. */
const PACKAGES = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/otlp-transformer': '0.222.0',
  '@opentelemetry/resources': '2.11.0',
  '@opentelemetry/sdk-metrics': '2.11.0',
};

/** @typedef {(name: string) => any} Load A package by its name. */

/**
 * @param {(line: string) => void} progress
 * @returns {Load}
 * @throws {import('../bench-error.js').BenchError} when npm cannot install them.
 */
export function installOtlp(progress) {
  const version = PACKAGES['@opentelemetry/sdk-metrics'];
  return createRequire(npmFolder(`bench-otlp/${version}`, PACKAGES, progress));
}
