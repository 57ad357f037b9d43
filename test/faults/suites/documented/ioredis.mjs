/** What the documentation of ioredis says it does (https://github.com/redis/ioredis). Run with the agent and without. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Command, Redis, ReplyError } from 'ioredis';

const keyPrefix = `documented-${process.pid}:`;
const redis = new Redis(process.env.SUITE_URL, { keyPrefix });
// The agent's worker is there by then.
after(() => sleep(3000));
after(() => redis.quit());

test('a promise of the reply, or a callback', async () => {
  assert.equal(await redis.set('a', '1'), 'OK');
  assert.equal(await redis.get('a'), '1');
  const args = await new Promise((resolve) => redis.get('a', (...given) => resolve(given)));
  assert.deepEqual(args, [null, '1']);
});

test('what is not there is null', async () => {
  assert.equal(await redis.get('missing'), null);
  assert.deepEqual(await redis.mget('a', 'missing'), ['1', null]);
});

test('a hash is an object, and so may be what it is set by', async () => {
  await redis.hset('h', { x: 1, y: 2 });
  assert.deepEqual({ ...(await redis.hgetall('h')) }, { x: '1', y: '2' });
});

test('bytes stay bytes', async () => {
  await redis.set('bytes', Buffer.from([0, 255]));
  assert.deepEqual(await redis.getBuffer('bytes'), Buffer.from([0, 255]));
});

test('a pipeline gives each command its error and its reply', async () => {
  const results = await redis.pipeline().set('b', 'x').incr('b').get('b').exec();
  assert.deepEqual(
    [results[0], results[2]],
    [
      [null, 'OK'],
      [null, 'x'],
    ],
  );
  assert.ok(results[1][0] instanceof ReplyError);
  assert.equal(redis.pipeline([['get', 'b']]).length, 1);
});

test('a callback within a pipeline', async () => {
  const seen = [];
  await redis
    .pipeline()
    .get('b', (error, reply) => seen.push(error, reply))
    .exec();
  assert.deepEqual(seen, [null, 'x']);
});

test('a transaction gives its replies, and what it was queued as', async () => {
  assert.deepEqual(await redis.multi().set('c', '1').incr('c').exec(), [
    [null, 'OK'],
    [null, 2],
  ]);
  await redis.multi({ pipeline: false });
  assert.equal(await redis.set('c', '5'), 'QUEUED');
  assert.deepEqual(await redis.exec(), [[null, 'OK']]);
});

test('a transaction whose key another wrote is null', async () => {
  const other = redis.duplicate();
  await redis.watch('c');
  await other.set('c', '9');
  assert.equal(await redis.multi().set('c', '1').exec(), null);
  await other.quit();
});

test('an error has the command that it is of', async () => {
  await redis.set('text', 'x');
  await assert.rejects(redis.lpush('text', '1'), (error) => {
    assert.ok(error instanceof ReplyError);
    assert.match(error.message, /^WRONGTYPE/);
    assert.equal(error.command.name, 'lpush');
    return true;
  });
});

test('an error that nobody handles ends the process', async () => {
  const { code, stderr } = await endOf(
    `import { Redis } from 'ioredis'; const redis = new Redis(process.env.SUITE_URL); redis.call('NOBODY');`,
  );
  assert.equal(code, 1);
  assert.match(stderr, /ERR unknown command/);
});

test('a script becomes a command', async () => {
  redis.defineCommand('double', { numberOfKeys: 1, lua: "return redis.call('get', KEYS[1]) * 2" });
  await redis.set('n', 21);
  assert.equal(await redis.double('n'), 42);
  assert.deepEqual(await redis.pipeline().double('n').exec(), [[null, 42]]);
});

test('who subscribes hears what is published', async () => {
  const subscriber = redis.duplicate();
  await subscriber.subscribe('news');
  const heard = once(subscriber, 'message');
  await redis.publish('news', 'hello');
  assert.deepEqual((await heard)[1], 'hello');
  await subscriber.quit();
});

test('keys as a stream', async () => {
  const own = redis.duplicate({ keyPrefix: '' });
  const found = [];
  for await (const keys of own.scanStream({ match: `${keyPrefix}*` })) found.push(...keys);
  assert.ok(found.includes(`${keyPrefix}a`));
  await own.quit();
});

test('commands of one turn may be sent as one', async () => {
  const own = redis.duplicate({ enableAutoPipelining: true });
  assert.deepEqual(await Promise.all([own.get('a'), own.set('d', '1'), own.get('d')]), [
    '1',
    'OK',
    '1',
  ]);
  await own.quit();
});

test('a command of its own, and one by its name', async () => {
  assert.equal(await redis.sendCommand(new Command('echo', ['x'], { replyEncoding: 'utf8' })), 'x');
  assert.equal(await redis.call('ECHO', 'y'), 'y');
});

test('a connection that was ended refuses', async () => {
  const own = redis.duplicate();
  await own.ping();
  const ended = once(own, 'end');
  own.disconnect();
  await ended;
  await assert.rejects(own.get('a'), /Connection is closed/);
});

/** How a process ends whose rejected query nobody handles: by the error. */
async function endOf(code) {
  const options = ['--input-type=module', '--eval', code];
  const ended = await promisify(execFile)(process.execPath, options).catch((error) => error);
  return { code: ended.code, stderr: ended.stderr };
}
