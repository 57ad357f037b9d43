/**
 * What is told of a reply of MongoDB: how many documents it has or changed, and whether a write in it was
 * refused, for such a reply is none of an error. It may be a document that the driver reads piece by
 * piece; what it is asked here costs a look at its keys. Hot path.
 */
import { NO_DETAIL } from '../span-list.js';

/** Of the driver, since version 6.6; else a plain object. */
interface Lazy {
  readonly batchSize?: number;
  getNumber(name: string): number | null;
  get(name: string | number, type: number): Lazy | null;
}

interface Plain {
  readonly n?: unknown;
  readonly cursor?: { readonly firstBatch?: unknown; readonly nextBatch?: unknown };
  readonly writeErrors?: readonly { readonly code?: unknown }[];
}

/** Types of BSON. */
const OBJECT = 3;
const ARRAY = 4;
const WITH_BATCH: ReadonlySet<string> = new Set(['find', 'getMore', 'aggregate']);
const WITH_COUNT: ReadonlySet<string> = new Set(['insert', 'update', 'delete']);

/** Documents that came back or were changed by the command `name`, or NO_DETAIL. */
export function rowsIn(name: string, reply: unknown): number {
  try {
    if (WITH_BATCH.has(name)) return batchIn(reply) ?? NO_DETAIL;
    return WITH_COUNT.has(name) ? (countIn(reply) ?? NO_DETAIL) : NO_DETAIL;
  } catch {
    return NO_DETAIL;
  }
}

/** Code of the first write in `reply` that was refused. */
export function refusalIn(reply: unknown): string | undefined {
  try {
    const code = isLazy(reply)
      ? reply.get('writeErrors', ARRAY)?.get(0, OBJECT)?.getNumber('code')
      : (reply as Plain | undefined)?.writeErrors?.[0]?.code;
    return code === undefined || code === null ? undefined : String(Number(code));
  } catch {
    return undefined;
  }
}

function batchIn(reply: unknown): number | undefined {
  if (isLazy(reply)) return reply.batchSize;
  const { cursor } = reply as Plain;
  const batch = cursor?.firstBatch ?? cursor?.nextBatch;
  return Array.isArray(batch) ? batch.length : undefined;
}

function countIn(reply: unknown): number | undefined {
  if (isLazy(reply)) return reply.getNumber('n') ?? undefined;
  const { n } = reply as Plain;
  return typeof n === 'number' ? n : undefined;
}

function isLazy(reply: unknown): reply is Lazy {
  return typeof (reply as Lazy | undefined)?.getNumber === 'function';
}
