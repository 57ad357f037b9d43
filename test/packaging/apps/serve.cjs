/**
 * What each application of the packaging tests does: serves some requests that it makes itself, then
 * lives until the agent has written something about this process (or, told not to wait, ends).
 */
const { existsSync, readFileSync } = require('node:fs');
const http = require('node:http');

const POLL_MS = 25;

/** @param {number} requests */
async function serve(requests) {
  const server = http.createServer((_, response) => response.end('ok'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = server.address();
  for (let i = 0; i < requests; i++) await get(port);
  await new Promise((resolve) => server.close(resolve));
}

/** @param {number} port */
function get(port) {
  return new Promise((resolve, reject) => {
    const call = http.get({ port, host: '127.0.0.1', path: '/hello', agent: false }, (response) => {
      response.resume().on('end', resolve);
    });
    call.on('error', reject);
  });
}

/** Until the file of the agent tells of this process; at once when there is to be no agent. */
async function untilRecorded() {
  const file = process.env.TACHOGRAPH_TEST_FILE;
  if (file === undefined) return;
  const mark = `"process.pid":"${process.pid}"`;
  while (!existsSync(file) || !readFileSync(file, 'utf8').includes(mark)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

module.exports = { serve, untilRecorded };
