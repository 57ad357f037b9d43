/**
 * Guards, pipes and interceptors of Nest by its own classes and RxJS, in this process: on any Node, also
 * where an application's cannot be reached.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { InterceptorsConsumer } from '@nestjs/core/interceptors/interceptors-consumer.js';
import { PipesConsumer } from '@nestjs/core/pipes/pipes-consumer.js';
import { catchError, EMPTY, lastValueFrom, map, type Observable, of, retry, Subject } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { patchNestInterceptors } from '../../src/agent/layers/nest-interceptors.js';
import { patchNestPipes } from '../../src/agent/layers/nest-pipes.js';
import { whenItAnswers } from '../../src/agent/layers/when-it-answers.js';
import type { ProbeHost } from '../../src/agent/probe.js';
import { Unit } from '../../src/agent/unit.js';
import { Work } from '../../src/agent/work.js';

const SLOW_MS = 20;
/** Timers may be a little early. */
const SLOW_MS_MIN = SLOW_MS - 2;

interface Next {
  handle(): Observable<unknown>;
}
type Intercept = (next: Next) => unknown;

const storage = new AsyncLocalStorage<Unit>();
let recorded: { name: string; ms: number }[] = [];
const names: string[] = [];
const recorder = {
  series: (_: unknown, [, name = '']: string[]) => names.push(name) - 1,
  record: (series: number, us: number) => recorded.push({ name: names[series]!, ms: us / 1000 }),
};
const context = { current: () => storage.getStore(), follow: () => {}, run: () => {} };
const host = {
  recorder,
  context,
  work: new Work(recorder as never, context as never),
  warn: (code: string, detail: string) => {
    throw new Error(`${code} ${detail}`);
  },
} as unknown as ProbeHost;

class Interceptors extends InterceptorsConsumer {}
class Pipes extends PipesConsumer {}
for (const [name, from] of [
  ['intercept', InterceptorsConsumer],
  ['apply', PipesConsumer],
] as const) {
  const to = name === 'intercept' ? Interceptors : Pipes;
  const descriptor = Object.getOwnPropertyDescriptor(from.prototype, name)!;
  Object.defineProperty(to.prototype, name, descriptor);
}
patchNestInterceptors({ InterceptorsConsumer: Interceptors }, host);
patchNestPipes({ PipesConsumer: Pipes }, host);

function interceptor(name: string, intercept: Intercept): object {
  const made = { [name]: class {} }[name]!;
  return Object.assign(new made(), { intercept: (_: unknown, next: Next) => intercept(next) });
}

/** What a handler behind `interceptors` gives in the end, as a unit of its own. */
async function call(interceptors: object[], handler: () => unknown, unit = new Unit(0)) {
  return storage.run(unit, async () => {
    const answers: unknown = await new Interceptors().intercept(
      interceptors as never,
      [],
      new (class {})(),
      () => {},
      async () => handler(),
    );
    return lastValueFrom(answers as Observable<unknown>, { defaultValue: 'nothing' });
  });
}
const namesOf = (): string[] => recorded.map(({ name }) => name);
const msOf = (name: string): number => recorded.find((one) => one.name === name)!.ms;
const slowly = (ms = SLOW_MS): void => {
  for (const endMs = performance.now() + ms; performance.now() < endMs; );
};

beforeEach(() => {
  recorded = [];
});

