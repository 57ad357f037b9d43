/** A TypeScript application that is run as it stands; its types can be stripped. */
import { serve, untilRecorded } from './serve.cjs';

const requests: number = 5;
await (serve as (count: number) => Promise<void>)(requests);
await untilRecorded();
console.log('done');
