/** What switches the beacon on, to be copied: the collector's options, and the tag of the pages. Pure. */

/** Of one's own choice; no secret, for it stands in the pages. */
const KEY = 'shop-web-7c1f';

/**
 * @param origin of this collector
 * @param service whose pages they are; empty where none is chosen
 */
export function beaconLines(origin: string, service: string): string {
  // What a shell would read as more than a name is not put into a line to be copied.
  const name = /^[\w.-]+$/.test(service) ? service : 'shop';
  return [
    `npx tachograph collector --beacon-key ${KEY}=${name} --beacon-origin https://shop.example`,
    `<script async src="${origin}/tachograph.js" data-key="${KEY}"></script>`,
  ].join('\n');
}
