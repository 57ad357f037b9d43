/** A request with whatever headers, the Host and those that `fetch` keeps to itself among them. */
import { request as httpRequest, type RequestOptions } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly bytes: Buffer;
  readonly body: string;
}

export function request(url: string, options: RequestOptions = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, options, (response) => {
      const { statusCode: status, headers } = response;
      buffer(response).then(
        (bytes) => resolve({ status, headers, bytes, body: bytes.toString() }),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end();
  });
}
