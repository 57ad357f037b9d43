/**
 * The event that tells what blocked a main thread: the names that agent, collector and documents have
 * in common. Names of OpenTelemetry where it has one; durations in seconds. docs/reference/wire-format.md
 * says what each means.
 */
export const STALL_EVENT = 'nodejs.eventloop.stall';

/** The same in all reports of one block of a process; absent in what is told of several. */
export const STALL_ID: string = `${STALL_EVENT}.id`;
/** `ongoing` or `ended`. */
export const STALL_STATE: string = `${STALL_EVENT}.state`;
export const STALL_DURATION: string = `${STALL_EVENT}.duration`;
/** Of several blocks that were not looked into: how many, and the longest. */
export const STALL_COUNT: string = `${STALL_EVENT}.count`;
export const STALL_DURATION_MAX: string = `${STALL_EVENT}.duration.max`;
/** `true` when the place is where a native call was heard of again. */
export const STALL_APPROXIMATE: string = `${STALL_EVENT}.approximate`;
/** Time of it that went to garbage collection. */
export const STALL_GC_DURATION: string = `${STALL_EVENT}.gc.duration`;

export const CODE_FUNCTION = 'code.function.name';
export const CODE_FILE = 'code.file.path';
export const CODE_LINE = 'code.line.number';
export const CODE_COLUMN = 'code.column.number';
export const CODE_STACK = 'code.stacktrace';
