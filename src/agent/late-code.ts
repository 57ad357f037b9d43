/**
 * Code of the agent that most applications never need: what instruments one library each, and what an
 * option has to ask for. The build keeps it out of the preload, one file a module (scripts/late-code.js),
 * and it is loaded here when it is first called: at once, on any application thread, while modules load.
 * Owns the modules it has loaded, at most as many as the package has files.
 *
 * Neither `require` nor `import` loads them, because the application may have put hooks on both.
 */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { runInThisContext } from 'node:vm';

type Exports = Readonly<Record<string, unknown>>;
/** What a file's script evaluates to; `load` gives what the module imports. */
type Module = (load: (path: string) => unknown) => Exports;

/** The package is not as it was installed. It will not get better by trying again. */
export class LateCodeError extends Error {}

export class LateCode {
  readonly #folder: URL;
  readonly #modules: Map<string, Exports>;

  /** `core`: the modules of the preload that late ones import, by their paths in dist. */
  constructor(folder: URL, core: Readonly<Record<string, Exports>>) {
    this.#folder = folder;
    this.#modules = new Map(Object.entries(core));
  }

  /** The exports of the module whose path in dist is `file`. Throws LateCodeError, and what the module throws. */
  load(file: string): Exports {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const folder = posix.dirname(file);
    const exports = this.#read(file)((path) =>
      path.startsWith('node:')
        ? process.getBuiltinModule(path)
        : this.load(posix.join(folder, path)),
    );
    this.#modules.set(file, exports);
    return exports;
  }

  #read(file: string): Module {
    const { href } = new URL(file, this.#folder);
    try {
      return runInThisContext(readFileSync(new URL(href), 'utf8'), { filename: href }) as Module;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LateCodeError(`a part of the agent cannot be loaded: ${reason}`, { cause });
    }
  }
}
