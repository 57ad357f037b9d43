/**
 * The JSON file named by TACHOGRAPH_CONFIG_FILE. Read once, on the application's thread. No message
 * repeats what is in the file: it may hold a token.
 */
import { readSmallFile } from './small-file.js';

export interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The file, or the sentence that says why it cannot be used. */
export function readConfigFile(path: string): ConfigFile | string {
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (error) {
    return (error as Error).message;
  }
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return 'text that is not JSON';
  }
  const kind = jsonKind(values);
  return kind === 'an object' ? { path, values: values as Record<string, unknown> } : kind;
}

/**
 * A value of the file as it would stand in the environment; only a list may be an array, or an object,
 * whose entries are `key=value` items.
 */
export function textOfValue(value: unknown, isList: boolean): { text: string } | { came: string } {
  if (isScalar(value)) return { text: String(value) };
  if (isList && Array.isArray(value) && value.every(isScalar)) return { text: value.join(',') };
  if (isList && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const pairs = Object.entries(value);
    if (pairs.every(([, item]) => isScalar(item))) {
      return { text: pairs.map(([key, item]) => `${key}=${item}`).join(',') };
    }
  }
  return { came: jsonKind(value) };
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function jsonKind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
