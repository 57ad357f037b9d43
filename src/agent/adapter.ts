/**
 * What an adapter is: one row per place where one library is observed. Four ways, the cheapest that a
 * library allows: its own channel, a patch of a CommonJS file after it has run, a patch of an ES
 * module's exports, a patch of a module of Node.js itself. No source is rewritten.
 */
import type { LoadedModule } from './module-hooks.js';
import type { ProbeHost } from './probe.js';

interface Row {
  /** As people name it, with the versions it is for when there are several rows. */
  readonly library: string;
  /** Versions that the suite runs, or a matrix below examples/ (test/examples/older-matrix.test.ts holds it). */
  readonly tested: string;
  /** The probe it is a part of, as TACHOGRAPH_PROBES names it. */
  readonly probe: string;
}

/** The library publishes what we need. */
export interface ChannelAdapter extends Row {
  readonly tier: 'channel';
  readonly channel: string;
  readonly subscriber: (host: ProbeHost) => (message: never) => void;
}

/** A CommonJS file whose exports are patched after it has run. */
export interface AfterHookAdapter extends Row {
  readonly tier: 'after-hook';
  /** End of the file's path. */
  readonly file: string;
  /** Returns true when it makes the channel that it `supersedes` needless. */
  readonly patch: (loaded: LoadedModule, host: ProbeHost) => unknown;
  /** A channel that tells the same at a higher price; it is for applications bundled into one file. */
  readonly supersedes?: string;
}

/** ES modules whose exports are patched in place. */
export interface EsmAdapter extends Row {
  readonly tier: 'esm';
  readonly packageName: string;
  readonly files: readonly string[];
  /** May return what takes the place of `rebinds`, by name. */
  readonly patch: (exports: object, host: ProbeHost) => unknown;
  /**
   * Names that the files declare by `function` or `var`, to be given another value. Only where loading
   * can be hooked: elsewhere what a module exports cannot be replaced, and it is not loaded ahead.
   */
  readonly rebinds?: readonly string[];
  /**
   * For names that are functions which the file exports by value: they are rebound before its own first
   * statement, and `patch` is given them alone.
   */
  readonly isEarly?: boolean;
  /**
   * Without hooks the files are left alone: they need what the application loads before them, or would
   * mostly be loaded for nothing.
   */
  readonly neverAhead?: boolean;
}

/** A module of Node.js that only some applications load. */
export interface BuiltinAdapter extends Row {
  readonly tier: 'builtin';
  /** With its scheme. */
  readonly module: string;
  readonly patch: (exports: object, host: ProbeHost) => unknown;
}

export type Adapter = ChannelAdapter | AfterHookAdapter | EsmAdapter | BuiltinAdapter;
