/**
 * NATS (@nats-io): each message of a subscription is a job, under the subject that was subscribed to: one
 * call of its callback, or one turn of the loop that reads it (./nats-loop.ts). What is published takes the
 * sender's trace along in its headers; a request is timed until its answer. Inboxes, in which answers
 * come, are no queues.
 */
import { OTHER } from '../../shared/metric.js';
import { dressAs } from '../dress-as.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { createRouteNormaliser } from '../route-normaliser.js';
import { derived } from './derived.js';
import { type JobStart, jobsOf } from './jobs.js';
import { watchLoop } from './nats-loop.js';
import { sendsOf } from './sends.js';

const SYSTEM = 'nats';
const INBOX = '_INBOX';
const INBOX_NAME = '(inbox)';

interface Headers extends Iterable<readonly [name: string, values: readonly string[]]> {
  get(name: string): string;
  append(name: string, value: string): void;
  readonly code?: number;
  readonly description?: string;
}
interface Message {
  readonly headers?: Headers;
}
interface Options {
  readonly headers?: Headers;
  readonly callback?: Method;
}
/** A connection has options, and so has its protocol, the same ones. */
interface Optioned {
  readonly options?: { readonly inboxPrefix?: string };
}
interface Subscription {
  readonly subject?: unknown;
  readonly protocol?: Optioned;
}
interface Connection extends Optioned {
  readonly protocol?: {
    readonly info?: { readonly headers?: boolean };
    readonly server?: { readonly hostname?: string };
  };
}
/** The call of `request` that runs now, or ran last. */
interface RunningRequest {
  isRunning: boolean;
  isPublished: boolean;
}
type Loaded = Pick<LoadedModule, 'exports' | 'require'>;

/** For lib/nats.js. */
export function patchNats(loaded: Loaded, host: ProbeHost): void {
  const { NatsConnectionImpl } = loaded.exports as { NatsConnectionImpl?: { prototype?: object } };
  const prototype = NatsConnectionImpl?.prototype;
  const nameOf = createNaming();
  watchCallbacks(prototype, host, nameOf);
  const request: RunningRequest = { isRunning: false, isPublished: false };
  carryTrace(prototype, loaded, host, request);
  replaceMethod(
    prototype,
    'request',
    (original) =>
      function (this: object, ...args): unknown {
        request.isRunning = true;
        request.isPublished = false;
        try {
          return original.apply(this, args);
        } finally {
          request.isRunning = false;
        }
      },
  );
  const destinationOf = ({ self, args }: { self: unknown; args: readonly unknown[] }) =>
    nameOf(args[0], self as Connection);
  const sends = sendsOf(host);
  sends.time(prototype, 'request', {
    system: SYSTEM,
    operation: 'request',
    destinationOf,
    // Once it is published the library listens to its end itself, and nobody need wait for an answer.
    isHandled: () => request.isPublished,
  });
  sends.time(prototype, 'publish', {
    system: SYSTEM,
    operation: 'publish',
    destinationOf,
    // A request publishes, too, within its own call.
    isCall: () => !request.isRunning,
  });
}

/** For lib/queued_iterator.js, by which subscriptions and other things are read. */
export function patchNatsIterator({ exports }: Loaded, host: ProbeHost): void {
  const { QueuedIteratorImpl } = exports as { QueuedIteratorImpl?: { prototype?: object } };
  const nameOf = createNaming();
  replaceMethod(
    QueuedIteratorImpl?.prototype,
    'iterate',
    (original) =>
      function (this: object, ...args): unknown {
        const iterator = original.apply(this, args) as AsyncIterator<unknown>;
        const { subject, protocol = {} } = this as Subscription;
        if (typeof subject === 'string') {
          const queue = nameOf(subject, protocol);
          if (queue !== INBOX_NAME) {
            watchLoop(iterator, host, (message) => startOf(queue, message as Message));
          }
        }
        return iterator;
      },
  );
}

type NameOf = (subject: unknown, connection: Optioned) => string;

function watchCallbacks(prototype: object | undefined, host: ProbeHost, nameOf: NameOf): void {
  const jobs = jobsOf(host);
  replaceMethod(
    prototype,
    'subscribe',
    (original) =>
      function (this: object, ...args): unknown {
        const options = args[1] as Options | undefined;
        const callback = options?.callback;
        const queue = nameOf(args[0], this as Connection);
        if (typeof callback !== 'function' || queue === INBOX_NAME)
          return original.apply(this, args);
        const wrapped: Method = function (this: object, ...given): unknown {
          const [error, message] = given;
          const work = (): unknown => callback.apply(this, given);
          return error ? work() : jobs.call(() => startOf(queue, message as Message), work);
        };
        args[1] = derived(options as Options, {
          callback: dressAs(wrapped as never, callback as never),
        });
        return original.apply(this, args);
      },
  );
}

/** A trace that the application sends along itself stays. Its headers are not written to. */
function carryTrace(
  prototype: object | undefined,
  loaded: Loaded,
  host: ProbeHost,
  request: RunningRequest,
): void {
  const sends = sendsOf(host);
  const { headers: create } = loaded.require('./headers') as {
    headers: (code?: number, description?: string) => Headers;
  };
  replaceMethod(
    prototype,
    'publish',
    (original) =>
      function (this: object, ...args): unknown {
        if (request.isRunning) request.isPublished = true;
        const { info, server } = (this as Connection).protocol ?? {};
        const options = args[2] as Options | undefined;
        sends.carry(info?.headers === true ? server?.hostname : undefined, (trace) => {
          if (options?.headers?.get('traceparent')) return;
          const headers = copyOf(options?.headers, create);
          for (const [name, value] of Object.entries(trace)) headers.append(name, value);
          args[2] = derived(options ?? {}, { headers });
        });
        return original.apply(this, args);
      },
  );
}

function copyOf(
  headers: Headers | undefined,
  create: (code?: number, description?: string) => Headers,
): Headers {
  const copy = create(headers?.code, headers?.description);
  for (const [name, values] of headers ?? []) for (const value of values) copy.append(name, value);
  return copy;
}

function startOf(queue: string, { headers }: Message): JobStart {
  const [traceparent, tracestate] = ['traceparent', 'tracestate'].map((name) => headers?.get(name));
  const sender = traceparent ? { traceparent, ...(tracestate && { tracestate }) } : undefined;
  return { system: SYSTEM, queue, name: '', sender };
}

/** Subjects often hold identifiers, which become placeholders as those of a path do. */
function createNaming(): NameOf {
  const normaliser = createRouteNormaliser(OTHER);
  return (subject, { options }) => {
    const text = typeof subject === 'string' ? subject : '';
    if (text.startsWith(`${options?.inboxPrefix ?? INBOX}.`)) return INBOX_NAME;
    const path = normaliser.normalise(`/${text.replaceAll('.', '/')}`);
    return path === OTHER ? OTHER : path.slice(1).replaceAll('/', '.');
  };
}
