/**
 * RabbitMQ for tests: an own node in an own folder on own loopback ports, one scheduler thread, no plugins.
 * Starting takes 5 s of CPU; stopping 2 s. Erlang's port mapper would stay behind as a daemon, so the node
 * gets one of its own that ends with it.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOfProgram, freePort } from './machine.js';
import { startOwned } from './start-owned.js';

/** Those in PATH change the user; these do not. */
const DEBIAN_FOLDER = '/usr/lib/rabbitmq/bin';
const RELEASES = '/usr/lib/rabbitmq/lib';

/** @type {import('../services.js').Service} */
export const rabbitmq = {
  title: 'RabbitMQ',
  urlVariable: 'TACHOGRAPH_TEST_RABBITMQ_URL',
  debianPackage: 'rabbitmq-server',

  find() {
    const folder = folderOfProgram('rabbitmq-server', [DEBIAN_FOLDER]);
    if (folder !== DEBIAN_FOLDER) return undefined;
    const release = readdirSync(RELEASES).find((name) => name.startsWith('rabbitmq_server-'));
    return { folder, version: release?.split('-')[1] ?? 'unknown' };
  },

  versionAt() {
    return 'unknown';
  },

  start({ folder: programs, dir }) {
    const { title } = this;
    const own = { title, name: 'rabbitmq', users: ['rabbitmq'], programs, dir };
    return startOwned(own, async ({ folder, port }) => {
      const ports = [port, await freePort(), await freePort()];
      const name = `tacho_${randomBytes(6).toString('hex')}`;
      const password = randomBytes(12).toString('hex');
      const settings = `default_user = ${name}\ndefault_pass = ${password}\n`;
      writeFileSync(join(folder, 'rabbitmq.conf'), settings, { mode: 0o644 });
      writeFileSync(join(folder, 'plugins'), '[].\n', { mode: 0o644 });
      return {
        command: '/bin/sh',
        args: ['-c', RUN, 'rabbitmq', programs, folder, ...ports.map(String)],
        url: `amqp://${name}:${password}@127.0.0.1:${port}`,
        isReady: ({ log }) => log().includes('Server startup complete'),
      };
    });
  },
};

/** $1 folder of the programs, $2 of the data, $3 port, $4 of other nodes, $5 of the port mapper. */
const RUN = `
umask 077
export HOME="$2" RABBITMQ_BASE="$2" RABBITMQ_MNESIA_BASE="$2/data" RABBITMQ_LOG_BASE="$2" RABBITMQ_LOGS=-
export RABBITMQ_CONFIG_FILE="$2/rabbitmq" RABBITMQ_ENABLED_PLUGINS_FILE="$2/plugins"
export RABBITMQ_CONF_ENV_FILE="$2/none" RABBITMQ_PID_FILE="$2/pid"
export RABBITMQ_NODENAME="tachograph-$3@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
export RABBITMQ_NODE_PORT="$3" RABBITMQ_DIST_PORT="$4" ERL_EPMD_PORT="$5" ERL_EPMD_ADDRESS=127.0.0.1
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 1:1 +sbwt none'
epmd -port "$5" -address 127.0.0.1 &
mapper=$!
trap 'kill -s TERM "$server"' TERM
"$1/rabbitmq-server" &
server=$!
while kill -0 "$server" 2>/dev/null; do wait "$server"; done
kill "$mapper"
`;
