/** What the oracle's application did and said of itself, and what of it is the agent's. Pure. */
import type { ProducerEnd } from '../support/oracle/producer.js';

/** What is not as it would be without the agent, whose only voice are warnings, one of a kind. */
export function complaintsOfEnd(end: ProducerEnd): string[] {
  const { code, signal, stdout } = end;
  const complaints: string[] = [];
  if (code !== 0 || signal !== null) complaints.push(`it ended with ${code} and ${signal}`);
  if (stdout !== 'READY\nended\n') complaints.push(`it said ${JSON.stringify(stdout)}`);
  const codes = warningsOf(end);
  if (new Set(codes).size < codes.length) complaints.push(`warned again: ${codes.join(', ')}`);
  return complaints;
}

/** The codes of its warnings, in their order; a line that is none as it stands. */
export function warningsOf({ stderr }: ProducerEnd): string[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('(Use `node --trace-warnings'))
    .map((line) => /^\(node:\d+\) \[(TACHO_\w+)\] TachographWarning: /.exec(line)?.[1] ?? line);
}
