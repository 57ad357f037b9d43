/**
 * Documents in memory, and the commands of MongoDB on them as far as tests send them: filters and updates
 * are of equality, `$set` and `$inc`. Throws what a server would answer.
 */
import { type Document, Long } from 'mongodb';

export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;

  constructor(code: number, codeName: string) {
    super(codeName);
    this.code = code;
    this.codeName = codeName;
  }
}

const BATCH = 101;

export class Documents {
  readonly #collections = new Map<string, Document[]>();
  readonly #cursors = new Map<string, Document[]>();
  #lastCursor = 0;

  /** What a server answers to `command`, whose name is `name`, besides `ok`. */
  answer(name: string, command: Document): Document {
    const handlers: Record<string, (command: Document) => Document> = {
      insert: (given) => this.#insert(given),
      find: (given) => this.#find(given),
      aggregate: (given) => this.#aggregate(given),
      getMore: (given) => this.#getMore(given),
      killCursors: ({ cursors }) => {
        for (const id of cursors as number[]) this.#cursors.delete(String(id));
        return { cursorsKilled: [] };
      },
      count: ({ count, query }) => ({ n: this.#matching(count, query).length }),
      distinct: ({ distinct, key, query }) => ({
        values: [...new Set(this.#matching(distinct, query).map((one) => one[key]))],
      }),
      update: (given) => this.#update(given),
      delete: (given) => this.#delete(given),
      findAndModify: ({ findAndModify, query, update }) => {
        const [found] = this.#matching(findAndModify, query);
        if (found !== undefined) change(found, update);
        return { value: found ?? null, lastErrorObject: { n: found === undefined ? 0 : 1 } };
      },
      createIndexes: () => ({ numIndexesBefore: 1, numIndexesAfter: 2 }),
      drop: ({ drop }) => {
        this.#collections.delete(drop);
        return {};
      },
    };
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : () => ({});
    return handler!(command);
  }

  #of(collection: string): Document[] {
    const known = this.#collections.get(collection) ?? [];
    this.#collections.set(collection, known);
    return known;
  }

  #matching(collection: string, filter: Document = {}): Document[] {
    const entries = Object.entries(filter);
    if (entries.some(([key]) => key.startsWith('$'))) throw new CommandError(2, 'BadValue');
    const isEqual = (a: unknown, b: unknown) => a === b || String(a) === String(b);
    return this.#of(collection).filter((one) => entries.every(([key, v]) => isEqual(one[key], v)));
  }

  #insert({ insert, documents }: Document): Document {
    const writeErrors: Document[] = [];
    for (const [index, one] of (documents as Document[]).entries()) {
      const isThere = this.#matching(insert, { _id: one._id }).length > 0;
      if (isThere) writeErrors.push({ index, code: 11_000, errmsg: `duplicate ${one._id}` });
      else this.#of(insert).push(one);
    }
    const n = (documents as Document[]).length - writeErrors.length;
    return writeErrors.length > 0 ? { n, writeErrors } : { n };
  }

  #find({ find, filter, limit, singleBatch, batchSize, $db }: Document): Document {
    const found = this.#matching(find, filter).slice(0, limit || undefined);
    return this.#cursor(found, `${$db}.${find}`, batchSize, singleBatch === true);
  }

  #aggregate({ aggregate, pipeline, cursor, $db }: Document): Document {
    let found: Document[] = [];
    for (const { $match, $group } of pipeline as Document[]) {
      if ($match !== undefined) found = this.#matching(aggregate, $match);
      if ($group !== undefined) found = found.length === 0 ? [] : [{ _id: 1, n: found.length }];
    }
    return this.#cursor(found, `${$db}.${aggregate}`, cursor?.batchSize, false);
  }

  #cursor(found: Document[], ns: string, size: number | undefined, isOnly: boolean): Document {
    const firstBatch = found.slice(0, size ?? BATCH);
    const rest = isOnly ? [] : found.slice(firstBatch.length);
    return { cursor: { firstBatch, id: this.#keep(rest), ns } };
  }

  #getMore({ getMore, collection, batchSize, $db }: Document): Document {
    const rest = this.#cursors.get(String(getMore));
    if (rest === undefined) throw new CommandError(43, 'CursorNotFound');
    this.#cursors.delete(String(getMore));
    const nextBatch = rest.slice(0, batchSize ?? BATCH);
    const id = this.#keep(rest.slice(nextBatch.length), getMore);
    return { cursor: { nextBatch, id, ns: `${$db}.${collection}` } };
  }

  /** Of a cursor that has more; 0 when it has not. */
  #keep(rest: Document[], known?: number): Long {
    if (rest.length === 0) return Long.ZERO;
    this.#lastCursor += 1;
    const id = Long.fromNumber(known ?? this.#lastCursor);
    this.#cursors.set(String(id), rest);
    return id;
  }

  #update({ update, updates }: Document): Document {
    let n = 0;
    for (const { q, u, multi } of updates as Document[]) {
      const found = this.#matching(update, q).slice(0, multi === true ? undefined : 1);
      for (const one of found) change(one, u);
      n += found.length;
    }
    return { n, nModified: n };
  }

  #delete({ delete: collection, deletes }: Document): Document {
    let n = 0;
    for (const { q, limit } of deletes as Document[]) {
      const gone = new Set(this.#matching(collection, q).slice(0, limit || undefined));
      n += gone.size;
      this.#collections.set(
        collection,
        this.#of(collection).filter((one) => !gone.has(one)),
      );
    }
    return { n };
  }
}

function change(one: Document, { $set = {}, $inc = {} }: Document): void {
  Object.assign(one, $set);
  for (const [key, by] of Object.entries($inc)) one[key] = (one[key] ?? 0) + Number(by);
}
