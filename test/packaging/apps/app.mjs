/** An application of ES modules, which awaits at its top level. */
import { serve, untilRecorded } from './serve.cjs';

await serve(5);
await untilRecorded();
console.log('done');
