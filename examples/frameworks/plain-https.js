/** A server of node:https alone. KEY_FILE and CERT_FILE are PEM files. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { handle } from './plain-handler.js';

const { KEY_FILE, CERT_FILE, PORT } = process.env;
const tls = { key: readFileSync(KEY_FILE), cert: readFileSync(CERT_FILE) };
const server = createServer(tls, handle).listen(Number(PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
