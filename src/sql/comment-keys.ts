/**
 * Keys of a sqlcommenter comment, `route='…',framework='…'`. Its values name routes and traces, so
 * only keys that the convention knows stay. https://google.github.io/sqlcommenter/spec/
 */

const KNOWN: ReadonlySet<string> = new Set([
  'action',
  'application',
  'controller',
  'db_driver',
  'framework',
  'job',
  'model',
  'route',
  'service',
  'traceparent',
  'tracestate',
]);

const ENTRY = /^\s*(\w+)(?:='(?:[^'\\]|\\.)*')?\s*$/;

/** Empty for every other comment. Bare keys are what is left of a comment that was read before. */
export function commentKeysOf(comment: string): readonly string[] {
  const keys = comment.split(',').map((entry) => ENTRY.exec(entry)?.[1] ?? '');
  return keys.every((key) => KNOWN.has(key)) ? [...new Set(keys)].sort() : [];
}
