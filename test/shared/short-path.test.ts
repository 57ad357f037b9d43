import { homedir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { homeFolder } from '../../src/shared/home-folder.js';
import { shortPath } from '../../src/shared/short-path.js';

describe('a path', () => {
  const folders = { working: '/home/ada/shop', home: '/home/ada' };

  it.each([
    ['in the working folder', '/home/ada/shop/views/users/list.ejs', 'views/users/list.ejs'],
    ['that is relative', 'users/list', 'users/list'],
    ['in a package of it', '/home/ada/shop/node_modules/x/i.js', 'node_modules/x/i.js'],
    ['in a package elsewhere', '/home/ada/node_modules/x/i.js', 'node_modules/x/i.js'],
    ['in the home folder', '/home/ada/server.js', '~/server.js'],
    ['deep in the home folder', '/home/ada/private/lib/x.js', '~/private/lib/x.js'],
    ['in a folder of a similar name', '/home/ada/shop-secret/x.js', '~/shop-secret/x.js'],
    ['of root', ['/root', 'app/src/x.js'].join('/'), '~/app/src/x.js'],
    ['in somebody else’s folder', '/home/eve/server.js', '…/server.js'],
    ['in somebody else’s folder on a Mac', '/Users/jane.doe/run.mjs', '…/run.mjs'],
    ['deep in somebody else’s folder', '/home/eve/secret/shared/page.pug', '…/shared/page.pug'],
    ['of Windows in somebody else’s folder', 'C:\\Users\\jane\\x.js', '…/x.js'],
    ['of Windows elsewhere', 'C:\\app\\views\\page.pug', '…/views/page.pug'],
    ['elsewhere', '/opt/vendor/private/lib/x.js', '…/lib/x.js'],
    ['that leads upwards', '../../../other/page.pug', '…/other/page.pug'],
    ['that leads upwards in the home folder', '../other/page.pug', '~/other/page.pug'],
    ['that leads upwards to somebody', '../../eve/x.js', '…/x.js'],
    ['that is somebody’s folder', '/home/eve', '…'],
    ['that is somebody’s folder on Windows', 'C:\\Users\\Eve', '…'],
    ['of a URL with a password', 'https://eve:pw@host/x.js?token=1#t', '…/x.js'],
    ['of a URL without a path', 'https://eve:pw@host', '…'],
    ['of a file URL in the working folder', 'file:///home/ada/shop/src/x.js?v=1', 'src/x.js'],
    ['of a file URL elsewhere', 'file:///home/eve/x.js', '…/x.js'],
    ['of a file URL of Windows', 'file:///C:/Users/Eve/x.js', '…/x.js'],
    ['of a source map', 'webpack://shop/./src/x.ts', '…/src/x.ts'],
    ['of Node.js', 'node:internal/timers', 'node:internal/timers'],
    ['of code in its URL', 'data:text/javascript,secret', 'data:'],
    ['on a share', '\\\\srv\\eve\\x.js', '…/x.js'],
    ['that leaves the working folder', '/home/ada/shop/../../eve/x.js', '…/x.js'],
  ])('%s says no more than it must', (_what, path, shown) => {
    expect(shortPath(path, folders)).toBe(shown);
  });

  it.each([
    ['/', '/'],
    ['', ''],
    ['/', ''],
  ])(
    'is never absolute where the process works in "%s" and is at home in "%s"',
    (working, home) => {
      expect(shortPath('/srv/app/views/page.ejs', { working, home })).toBe('…/views/page.ejs');
    },
  );

  it('never names who has the folder, nor where it is, however it is written', () => {
    const part = fc.constantFrom('lib', 'a b', '.', 'src', 'x.js', 'views');
    const start = fc.constantFrom(
      '/home/',
      '/Users/',
      '/var/home/',
      'C:\\Users\\',
      'c:/users/',
      'file:///home/',
      'file:///C:/Users/',
      '../../',
      '..\\..\\',
      'https://EVE:EVE@EVE:80/home/',
      '\\\\EVE\\',
      '//EVE/',
    );
    fc.assert(
      fc.property(start, fc.array(part, { maxLength: 4 }), (before, parts) => {
        expect(shortPath([`${before}EVE`, ...parts].join('/'), folders)).not.toContain('EVE');
      }),
    );
  });

  it('is told apart by its end when it is long', () => {
    const path = `/home/ada/shop/${'f'.repeat(5000)}/x.js`;
    expect(shortPath(path, folders)).toMatch(/^…f+\/x\.js$/);
    expect(shortPath(path, folders)).toHaveLength(256);
  });

  it('of Windows is known in the working and the home folder', () => {
    const windows = { working: 'C:\\Users\\jane\\shop', home: 'C:\\Users\\jane' };
    expect(shortPath('C:\\Users\\jane\\shop\\src\\a.js', windows)).toBe('src/a.js');
    expect(shortPath('C:\\Users\\jane\\b.js', windows)).toBe('~/b.js');
  });
});

describe('the home folder', () => {
  it('is the system’s', () => {
    expect(homeFolder()).toBe(homedir());
  });
});