describe('interceptors', () => {
  it('have the time before they pass a request on and after its answer, not the handler’s', async () => {
    const before = interceptor('Before', async (next) => {
      await delay(SLOW_MS);
      return next.handle();
    });
    const after = interceptor('After', (next) =>
      next.handle().pipe(
        map((value) => {
          slowly();
          return [value];
        }),
      ),
    );
    const unit = new Unit(0);
    const handlerMs = 300;
    expect(await call([before, after], () => delay(handlerMs, 'done'), unit)).toEqual(['done']);
    expect(namesOf()).toEqual(['Before', 'After', 'After (answer)']);
    expect(msOf('Before')).toBeGreaterThanOrEqual(SLOW_MS_MIN);
    expect(msOf('After (answer)')).toBeGreaterThanOrEqual(SLOW_MS_MIN);
    for (const { ms } of recorded) expect(ms).toBeLessThan(handlerMs);
    expect(unit.middlewareMs).toBeGreaterThanOrEqual(2 * SLOW_MS_MIN);
    expect(unit.middlewareMs).toBeLessThan(handlerMs);
  });

  it('have no time after the answer when they give it back as it is', async () => {
    const passes = interceptor('Passes', (next) => next.handle());
    expect(await call([passes], () => 'done')).toBe('done');
    const later = interceptor('Later', async (next) => {
      await delay(1);
      return next.handle();
    });
    expect(await call([later], () => 'done')).toBe('done');
    expect(namesOf()).toEqual(['Passes', 'Later']);
  });

  it('have it when they wait for the answer themselves, or change it after waiting', async () => {
    const waits = interceptor('Waits', async (next) => of(await lastValueFrom(next.handle())));
    const maps = interceptor('Maps', async (next) => next.handle().pipe(map((value) => [value])));
    expect(await call([waits], () => 'done')).toBe('done');
    expect(await call([maps], () => 'done')).toEqual(['done']);
    expect(namesOf()).toEqual(['Waits', 'Waits (answer)', 'Maps', 'Maps (answer)']);
  });

  it('that reject do so as without us', async () => {
    const rejects = interceptor('Rejects', () => Promise.reject(new Error('refused')));
    await expect(call([rejects], () => 'never')).rejects.toThrow('refused');
    expect(namesOf()).toEqual(['Rejects']);
  });

  it('are counted when they answer or fail, and the handler is not', async () => {
    const answers = interceptor('Answers', () => of('cached'));
    expect(await call([answers], () => 'never')).toBe('cached');
    const fails = interceptor('Fails', () => {
      throw new Error('failed');
    });
    await expect(call([fails], () => 'never')).rejects.toThrow('failed');
    const empty = interceptor('Empty', () => EMPTY);
    expect(await call([empty], () => 'never')).toBe('nothing');
    expect(namesOf()).toEqual(['Answers', 'Fails', 'Empty']);
  });

  it('see the errors of a handler as without us, and may rescue or try again', async () => {
    const failing = (): never => {
      throw new Error('failed');
    };
    await expect(call([interceptor('Passes', (next) => next.handle())], failing)).rejects.toThrow(
      'failed',
    );
    const rescues = interceptor('Rescues', (next) =>
      next.handle().pipe(catchError(() => of('rescued'))),
    );
    expect(await call([rescues], failing)).toBe('rescued');
    let times = 0;
    const retries = interceptor('Retries', (next) => next.handle().pipe(retry(2)));
    const third = (): string => {
      times += 1;
      return times < 3 ? failing() : 'third';
    };
    expect(await call([retries], third)).toBe('third');
    expect(namesOf()).toEqual([
      'Passes',
      'Rescues',
      'Rescues (answer)',
      'Retries',
      'Retries (answer)',
      'Retries (answer)',
      'Retries (answer)',
    ]);
  });

  it('are left alone where there are none, and outside a unit of work', async () => {
    const rest = [[], {} as never, () => {}, async () => 'done'] as const;
    const intercept = (list: object[]): Promise<unknown> =>
      new Interceptors().intercept(
        list as never,
        ...(rest as never as [never, never, never, never]),
      );
    expect(await storage.run(new Unit(0), () => intercept([]))).toBe('done');
    const passes = interceptor('Passes', (next) => next.handle());
    const answers = await intercept([passes]);
    expect(await lastValueFrom(answers as Observable<unknown>)).toBe('done');
    expect(namesOf()).toEqual([]);
  });
});

