/** What the oracle's application did and said of itself, and what of it is the agent's. Pure. */
import type { ProducerEnd } from '../support/oracle/producer.js';

const WARNING = /^\(node:\d+\) \[(TACHO_\w+)\] TachographWarning: /;

/** What is not as it would be without the agent, whose only voice are warnings, one of a kind. */
export function complaintsOfEnd(end: ProducerEnd): string[] {
  const { code, signal, stdout } = end;
  const complaints: string[] = [];
  if (code !== 0 || signal !== null) complaints.push(`it ended with ${code} and ${signal}`);
  if (stdout !== 'READY\nended\n') complaints.push(`it said ${JSON.stringify(stdout)}`);
  return [...complaints, ...repeatedWarnings(end)];
}

/** What differs from the same application without the agent, but for one warning of a kind. */
export function differences(end: ProducerEnd, bare: ProducerEnd): string[] {
  const complaints: string[] = [];
  if (end.code !== bare.code || end.signal !== bare.signal) {
    const expected = `${bare.code} and ${bare.signal}`;
    complaints.push(`it ended with ${end.code} and ${end.signal}, not with ${expected}`);
  }
  if (end.stdout !== bare.stdout) complaints.push(`it said ${JSON.stringify(end.stdout)}`);
  // The runtime tells an abort with addresses in memory.
  if (bare.signal !== 'SIGABRT' && ownErrors(end) !== ownErrors(bare)) {
    complaints.push(`it complained ${JSON.stringify(ownErrors(end))}`);
  }
  return [...complaints, ...repeatedWarnings(end)];
}

/** The codes of its warnings, in their order; a line that is none as it stands. */
export function warningsOf({ stderr }: ProducerEnd): string[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !isHint(line))
    .map((line) => WARNING.exec(line)?.[1] ?? line);
}

function repeatedWarnings({ stderr }: ProducerEnd): string[] {
  const codes = stderr.split('\n').flatMap((line) => WARNING.exec(line)?.[1] ?? []);
  return new Set(codes).size < codes.length ? [`warned again: ${codes.join(', ')}`] : [];
}

function ownErrors({ stderr }: ProducerEnd): string {
  const lines = stderr.split('\n');
  return lines.filter((line) => !WARNING.test(line) && !isHint(line)).join('\n');
}

/** With the first warning of a process. */
function isHint(line: string): boolean {
  return line.startsWith('(Use `node --trace-warnings');
}
