/** Real requests over loopback: keep-alive HTTP/1 and HTTPS, HTTP/2 streams, and a pipeline. */
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { connect } from 'node:net';

/** Connections a client keeps. */
const SOCKETS_MAX = 4;

/** Opens a client: `send(method, path, options)` resolves with the status, 0 when it gave up. */
export function openClient(kind, port) {
  return kind === 'http2' ? http2Client(port) : http1Client(kind === 'https' ? https : http, port);
}

function http1Client(library, port) {
  const agent = new library.Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  // The examples' certificate is made for the test.
  const base = { host: '127.0.0.1', port, agent, rejectUnauthorized: false };
  return {
    send: (method, path, { headers = {}, body, abort } = {}) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
        const request = library.request(
          { ...base, method, path, headers: { ...headers, ...length } },
          (response) => {
            if (abort) {
              request.destroy();
              resolve(0);
              return;
            }
            response.resume().on('end', () => resolve(response.statusCode));
          },
        );
        request.on('error', (error) => (abort ? resolve(0) : reject(error)));
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

function http2Client(port) {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  return {
    send: (method, path, { headers = {}, body, abort } = {}) =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ':method': method, ':path': path, ...headers });
        let status = 0;
        stream.on('response', (head) => {
          status = head[':status'];
          if (abort) stream.close(http2.constants.NGHTTP2_CANCEL);
        });
        stream.on('error', reject).on('close', () => resolve(abort ? 0 : status));
        stream.resume().end(body);
      }),
    close: () => session.close(),
  };
}

/** Writes all requests at once on one connection; resolves when as many responses have come. */
export function pipeline(port, paths) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('error', reject).on('data', (chunk) => {
      text += chunk;
      if (text.split('HTTP/1.1 ').length - 1 < paths.length) return;
      socket.destroy();
      resolve();
    });
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  });
}
