/** An ESM application that says when its first line ran. Task: { marker }, a global symbol to look for. */
import { reportFirstLine } from './report-first-line.cjs';

reportFirstLine();
