/** A CommonJS application. */
const { serve, untilRecorded } = require('./serve.cjs');

serve(5)
  .then(untilRecorded)
  .then(() => console.log('done'));
