/**
 * What a beacon says of one page view: the JSON body of `POST /v1/beacon`, written by the browser and
 * checked by the collector. Times in milliseconds. Lists are bounded on both sides; what did not fit is
 * in `omitted`. Pure data and no code but the bounds, for both rooms.
 *
 * Paths are templates (path-template.ts) without query and fragment: no identifier leaves the page.
 */

export const BEACON_VERSION = 1;

/** As sent. Browsers keep 64 KiB for all that is sent when pages go away. */
export const BEACON_BYTES_MAX: number = 16 * 1024;
export const BEACON_TEXT_LENGTH_MAX = 200;
export const BEACON_FRAMES_MAX = 50;
export const BEACON_SCRIPTS_MAX = 20;
export const BEACON_CALLS_MAX = 40;
export const BEACON_INTERACTIONS_MAX = 100;
export const BEACON_PACES_MAX = 60;

export const VITALS = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB', 'FID', 'load'] as const;
export type Vital = (typeof VITALS)[number];

export const NAVIGATION_TYPES = [
  'navigate',
  'reload',
  'back-forward',
  'back-forward-cache',
  'prerender',
  'restore',
  'soft-navigation',
] as const;
export type NavigationType = (typeof NAVIGATION_TYPES)[number];

export const DEVICES = ['desktop', 'mobile', 'tablet'] as const;
export type Device = (typeof DEVICES)[number];

/** `effectiveType` of the Network Information API; only some browsers know it. */
export const CONNECTIONS = ['unknown', 'slow-2g', '2g', '3g', '4g'] as const;
export type Connection = (typeof CONNECTIONS)[number];

export const RESOURCE_TYPES = [
  'document',
  'script',
  'stylesheet',
  'image',
  'font',
  'media',
  'ajax',
  'other',
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

export const INTERACTION_TYPES = ['pointer', 'keyboard'] as const;
export type InteractionType = (typeof INTERACTION_TYPES)[number];

/** A frame of more than 50 ms. */
export type LongFrame = [duration: number, script: number, styleAndLayout: number];
export type ScriptCall = [url: string, functionName: string, duration: number];
/** As a status: there may have been an answer, of which the browser tells nothing. */
export const STATUS_UNTOLD = 1;
/** `status` is 0 without an answer; trace and route are empty where the server does not tell. */
export type AjaxCall = [
  method: string,
  path: string,
  status: number,
  duration: number,
  trace: string,
  route: string,
];
export type Interaction = [type: InteractionType, duration: number];
/** How many frames in a row, and with how long between two. */
export type Pace = [count: number, duration: number];
export type ResourceSum = [
  type: ResourceType,
  count: number,
  transferred: number,
  decoded: number,
  disclosed: number,
  cached: number,
  compressed: number,
  oversized: number,
];

export interface BeaconView {
  version: typeof BEACON_VERSION;
  type: NavigationType;
  /** Told before: this is what came after, without vitals. */
  isMore: boolean;
  path: string;
  /** Of the request that made the page, by its Server-Timing; empty when there was none. */
  trace: string;
  route: string;
  device: Device;
  connection: Connection;
  vitals: Partial<Record<Vital, number>>;
  /** Elements that the vital is about, as CSS selectors without digits. */
  targets: Partial<Record<Vital, string>>;
  frames: LongFrame[];
  scripts: ScriptCall[];
  paces: Pace[];
  calls: AjaxCall[];
  interactions: Interaction[];
  /** Interactions of less than 16 ms, of which the browser tells the number only. */
  quickInteractions: number;
  resources: ResourceSum[];
  errors: number;
  omitted: number;
}
