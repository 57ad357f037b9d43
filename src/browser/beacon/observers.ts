/**
 * The page's performance entries as they come, and what the browser still holds back when asked. An
 * error of ours ends here. Owns one observer a type.
 */
import { quietly } from './quietly.js';

type Init = PerformanceObserverInit & { durationThreshold?: number };

export class Observers {
  readonly #drains: (() => void)[] = [];

  /** Tells of every entry of a type, those made before too; of none where the browser does not know it. */
  observe<T extends PerformanceEntry>(type: string, tell: (entry: T) => void, init?: Init): void {
    const each = quietly(tell);
    const tellAll = (entries: PerformanceEntryList): void => {
      for (const entry of entries) each(entry as T);
    };
    quietly(() => {
      const observer = new PerformanceObserver((list) => tellAll(list.getEntries()));
      observer.observe({ type, buffered: true, ...init });
      this.#drains.push(() => tellAll(observer.takeRecords()));
    })();
  }

  /** Hands over what is on its way. */
  drain(): void {
    for (const drain of this.#drains) drain();
  }
}
