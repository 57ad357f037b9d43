/** Rule: middleware that takes more than its budget, with what takes it and the routes that suffer most. */
import { inADay, items, time } from '../words.js';
import { advice, CALLS_MIN, type Rule } from './rule.js';

const LIMIT_DEFAULT_MS = 10;
const NAMED_MAX = 3;
/** By the names of these an anonymous function is told. */
const NAMELESS = /^(?:|<?anonymous>?)$/;

export const middleware: Rule = ({ routes, layers, budgets, recordedMs }) => {
  const limit =
    (budgets.find(({ name }) => name === 'middleware_overhead')?.limit ?? LIMIT_DEFAULT_MS) / 1000;
  const slow = routes
    .filter(({ calls, middlewareP95 }) => calls >= CALLS_MIN && (middlewareP95 ?? 0) > limit)
    .sort((a, b) => b.middlewareTime - a.middlewareTime);
  const [worst] = slow;
  if (worst === undefined) return [];
  const excess = slow.reduce((sum, { middlewareTime, layers: all, calls }) => {
    const used = all.find(({ layer }) => layer === 'middleware')?.requests ?? calls;
    return sum + Math.max(0, middlewareTime - limit * used);
  }, 0);
  const named = layers.middleware.slice(0, NAMED_MAX).map(({ names, calls, mean, total }) => {
    const name = names['code.function.name'] ?? '';
    const shown = NAMELESS.test(name) ? 'functions without a name' : name;
    return `${shown}: ${items(calls, 'call')}, ${time(mean)} each, ${time(total)} in all.`;
  });
  const where = `${worst.method} ${worst.route}`;
  return [
    {
      type: 'middleware_overhead',
      subject: '',
      title: `Middleware over its budget on ${items(slow.length, 'route')}`,
      finding: `Before ${where} p95 of the middleware is ${time(worst.middlewareP95 ?? 0)}; its budget is ${time(limit)}.`,
      evidence: [
        ...named,
        `Routes: ${slow
          .slice(0, NAMED_MAX)
          .map(({ method, route }) => `${method} ${route}`)
          .join(', ')}${slow.length > NAMED_MAX ? ' …' : '.'}`,
      ],
      costPerDay: inADay(excess, recordedMs),
      fix: advice(
        'Mount what only some routes need at these routes, put what answers most requests first, and keep what each request looks up again.',
      ),
      confidence: 'medium',
      verification: `p95 of the middleware of each route is under ${time(limit)}.`,
      route: where,
      measure: { kind: 'service' },
    },
  ];
};
