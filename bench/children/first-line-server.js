/** An ESM application with an HTTP server that says when its first line ran. Task: { marker }, a global symbol to look for. */
import 'node:http';
import { reportFirstLine } from './report-first-line.cjs';

reportFirstLine();
