/**
 * The system sampler: feeds a sink with the numbers of the process, the host and the container. Runs
 * in the agent's worker, whose timers call it: it has none of its own. One sample of each tier is
 * under way at a time; a call during one is skipped. A sample that fails is dropped: the system's
 * numbers are never worth an error in somebody's service.
 *
 * Call `sampleSlow` once at the start: what only it reports would be missing for a minute.
 */
import type { Sink } from '../sink.js';
import { createContainerSource } from './container-source.js';
import { createKernelSource } from './kernel-source.js';
import type { SystemSource } from './system-source.js';
import { createSysteminformationSource } from './systeminformation-source.js';

export type SamplerChoice = 'auto' | 'kernel' | 'systeminformation' | 'off';
export type SamplerSource = Exclude<SamplerChoice, 'auto'>;

export interface SystemSamplerOptions {
  readonly sampler: SamplerChoice;
  readonly sink: Sink;
  /** Where the kernel files are: '/' by default, a folder with `proc` and `sys` in tests. */
  readonly root?: string;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
}

export interface SystemSampler {
  /** What the choice became on this platform. */
  readonly source: SamplerSource;
  /** Samples failed since the start, of both tiers. */
  readonly failures: number;
  /** Each sample interval (TACHOGRAPH_SAMPLE_INTERVAL). Never throws or rejects; done on return with the kernel source. */
  sampleFast(): void | Promise<void>;
  /** Every minute or so. Never rejects. */
  sampleSlow(): Promise<void>;
  /** Gives the descriptors back. Later samples do nothing. */
  close(): void;
}

/** Kernel files exist on Linux only: elsewhere both `auto` and `kernel` mean the library. */
export function chooseSource(choice: SamplerChoice, platform: NodeJS.Platform): SamplerSource {
  if (choice === 'off' || choice === 'systeminformation') return choice;
  return platform === 'linux' ? 'kernel' : 'systeminformation';
}

export function createSystemSampler(options: SystemSamplerOptions): SystemSampler {
  const source = chooseSource(options.sampler, process.platform);
  const parts = createSources(source, options);
  const fast = createTier(parts.map((part) => () => part.sampleFast()));
  const slow = createTier(parts.map((part) => () => part.sampleSlow()));
  return {
    source,
    get failures() {
      return fast.failures + slow.failures;
    },
    sampleFast: fast.run,
    async sampleSlow() {
      await slow.run();
    },
    close() {
      fast.stop();
      slow.stop();
      for (const part of parts) part.close();
    },
  };
}

function createSources(source: SamplerSource, options: SystemSamplerOptions): SystemSource[] {
  const { sink, clock, root = '/' } = options;
  switch (source) {
    case 'off':
      return [];
    case 'kernel':
      return [createKernelSource(sink, root, clock)];
    case 'systeminformation':
      // Control groups, which the library does not know, are read beside it.
      return [createContainerSource(sink, root, clock), createSysteminformationSource(sink, clock)];
  }
}

interface Tier {
  readonly failures: number;
  run(): void | Promise<void>;
  stop(): void;
}

/** Runs the samples in turn; synchronously as long as they are. */
function createTier(samples: readonly (() => void | Promise<void>)[]): Tier {
  let isBusy = false;
  let isStopped = false;
  let failures = 0;

  const finish = async (pending: readonly Promise<void>[]): Promise<void> => {
    for (const result of await Promise.allSettled(pending)) {
      if (result.status === 'rejected') failures++;
    }
    isBusy = false;
  };

  return {
    get failures() {
      return failures;
    },
    run() {
      if (isBusy || isStopped) return;
      const pending: Promise<void>[] = [];
      for (const sample of samples) {
        try {
          const result = sample();
          if (result !== undefined) pending.push(result);
        } catch {
          failures++;
        }
      }
      if (pending.length === 0) return;
      isBusy = true;
      return finish(pending);
    },
    stop() {
      isStopped = true;
    },
  };
}
