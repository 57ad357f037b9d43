/** The same as a CommonJS application. */
const { reportFirstLine } = require('./report-first-line.cjs');

reportFirstLine();
