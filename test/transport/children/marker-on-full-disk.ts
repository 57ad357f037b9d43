/**
 * The marker of a process that begins while its disk is full, and goes on when there is room. Prints the
 * marker then.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markerName } from '../../../src/transport/spool-name.js';
import { LivingMarker } from '../../../src/transport/spool-owner.js';

const [root = ''] = process.argv.slice(2);
const OWNER = `${process.pid}-abcdefgh`;
const filler = join(root, 'filler');
try {
  writeFileSync(filler, Buffer.alloc(16 * 1024 * 1024));
} catch {
  // That it does not fit is what it is for.
}
const marker = new LivingMarker(root, OWNER);
try {
  marker.touch(Date.now(), true);
} catch {
  // Nor does the marker.
}
rmSync(filler);
marker.touch(Date.now(), true);
console.log(readFileSync(join(root, markerName(OWNER)), 'utf8'));
