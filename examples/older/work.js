/** The work of every library of the matrix, by the names of versions.js. Runs in the application. */
import { WORK as FRAMEWORKS } from './work/frameworks.js';
import { WORK as JOBS } from './work/jobs.js';
import { WORK as LAYERS } from './work/layers.js';
import { WORK as REQUESTS } from './work/requests.js';
import { WORK as STORES } from './work/stores.js';

export const WORK = { ...STORES, ...JOBS, ...LAYERS, ...REQUESTS, ...FRAMEWORKS };
