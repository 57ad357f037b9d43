/**
 * An answer that is not 2xx: `{"error":{"code","message"}}`. The message says what was expected, what
 * came and how to mend it; it never contains bytes of the request.
 */
export interface HttpErrorOptions {
  /** Seconds for the Retry-After header. */
  readonly retryAfterSeconds?: number;
  /** The connection is closed: the rest of the request is not wanted. */
  readonly close?: boolean;
}

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly options: HttpErrorOptions;

  constructor(status: number, code: string, message: string, options: HttpErrorOptions = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.options = options;
  }

  toResponse(): Response {
    const { retryAfterSeconds, close } = this.options;
    const headers = new Headers({ 'content-type': 'application/json' });
    if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
    if (this.status === 401) headers.set('www-authenticate', 'Bearer');
    if (close === true) headers.set('connection', 'close');
    const body = { error: { code: this.code, message: this.message } };
    return new Response(JSON.stringify(body), { status: this.status, headers });
  }
}
