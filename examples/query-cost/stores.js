/** The stores beside databases that check.js tries, as ../databases/versions.js has drivers. */
const store = (version, packages) => [
  { version, packages, databases: ['redis'], nodeMajorMin: 20, folder: 'stores' },
];

export const STORES = {
  ioredis: store('6.0.0', { ioredis: '6.0.0' }),
  redis: store('6.3.1', { redis: '6.3.1' }),
};
