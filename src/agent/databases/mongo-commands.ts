/** The commands of MongoDB that are told apart, by the class of their budget. */

const BY_CLASS: Readonly<Record<string, string>> = {
  simple: 'find getMore count distinct',
  complex: 'aggregate mapReduce',
  write: 'insert update delete findAndModify bulkWrite',
  commit: 'commitTransaction',
  transaction: 'abortTransaction',
  ddl: 'create createIndexes collMod drop dropIndexes dropDatabase renameCollection createSearchIndexes dropSearchIndex updateSearchIndex',
  other:
    'killCursors listCollections listIndexes listDatabases ping explain collStats dbStats serverStatus validate',
};

const CLASSES: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_CLASS).flatMap(([queryClass, names]) =>
    names.split(' ').map((name): [string, string] => [name, queryClass]),
  ),
);
/** Sent by the driver itself to know a server, to be let in, and to leave. */
const OF_DRIVER: ReadonlySet<string> = new Set(
  'hello ismaster isMaster saslStart saslContinue authenticate endSessions'.split(' '),
);

/** Undefined when `name` is none that is known. */
export function classOf(name: string): string | undefined {
  return CLASSES.get(name);
}

export function isOfDriver(name: string): boolean {
  return OF_DRIVER.has(name);
}
