/**
 * Evidence that several want at once, gathered once: the recommendations and the checklist of a page are of the same. What is
 * being gathered is shared, and what was is kept until the store or the advice has changed. Owned by the collector's
 * main thread; KEPT_MAX evidences at most.
 */
import { LEVEL_MS } from '../../store/data-folder.js';
import type { ViewSource } from '../../views/view-request.js';
import type { Evidence } from './evidence.js';
import { gatherEvidence } from './gather-evidence.js';

type Range = { readonly fromMs: number; readonly toMs: number };
type Gathering = Promise<Evidence | undefined>;

interface Kept {
  readonly evidence: Gathering;
  /** Of the store and the advice when it was begun. */
  readonly changes: number;
  readonly advice: unknown;
  isOpen: boolean;
}

/** As many services as are looked at together. */
const KEPT_MAX = 10;

export interface EvidenceSource extends ViewSource {
  /** Absent: everybody gathers for themselves. */
  readonly shared?: SharedEvidence | undefined;
}

/** Undefined when nothing was recorded of the service in the range. */
export function evidenceOf(source: EvidenceSource, service: string, range: Range): Gathering {
  return source.shared?.get(source, service, range) ?? gatherEvidence(source, service, range);
}

export class SharedEvidence {
  readonly #kept = new Map<string, Kept>();

  /** Ranges that begin and end in the same rows of the store are the same. */
  get(source: ViewSource, service: string, range: Range): Gathering {
    const rows = [range.fromMs, range.toMs].map((ms) => Math.floor(ms / LEVEL_MS.raw));
    const key = JSON.stringify([service, ...rows]);
    const { changes } = source.store;
    const advice = source.advice?.latest();
    const known = this.#kept.get(key);
    if (known?.isOpen || (known?.changes === changes && known.advice === advice)) {
      return known.evidence;
    }
    const evidence = gatherEvidence(source, service, range);
    const kept: Kept = { evidence, changes, advice, isOpen: true };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    evidence.then(
      () => {
        kept.isOpen = false;
      },
      () => this.#forget(key, kept),
    );
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX) break;
      this.#kept.delete(old);
    }
    return evidence;
  }

  #forget(key: string, kept: Kept): void {
    if (this.#kept.get(key) === kept) this.#kept.delete(key);
  }
}
