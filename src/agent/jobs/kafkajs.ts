/**
 * kafkajs: each message of `eachMessage`, and each batch of `eachBatch`, is a job, under its topic.
 * A message that fails is given again with nothing that says so, so retries are not known. What is sent is
 * in ./kafkajs-producer.ts.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { dressAs } from '../dress-as.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { type JobStart, jobsOf } from './jobs.js';

const SYSTEM = 'kafka';

interface Message {
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Unix ms, as text. */
  readonly timestamp?: unknown;
}
interface Payload {
  readonly topic?: unknown;
  readonly message?: Message;
  readonly batch?: { readonly topic?: unknown; readonly messages?: readonly Message[] };
}
type Runner = Record<'eachMessage' | 'eachBatch', unknown>;

/** For src/consumer/runner.js. */
export function patchKafkaRunner({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = exports as { prototype?: object };
  const jobs = jobsOf(host);
  const watched = new WeakSet<object>();
  const watch = (runner: Runner, name: keyof Runner, startOf: (payload: Payload) => JobStart) => {
    const handler = runner[name] as Method | undefined;
    if (typeof handler !== 'function' || watched.has(handler)) return;
    const wrapped: Method = function (this: object, ...args): unknown {
      return jobs.run(
        () => startOf(args[0] as Payload),
        () => handler.apply(this, args),
      );
    };
    runner[name] = dressAs(wrapped as never, handler as never);
    watched.add(runner[name] as object);
  };
  replaceMethod(
    prototype,
    'start',
    (original) =>
      function (this: object, ...args): unknown {
        watch(this as Runner, 'eachMessage', startOfMessage);
        watch(this as Runner, 'eachBatch', startOfBatch);
        return original.apply(this, args);
      },
  );
}

function startOfMessage({ topic, message }: Payload): JobStart {
  const sender = headersOf(message);
  return { system: SYSTEM, queue: String(topic ?? ''), name: '', waitMs: waitOf(message), sender };
}

/** A batch is of many senders; its wait is that of its oldest message. */
function startOfBatch({ batch }: Payload): JobStart {
  const waitMs = waitOf(batch?.messages?.[0]);
  return { system: SYSTEM, queue: String(batch?.topic ?? ''), name: '', waitMs };
}

function waitOf(message: Message | undefined): number | undefined {
  const sentMs = Number(message?.timestamp);
  return sentMs > 0 ? Date.now() - sentMs : undefined;
}

/** They come as bytes. */
function headersOf(message: Message | undefined): IncomingHttpHeaders {
  const { traceparent, tracestate } = message?.headers ?? {};
  return {
    ...(traceparent !== undefined && { traceparent: String(traceparent) }),
    ...(tracestate !== undefined && { tracestate: String(tracestate) }),
  };
}
