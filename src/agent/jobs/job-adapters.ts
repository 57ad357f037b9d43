/** Queues, brokers and schedules: what handles messages and jobs, and what sends them. */
import type { Adapter } from '../adapter.js';
import { patchAmqplib, patchAmqplibClose } from './amqplib.js';
import { patchBullQueue, patchBullWorker } from './bullmq.js';
import { patchCroner, patchCronerExports } from './croner.js';
import { patchKafkaRunner } from './kafkajs.js';
import { patchKafkaSender } from './kafkajs-producer.js';
import { patchNats, patchNatsIterator } from './nats.js';
import { patchNodeCron, patchNodeCronExports } from './node-cron.js';

const JOBS = { probe: 'jobs' } as const;
const AFTER_HOOK = { ...JOBS, tier: 'after-hook' } as const;
const ESM = { ...JOBS, tier: 'esm' } as const;
const BULLMQ = {
  ...AFTER_HOOK,
  library: 'bullmq',
  tested: 'bullmq 1.91, 3.0, 4.0, 5.0, 6.0, 6.7',
} as const;
const AMQPLIB = {
  ...AFTER_HOOK,
  library: 'amqplib',
  tested: 'amqplib 0.8, 0.10, 1.0, 2.3',
} as const;
const KAFKAJS = { ...AFTER_HOOK, library: 'kafkajs', tested: 'kafkajs 2.2' } as const;
const NATS = {
  ...AFTER_HOOK,
  library: '@nats-io, nats',
  tested: '@nats-io/nats-core 3.0, 3.4, nats 2.6, 2.29',
} as const;
const NODE_CRON = { library: 'node-cron', tested: 'node-cron 4.0, 4.2, 4.5, 4.6' } as const;
/** Before 4.3; CommonJS, whatever they are called. */
const NODE_CRON_TASKS = ['dist', 'dist/cjs', 'dist/esm'] as const;
const CRONER = { library: 'croner', tested: 'croner 9.0, 10.0, 11.0' } as const;

export const JOB_ADAPTERS: readonly Adapter[] = [
  { ...BULLMQ, file: 'bullmq/dist/cjs/classes/worker.js', patch: patchBullWorker },
  { ...BULLMQ, file: 'bullmq/dist/cjs/classes/queue.js', patch: patchBullQueue },
  { ...AMQPLIB, file: 'amqplib/lib/channel.js', patch: patchAmqplibClose },
  { ...AMQPLIB, file: 'amqplib/lib/channel_model.js', patch: patchAmqplib },
  { ...AMQPLIB, file: 'amqplib/lib/callback_model.js', patch: patchAmqplib },
  { ...KAFKAJS, file: 'kafkajs/src/consumer/runner.js', patch: patchKafkaRunner },
  { ...KAFKAJS, file: 'kafkajs/src/producer/sendMessages.js', patch: patchKafkaSender },
  { ...NATS, file: '@nats-io/nats-core/lib/nats.js', patch: patchNats },
  { ...NATS, file: '@nats-io/nats-core/lib/queued_iterator.js', patch: patchNatsIterator },
  { ...NATS, file: 'nats/lib/nats-base-client/nats.js', patch: patchNats },
  { ...NATS, file: 'nats/lib/nats-base-client/queued_iterator.js', patch: patchNatsIterator },
  { ...AFTER_HOOK, ...NODE_CRON, file: 'node-cron/dist/_shared.cjs', patch: patchNodeCron },
  ...NODE_CRON_TASKS.map(
    (folder): Adapter => ({
      ...AFTER_HOOK,
      ...NODE_CRON,
      file: `node-cron/${folder}/tasks/inline-scheduled-task.js`,
      patch: patchNodeCron,
    }),
  ),
  {
    ...ESM,
    ...NODE_CRON,
    packageName: 'node-cron',
    files: ['dist/_shared.js'],
    patch: patchNodeCronExports,
  },
  { ...AFTER_HOOK, ...CRONER, file: 'croner/dist/croner.cjs', patch: patchCroner },
  {
    ...ESM,
    ...CRONER,
    packageName: 'croner',
    files: ['dist/croner.js'],
    patch: patchCronerExports,
  },
];
