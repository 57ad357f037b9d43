/**
 * amqplib: each message that a consumer is given is a job; what is published is timed, a confirm channel
 * until the broker has answered. Messages carry the trace of who sent them in their headers. What
 * `channel.get` fetches is handled by code that nobody knows.
 */
import { dressAs } from '../dress-as.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { Deliveries, type Refusal } from './amqplib-deliveries.js';
import { derived } from './derived.js';
import { type JobStart, jobsOf } from './jobs.js';
import { sendsOf } from './sends.js';

const SYSTEM = 'rabbitmq';
/** Queues that the broker names: one for each of its clients. */
const ANONYMOUS = '(anonymous)';
/** Seconds since 1970 are smaller for the next thousand years. */
const MS_MIN = 1e11;

interface Message {
  readonly fields: { readonly deliveryTag: number; readonly redelivered?: boolean };
  readonly properties: {
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly timestamp?: unknown;
  };
}
interface Options {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly noAck?: boolean;
}
interface Broker {
  readonly connection?: { readonly stream?: { readonly remoteAddress?: string } };
}
type Exports = Readonly<Record<string, { prototype?: object } | undefined>>;

/** For lib/channel_model.js and lib/callback_model.js. */
export function patchAmqplib({ exports }: LoadedModule, host: ProbeHost): void {
  const { Channel, ConfirmChannel } = exports as Exports;
  watchConsume(Channel?.prototype, host);
  watchAnswers(Channel?.prototype, Deliveries.of(host));
  carryTrace(Channel?.prototype, host);
  const destinationOf = ({ args }: { readonly args: readonly unknown[] }) =>
    queueName(args[0] || args[1]);
  const sending = { system: SYSTEM, operation: 'publish', destinationOf };
  const confirming = ConfirmChannel?.prototype;
  sendsOf(host).time(Channel?.prototype, 'publish', {
    ...sending,
    isCall: (self) => !(confirming !== undefined && isOf(confirming, self)),
  });
  sendsOf(host).time(confirming, 'publish', { ...sending, takesCallback: true });
}

/** For lib/channel.js: what is open when a channel closes is delivered again. */
export function patchAmqplibClose({ exports }: LoadedModule, host: ProbeHost): void {
  const deliveries = Deliveries.of(host);
  replaceMethod(
    (exports as Exports).Channel?.prototype,
    'toClosed',
    (original) =>
      function (this: object, ...args): unknown {
        deliveries.close(this);
        return original.apply(this, args);
      },
  );
}

function watchConsume(prototype: object | undefined, host: ProbeHost): void {
  const jobs = jobsOf(host);
  const deliveries = Deliveries.of(host);
  replaceMethod(
    prototype,
    'consume',
    (original) =>
      function (this: object, ...args): unknown {
        const [queue, callback, options] = args;
        if (typeof callback !== 'function') return original.apply(this, args);
        const isAnswered = (options as Options | undefined)?.noAck === true;
        const consume: Method = (...given) => {
          const message = given[0] as Message | null;
          const work = (): unknown => callback(...given);
          // Without a message it was cancelled.
          const call = message ? jobs.begin(() => startOf(queue, message)) : undefined;
          if (call === undefined) return work();
          const tag = isAnswered ? undefined : message!.fields.deliveryTag;
          return deliveries.handle(this, tag, call, work);
        };
        args[1] = dressAs(consume as never, callback as never);
        return original.apply(this, args);
      },
  );
}

function watchAnswers(prototype: object | undefined, deliveries: Deliveries): void {
  const watch = (name: string, refusal: Refusal | undefined, isOfAll: boolean): void => {
    replaceMethod(
      prototype,
      name,
      (original) =>
        function (this: object, ...args): unknown {
          const result = original.apply(this, args);
          const tag = (args[0] as Message | undefined)?.fields?.deliveryTag;
          // `reject` has no word for several.
          const isUpTo = isOfAll || (name !== 'reject' && args[1] === true);
          deliveries.answer(this, isOfAll ? Number.POSITIVE_INFINITY : tag, isUpTo, refusal);
          return result;
        },
    );
  };
  watch('ack', undefined, false);
  watch('ackAll', undefined, true);
  watch('nack', { name: 'nack' }, false);
  watch('nackAll', { name: 'nack' }, true);
  watch('reject', { name: 'reject' }, false);
}

/** A trace that the application sends along itself stays. Its options are not written to. */
function carryTrace(prototype: object | undefined, host: ProbeHost): void {
  const sends = sendsOf(host);
  replaceMethod(
    prototype,
    'publish',
    (original) =>
      function (this: object, ...args): unknown {
        const options = args[3] as Options | undefined;
        sends.carry((this as Broker).connection?.stream?.remoteAddress, (trace) => {
          if (options?.headers?.traceparent !== undefined) return;
          args[3] = derived(options ?? {}, { headers: { ...allOf(options?.headers), ...trace } });
        });
        return original.apply(this, args);
      },
  );
}

function startOf(queue: unknown, { fields, properties }: Message): JobStart {
  const { headers, timestamp } = properties;
  // The protocol has seconds there, which say nothing of a wait; many senders write ms.
  const isMs = typeof timestamp === 'number' && timestamp > MS_MIN;
  return {
    system: SYSTEM,
    queue: queueName(queue),
    name: '',
    waitMs: isMs ? Date.now() - timestamp : undefined,
    isRetry: fields.redelivered === true,
    sender: senderIn(headers),
  };
}

/** The library's codec writes what is inherited, too. */
function allOf(headers: Options['headers']): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const name in headers) all[name] = headers[name];
  return all;
}

/** Headers may be anything, also tables. */
function senderIn(headers: Options['headers']): JobStart['sender'] {
  const { traceparent, tracestate } = headers ?? {};
  if (typeof traceparent !== 'string') return undefined;
  return typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent };
}

function queueName(name: unknown): string {
  const text = typeof name === 'string' ? name : '';
  return text === '' || text.startsWith('amq.') ? ANONYMOUS : text;
}

function isOf(prototype: object, value: unknown): boolean {
  return Object.prototype.isPrototypeOf.call(prototype, value as object);
}
