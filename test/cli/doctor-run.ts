/** `tachograph doctor`, its run function in this process, in an environment of its own. */
import { vi } from 'vitest';
import type { Finding, Section } from '../../src/cli/doctor/finding.js';
import { run } from '../../src/cli/doctor.js';
import { OPTIONS, OTHER_VARIABLES } from '../../src/shared/options.js';

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

export interface Outcome {
  readonly code: number;
  readonly out: string;
}

/** Runs the command where nothing but `env` is set of what it reads. */
export async function doctor(
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Outcome> {
  const ofOptions = OPTIONS.flatMap((row) => [row.env, ...(row.fallbacks ?? [])]);
  for (const name of [...ofOptions, ...OTHER_VARIABLES, ...PROXIES]) {
    vi.stubEnv(name.replace('!', '').split(':')[0]!, undefined);
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  try {
    return { code: await run(args), out };
  } finally {
    write.mockRestore();
    vi.unstubAllEnvs();
  }
}

/** The findings of `--json`, of one check if one is named. */
export function findingsIn({ out }: Outcome, check?: string): Finding[] {
  const { sections } = JSON.parse(out) as { sections: Section[] };
  const all = sections.flatMap(({ findings }) => findings);
  return check === undefined ? all : all.filter((finding) => finding.check === check);
}
