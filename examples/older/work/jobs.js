/** What is done with queues, brokers and schedules, by metric and per request. */
const HANDLED = 'messaging.process.duration';
const SENT = 'messaging.client.operation.duration';
const RUNS = 'tachograph.job.duration';

async function bullmq({ load, env }) {
  const { Queue, Worker } = await load('bullmq');
  const { hostname: host, port, password } = new URL(env.REDIS_URL);
  const connection = { host, port: Number(port), password, maxRetriesPerRequest: null };
  const name = `mail-${process.pid}`;
  const queue = new Queue(name, { connection });
  const worker = new Worker(name, async () => {}, { connection });
  return {
    perRequest: { [HANDLED]: 1, [SENT]: 1 },
    async close() {
      await worker.close();
      await queue.close();
    },
    work: () => queue.add('welcome', { a: 1 }),
  };
}

async function amqplib({ load, whole, env }) {
  const connection = await whole(await load('amqplib')).connect(env.AMQP_URL);
  const channel = await connection.createChannel();
  const confirming = await connection.createConfirmChannel();
  const name = `mail-${process.pid}`;
  await channel.assertQueue(name, { autoDelete: true });
  await channel.consume(name, (message) => channel.ack(message));
  return {
    perRequest: { [HANDLED]: 2, [SENT]: 2 },
    close: () => connection.close(),
    async work() {
      channel.sendToQueue(name, Buffer.from('a'));
      confirming.sendToQueue(name, Buffer.from('b'));
      await confirming.waitForConfirms();
    },
  };
}

async function natsOf(library, { load, env }) {
  const { host, username: user, password: pass } = new URL(env.NATS_URL);
  const connection = await (await load(library)).connect({ servers: host, user, pass });
  const name = `mail-${process.pid}`;
  const nothing = new Uint8Array(1);
  connection.subscribe(`${name}.called`, { callback: () => {} });
  connection.subscribe(`${name}.asked`, { callback: (_, message) => message.respond(nothing) });
  const read = async () => {
    for await (const message of connection.subscribe(`${name}.read`)) void message;
  };
  const reading = read();
  return {
    perRequest: { [HANDLED]: 3, [SENT]: 3 },
    async close() {
      await connection.drain();
      await reading;
    },
    async work() {
      connection.publish(`${name}.called`, nothing);
      connection.publish(`${name}.read`, nothing);
      await connection.request(`${name}.asked`, nothing);
      await connection.flush();
    },
  };
}

/** Their runs are counted as they begin. */
async function nodeCron({ load, whole }) {
  const { schedule } = whole(await load('node-cron'));
  const once = { [RUNS]: 0 };
  const task = schedule('* * * * * *', () => {
    once[RUNS] += 1;
  });
  return { perRequest: {}, once, close: () => task.stop(), work: () => {} };
}

async function croner({ load }) {
  const { Cron } = await load('croner');
  const once = { [RUNS]: 0 };
  const job = new Cron('* * * * * *', () => {
    once[RUNS] += 1;
  });
  return { perRequest: {}, once, close: () => job.stop(), work: () => {} };
}

export const WORK = {
  bullmq,
  amqplib,
  nats: (terms) => natsOf('nats', terms),
  '@nats-io/transport-node': (terms) => natsOf('@nats-io/transport-node', terms),
  'node-cron': nodeCron,
  croner,
};
