/**
 * The table of what `tachograph doctor` looks at. A name is never reused for another check: scripts read
 * it in the JSON. Each is explained in docs/reference/doctor.md (a test holds the two together).
 */
export const CHECKS = {
  options: 'Options, configuration file and the certificates of TACHOGRAPH_CA.',
  reach: 'Whether the destination answers: its name, the connection, TLS.',
  ingest: 'Whether it takes batches with the token that is set.',
  clock: 'This machine’s clock against that of the destination.',
  output: 'Whether the file of a file destination can be written.',
  ledger: 'Whether the collector’s ledger can be read.',
  process: 'The ledger of one process: recorded, received, dropped, pending.',
  library: 'An instrumented library, its version, and whether that was tried.',
  uncovered: 'What an application talks to while no instrumented library was met.',
  'spool-folder':
    'Whether the spool’s folder is there, whose it is, and whether it can be written.',
  'spool-disk': 'What kind of disk the spool lies on, and what room it leaves.',
  'spool-waiting': 'Batches that wait, of processes that run and of those that have ended.',
  'spool-unreadable': 'Files of the spool that cannot be read back.',
  'spool-aside': 'Batches that were refused or damaged and are kept for people.',
  'spool-left-over': 'Batches for destinations that TACHOGRAPH_URL does not name any more.',
} as const;

export type CheckName = keyof typeof CHECKS;
