import { expect, it } from 'vitest';
import { beaconLines } from '../../../../src/browser/dashboard/pages/frontend/beacon-lines.js';
import { readBeaconSites } from '../../../../src/collector/beacon/beacon-sites.js';

it('a tag that is copied has the key that the line before it gives to the collector', () => {
  const lines = beaconLines('https://tacho.example', 'web-shop');
  const [, site = ''] = /--beacon-key (\S+)/.exec(lines) ?? [];
  const [, origin = ''] = /--beacon-origin (\S+)/.exec(lines) ?? [];
  const { services, origins } = readBeaconSites([site], [origin]);
  expect([...services.values()]).toEqual(['web-shop']);
  expect([...origins]).toEqual(['https://shop.example']);
  const [, key] = /data-key="([^"]*)"/.exec(lines) ?? [];
  expect([...services.keys()]).toEqual([key]);
  expect(lines).toContain('src="https://tacho.example/tachograph.js"');
});

it('puts no name into a line to be copied that a shell reads as more', () => {
  expect(beaconLines('https://tacho.example', '$(reboot)')).not.toContain('reboot');
});
