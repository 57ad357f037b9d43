/**
 * What kafkajs sends: `send`, `sendBatch` and those of transactions end in one function, which is timed
 * until the brokers have answered; several topics at once have no destination. Messages take their
 * sender's trace along in their headers; those of the application are copied, never written to.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { derived } from './derived.js';
import { sendsOf, type TraceHeaders } from './sends.js';

interface Message {
  readonly headers?: Readonly<Record<string, unknown>>;
}
interface TopicMessages {
  readonly topic?: unknown;
  readonly messages: readonly Message[];
}
interface Request {
  readonly topicMessages: readonly TopicMessages[];
}
interface Cluster {
  readonly brokerPool?: {
    readonly seedBroker?: { readonly connectionPool?: { readonly host?: unknown } };
  };
}
/** Has what it makes as a method, so that it is replaced as others are. */
interface Holder {
  send: Method;
}

/** For src/producer/sendMessages.js, which exports what makes the function. */
export function patchKafkaSender(loaded: LoadedModule, host: ProbeHost): void {
  const sends = sendsOf(host);
  const destinationOf = ({ args }: { readonly args: readonly unknown[] }) => {
    const { topicMessages } = args[0] as Request;
    return topicMessages.length === 1 ? String(topicMessages[0]!.topic) : '';
  };
  replaceMethod(
    loaded,
    'exports',
    (create) =>
      function (this: object, ...args): unknown {
        const { cluster } = args[0] as { cluster?: Cluster };
        const holder: Holder = { send: create.apply(this, args) as Method };
        replaceMethod(
          holder,
          'send',
          (send) =>
            function (this: object, ...given): unknown {
              const broker = cluster?.brokerPool?.seedBroker?.connectionPool?.host;
              sends.carry(broker, (trace) => {
                given[0] = withTrace(given[0] as Request, trace);
              });
              return send.apply(this, given);
            },
        );
        sends.time(holder, 'send', { system: 'kafka', operation: 'send', destinationOf });
        return holder.send;
      },
  );
}

function withTrace(request: Request, trace: TraceHeaders): Request {
  const topicMessages = request.topicMessages.map((ofTopic) =>
    derived(ofTopic, {
      messages: ofTopic.messages.map((message) =>
        message.headers?.traceparent === undefined
          ? derived(message, { headers: { ...trace, ...message.headers } })
          : message,
      ),
    }),
  );
  return derived(request, { topicMessages });
}
