/**
 * Holds a request against the frozen description of a version of the wire format, a file of JSON, and nothing of
 * today's code. Pure.
 *
 * A shape is a name (`whole`, `text`, `string`, `series`, `attributes` or `hdr`), a number that
 * it must be, `{ "of": [numbers] }`, `{ "each": shape }`, or an array of shapes: at least these elements, in this order.
 */
import { readMsgpack, type Value } from './read-msgpack.js';

export type Shape =
  | string
  | number
  | { readonly of: readonly number[] }
  | { readonly each: Shape }
  | readonly Shape[];

export interface Contract {
  readonly request: {
    readonly method: string;
    readonly path: string;
    /** Patterns that values match. */
    readonly required: Readonly<Record<string, string>>;
    readonly optional: Readonly<Record<string, string>>;
  };
  readonly batch: Shape;
}

export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Inflated. */
  readonly body: Uint8Array;
}

/** Where the tables of strings and series stand in a batch. */
const STRINGS = 3;
const SERIES = 5;
/** The first word of a histogram in V2, and the bytes before its counts. */
const HDR_COOKIE = 0x1c849313;
const HDR_HEADER_BYTES = 40;

/** Sentences about what a receiver of that version would not expect; none when all is well. */
export function complaintsOfRequest(contract: Contract, sent: SentRequest): string[] {
  const { method, path, required, optional } = contract.request;
  const complaints: string[] = [];
  if (sent.method !== method) complaints.push(`method: ${sent.method}`);
  if (!sent.path.endsWith(path)) complaints.push(`path: ${sent.path}`);
  for (const [name, pattern] of Object.entries({ ...required, ...optional })) {
    const value = sent.headers[name];
    if (value === undefined && name in optional) continue;
    if (!new RegExp(pattern, 'u').test(String(value ?? ''))) {
      complaints.push(`header ${name}: ${value}`);
    }
  }
  try {
    const batch = readMsgpack(sent.body);
    complaints.push(...complaintsOfBatch(contract, batch));
    const [agent, boot, sequence] = (batch as readonly Value[])[1] as readonly Value[];
    const said = ['agent', 'boot', 'sequence'].map((name) => sent.headers[`tachograph-${name}`]);
    const own = [String(agent).replace(/[^ -~]/gu, '?'), String(boot), String(sequence)];
    if (String(said) !== String(own)) complaints.push(`headers say ${said}, the body ${own}`);
  } catch (error) {
    complaints.push((error as Error).message);
  }
  return complaints;
}

export function complaintsOfBatch(contract: Contract, batch: Value): string[] {
  if (!Array.isArray(batch)) return ['batch: expected an array'];
  const tableOf = (index: number): number => {
    const table = batch[index];
    return Array.isArray(table) ? table.length : 0;
  };
  const check = checker(tableOf(STRINGS), tableOf(SERIES));
  return check(contract.batch, batch, 'batch');
}

type Check = (shape: Shape, value: Value | undefined, path: string) => string[];

function checker(strings: number, series: number): Check {
  const isIndex = (value: Value | undefined, length: number): boolean =>
    isWhole(value) && (value as number) < length;
  const named: Record<string, (value: Value | undefined) => boolean> = {
    whole: isWhole,
    text: (value) => typeof value === 'string',
    string: (value) => isIndex(value, strings),
    series: (value) => isIndex(value, series),
    attributes: (value) =>
      Array.isArray(value) && value.length % 2 === 0 && value.every((one) => isIndex(one, strings)),
    hdr: isHdr,
  };
  const check: Check = (shape, value, path) => {
    if (typeof shape === 'string') {
      return named[shape]!(value) ? [] : [`${path}: expected ${shape}`];
    }
    if (typeof shape === 'number') return value === shape ? [] : [`${path}: expected ${shape}`];
    if ('of' in shape) {
      return shape.of.includes(value as number) ? [] : [`${path}: expected one of ${shape.of}`];
    }
    if (!Array.isArray(value)) return [`${path}: expected an array`];
    if ('each' in shape) return value.flatMap((one, i) => check(shape.each, one, `${path}[${i}]`));
    return shape.flatMap((one, i) => check(one, value[i], `${path}[${i}]`));
  };
  return check;
}

function isWhole(value: Value | undefined): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isHdr(value: Value | undefined): boolean {
  if (!(value instanceof Uint8Array) || value.length < HDR_HEADER_BYTES) return false;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return view.getUint32(0) === HDR_COOKIE && view.getUint32(4) === value.length - HDR_HEADER_BYTES;
}
