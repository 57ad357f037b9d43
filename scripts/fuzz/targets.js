/** The table of what is fuzzed. They run from dist. */
import { api } from './targets/api.js';
import { decoder } from './targets/decoder.js';
import { ingest } from './targets/ingest.js';
import { options } from './targets/options.js';
import { spoolReader } from './targets/spool-reader.js';

/** @type {readonly import('./run-target.js').Target[]} */
export const TARGETS = [decoder, spoolReader, options, ingest, api];
