/** What the advisor uses of the package `pg`, which has no types of its own. */
declare module 'pg' {
  import type { EventEmitter } from 'node:events';

  export interface ClientConfig {
    connectionString: string;
    application_name?: string;
    options?: string;
    connectionTimeoutMillis?: number;
    query_timeout?: number;
    keepAlive?: boolean;
  }

  export interface QueryConfig {
    text: string;
    values?: readonly unknown[];
    queryMode?: 'extended';
  }

  export class Client extends EventEmitter {
    readonly database: string;
    constructor(config: ClientConfig);
    connect(): Promise<void>;
    query(config: QueryConfig): Promise<{ rows: Record<string, unknown>[] }>;
    end(): Promise<void>;
  }
}
