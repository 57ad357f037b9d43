/** Who sends for a process, on its resource: the collector for browsers; absent for agents. Pure data, small enough for a page. */

export const SOURCE_ATTRIBUTE = 'tachograph.source';
export const SOURCE_BEACON = 'beacon';
