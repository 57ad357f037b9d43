/**
 * A reporter of Node's test runner: a line of JSON for each test that ended, as suite-run.ts reads it. Loaded
 * by the runner of a foreign suite, which may be any version of Node.js.
 */
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { file, nesting, name, skip, todo } = data;
    const isLeftOut = skip !== undefined || todo !== undefined;
    const status = isLeftOut ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    const { error } = data.details ?? {};
    const reason = status === 'failed' ? String(error?.cause?.message ?? error?.message) : '';
    yield `${JSON.stringify({ file, nesting, name, status, reason })}\n`;
  }
}
