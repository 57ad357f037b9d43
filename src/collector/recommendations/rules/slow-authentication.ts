/** Rule: finding out who asks takes long, or hashes passwords where everybody waits for it. */
import { LIBRARY } from '../evidence/gather-layers.js';
import type { Draft } from '../recommendation.js';
import { inADay, items, time, times } from '../words.js';
import { CALLS_MIN, type Rule } from './rule.js';
import { isHashing } from './stalls.js';

const LIMIT_DEFAULT_MS = 50;

export const slowAuthentication: Rule = ({ layers, budgets, stalls, recordedMs }) => {
  const limit =
    (budgets.find(({ name }) => name === 'authentication_time')?.limit ?? LIMIT_DEFAULT_MS) / 1000;
  const slow = layers.authentications
    .filter(({ calls, p95 }) => calls >= CALLS_MIN && p95 > limit)
    .map((row): Draft => {
      const strategy = row.names['tachograph.authentication.strategy'] ?? '';
      const name = strategy || (row.names[LIBRARY] ?? '');
      return {
        type: 'slow_authentication',
        subject: name,
        title: `Slow authentication: ${name}`,
        finding: `p95 of telling who asks (${name}) is ${time(row.p95)}; its budget is ${time(limit)}.`,
        evidence: [
          `${items(row.calls, 'attempt')}, ${time(row.total)} in all, p50 ${time(row.p50)}.`,
        ],
        costPerDay: inADay(Math.max(0, row.mean - limit) * row.calls, recordedMs),
        fix: {
          text: 'Look the user up once and keep who a token or session belongs to for a short while; a password is checked at log-in only.',
          code: null,
          language: null,
        },
        confidence: 'medium',
        verification: `p95 of the strategy is under ${time(limit)}.`,
        measure: { kind: 'service' },
      };
    });
  const blocking = stalls.filter((place) => place.file !== null && isHashing(place));
  return [
    ...slow,
    ...blocking.map(
      (place): Draft => ({
        type: 'blocking_hash',
        subject: `${place.file}:${place.line}`,
        title: 'Passwords hashed on the main thread',
        finding: `${place.function ?? 'Hashing'} (${place.file}:${place.line}) blocked the event loop ${times(place.count)}, up to ${time(place.max)}.`,
        evidence: [`${time(place.sum)} in all, in which no other request was served.`],
        costPerDay: inADay(place.sum, recordedMs),
        fix: {
          text: 'Use the asynchronous form, which hashes on another thread; bcryptjs has none that does, bcrypt, argon2 and node:crypto have.',
          code: 'await bcrypt.compare(password, hash);   // or: await promisify(scrypt)(password, salt, 64)',
          language: 'js',
        },
        confidence: 'high',
        verification: `No block at ${place.file}:${place.line} while people log in.`,
        code: { file: place.file!, line: place.line ?? 0 },
        measure: { kind: 'service' },
      }),
    ),
  ];
};
