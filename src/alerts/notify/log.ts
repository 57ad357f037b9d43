/** The log of whoever evaluates: a line an alert, harmless in a terminal. It is always there. */

import { plain } from './escape.js';
import type { Notifier } from './notifier.js';
import { wordingOf } from './wording.js';

export function logNotifier(write: (line: string) => void): Notifier {
  return {
    name: 'log',
    label: 'the log',
    async send(notification) {
      const { alerts, omitted } = wordingOf(notification);
      for (const { title, why } of alerts) write(plain(`alert ${title}. ${why.join(' ')}`, 1000));
      if (omitted > 0) write(`alert: ${omitted} more of the same`);
      return { state: 'delivered' };
    },
    async close() {},
  };
}
