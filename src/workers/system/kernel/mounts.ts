/** The mount table of the process, from the text of /proc/self/mountinfo (proc_pid_mountinfo(5)). */

export interface Mount {
  /** major:minor. */
  readonly device: string;
  /** The folder of the file system that is mounted here: '/' unless a part of it is. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** Some 1,500 mounts: a node full of containers. Later ones are not looked at. */
export const MOUNTINFO_BYTES_MAX: number = 256 * 1024;

const OPTIONAL_FIELDS_AT = 6;

/** Lines that are not of the format are passed over. */
export function parseMounts(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const [, , device, root, mountPoint] = fields;
    // Optional fields, of any number, end with a single dash.
    const dash = fields.indexOf('-', OPTIONAL_FIELDS_AT);
    const type = fields[dash + 1];
    const source = fields[dash + 2];
    if (dash === -1 || !device || !root || !mountPoint || !type || source === undefined) continue;
    mounts.push({
      device,
      root: unescapeOctal(root),
      mountPoint: unescapeOctal(mountPoint),
      type,
      source: unescapeOctal(source),
      superOptions: fields[dash + 3]?.split(',') ?? [],
    });
  }
  return mounts;
}

/** Blank, tab, newline and backslash stand as \040, \011, \012 and \134. */
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