describe('whenItAnswers', () => {
  it('tells once, before whoever listens hears of it, and passes on the end of listening', () => {
    const source = new Subject<number>();
    const heard: unknown[] = [];
    const watched = whenItAnswers(source.asObservable(), () => heard.push('told'));
    const subscription = (watched as Observable<number>).subscribe((value) => heard.push(value));
    source.next(1);
    source.next(2);
    expect(source.observed).toBe(true);
    subscription.unsubscribe();
    expect(source.observed).toBe(false);
    expect(heard).toEqual(['told', 1, 2]);
  });

  it.each([undefined, 7, 'text', {}, new Subject()])('gives back %s as it is', (value) => {
    expect(whenItAnswers(value, () => {})).toBe(value);
  });
});

describe('pipes', () => {
  class Trims {
    transform(value: string): string {
      return value.trim();
    }
  }
  class Waits {
    async transform(value: string): Promise<string> {
      await delay(SLOW_MS);
      return value;
    }
  }
  class Refuses {
    transform(): never {
      throw new Error('refused');
    }
  }
  const apply = (pipes: object[]): Promise<unknown> =>
    new Pipes().apply(' a ', { type: 3 } as never, pipes as never);

  it('are timed one by one, and side by side count once in the sum', async () => {
    const unit = new Unit(0);
    const parallel = 10;
    const values = await storage.run(unit, () =>
      Promise.all(Array.from({ length: parallel }, () => apply([new Trims(), new Waits()]))),
    );
    expect(values).toEqual(Array(parallel).fill('a'));
    const waits = recorded.filter(({ name }) => name === 'Waits');
    expect([recorded.length, waits.length]).toEqual([2 * parallel, parallel]);
    for (const { ms } of waits) expect(ms).toBeGreaterThanOrEqual(SLOW_MS_MIN);
    expect(unit.middlewareMs).toBeGreaterThanOrEqual(SLOW_MS_MIN);
    const sum = recorded.reduce((total, { ms }) => total + ms, 0);
    expect(unit.middlewareMs).toBeLessThan(sum);
  });

  it('are counted when they refuse, and those behind them are not', async () => {
    const refusal = storage.run(new Unit(0), () => apply([new Refuses(), new Trims()]));
    await expect(refusal).rejects.toThrow('refused');
    expect(namesOf()).toEqual(['Refuses']);
  });

  it('made for each request cost no more than an object each', async () => {
    const dressed = vi.spyOn(Object, 'defineProperties');
    for (let request = 0; request < 3; request += 1) {
      await storage.run(new Unit(0), () => apply([new Trims()]));
    }
    const { length: dressedCount } = dressed.mock.calls;
    dressed.mockRestore();
    expect(dressedCount).toBe(0);
    expect(namesOf()).toEqual(['Trims', 'Trims', 'Trims']);
  });

  it('are called on themselves, with what Nest gives them', async () => {
    const transform = vi.fn(() => 'kept');
    const pipe = { transform };
    expect(await storage.run(new Unit(0), () => apply([pipe]))).toBe('kept');
    expect(transform.mock.contexts[0]).toBe(pipe);
    expect(transform.mock.calls[0]).toEqual([' a ', expect.objectContaining({ type: 'body' })]);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'trim'],
    ['an object that transforms nothing', {}],
    [
      'an object that throws when it is looked at',
      {
        get transform(): never {
          throw new TypeError('hidden');
        },
      },
    ],
  ])('that are %s are Nest’s to refuse', async (_, pipe) => {
    const unit = new Unit(0);
    let refusal: Promise<unknown> | undefined;
    expect(() => {
      refusal = storage.run(unit, () => apply([new Trims(), pipe as object]));
    }).not.toThrow();
    await expect(refusal).rejects.toThrow(TypeError);
  });

  it('without a class have no name', async () => {
    const bare = Object.assign(Object.create(null), { transform: () => 'bare' });
    expect(await storage.run(new Unit(0), () => apply([bare]))).toBe('bare');
    expect(namesOf()).toEqual(['<anonymous>']);
  });
});
