/** Processes of PM2, by its own words and with a script in its place. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchOf } from '../../src/agent/process-manager.js';
import { FIXTURES, makeFolder, PATIENT, runApp } from '../support/run-app.js';

const PM2 = '/usr/local/lib/node_modules/pm2/lib';

describe('a process that PM2 has started', () => {
  it('is its application’s, whose entry is in the environment', () => {
    const environment = { pm_exec_path: '/srv/orders/app.js', TACHOGRAPH_SERVICE: 'orders' };
    for (const file of [`${PM2}/ProcessContainerFork.js`, `${PM2}/ProcessContainer.js`]) {
      expect(launchOf(file, environment)).toEqual({ script: '/srv/orders/app.js', environment });
    }
  });

  it('has the application’s environment packed into one variable in a cluster', () => {
    const own = { pm_exec_path: 'C:\\orders\\app.js', TACHOGRAPH_SERVICE: 'orders', pm_id: 3 };
    const file = 'C:\\npm\\node_modules\\pm2\\lib\\ProcessContainer.js';
    const { script, environment } = launchOf(file, {
      PATH: '/bin',
      TACHOGRAPH_SERVICE: 'of the daemon',
      pm2_env: JSON.stringify({ ...own, args: ['--port', '80'] }),
    });
    expect(script).toBe(own.pm_exec_path);
    expect(environment).toMatchObject({
      PATH: '/bin',
      TACHOGRAPH_SERVICE: 'orders',
      pm_id: '3',
      args: '--port,80',
    });
  });

  it.each(['', '{', 'null', '[]'])('is taken as it is where that holds %j', (packed) => {
    const given = { pm2_env: packed };
    const file = `${PM2}/ProcessContainer.js`;
    expect(launchOf(file, given)).toEqual({ script: file, environment: given });
  });
});

it.each([undefined, '/srv/orders/app.js', '/srv/lib/ProcessContainer.js'])(
  'a process that began with %s is its own, whatever it inherited from PM2',
  (script) => {
    const environment = { pm_exec_path: '/srv/parent.js', pm2_env: '{"TACHOGRAPH_SERVICE":"x"}' };
    expect(launchOf(script, environment)).toEqual({ script, environment });
  },
);

describe('an application under PM2', () => {
  const folder = makeFolder();
  const container = join(folder.path, 'node_modules/pm2/lib/ProcessContainer.js');
  const app = join(folder.path, 'orders/app.mjs');

  beforeAll(() => {
    for (const name of ['node_modules/pm2/lib', 'orders']) {
      mkdirSync(join(folder.path, name), { recursive: true });
    }
    writeFileSync(join(folder.path, 'node_modules/pm2/package.json'), '{"name":"pm2"}');
    writeFileSync(join(folder.path, 'orders/package.json'), '{"name":"orders"}');
    // As PM2's does, after everything that is preloaded.
    const unpack = 'Object.assign(process.env, JSON.parse(process.env.pm2_env ?? "{}"));';
    const load = 'import(require("node:url").pathToFileURL(process.env.pm_exec_path));';
    writeFileSync(container, `${unpack}delete process.env.pm2_env;${load}`);
    const until = pathToFileURL(join(FIXTURES, 'until-recorded.mjs')).href;
    writeFileSync(app, `import { untilUp } from ${JSON.stringify(until)};await untilUp();`);
  });
  afterAll(folder.remove);

  const servicesWith = async (env: Readonly<Record<string, string>>): Promise<unknown[]> => {
    const { code, stderr, lines } = await runApp(relative(FIXTURES, container), {
      env: { ...PATIENT, ...env },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return [...new Set(lines.flatMap((line) => line['service.name'] ?? []))];
  };

  it('has the name of its own package', async () => {
    expect(await servicesWith({ pm_exec_path: app })).toEqual(['orders']);
  });

  it('has its own options in a cluster', async () => {
    const own = { pm_exec_path: app, TACHOGRAPH_SERVICE: 'of its ecosystem file' };
    const env = { pm2_env: JSON.stringify(own), TACHOGRAPH_SERVICE: 'of the daemon' };
    expect(await servicesWith(env)).toEqual(['of its ecosystem file']);
  });
});
