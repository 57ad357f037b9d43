import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPTIONS } from '../../src/shared/options.js';
import {
  type Environment,
  formatValue,
  type ResolvedOptions,
  resolveOptions,
} from '../../src/shared/resolve-options.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tachograph-options-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const configured = (values: unknown): Environment => ({
  TACHOGRAPH_CONFIG_FILE: file('config.json', JSON.stringify(values)),
});
const messages = (resolved: ResolvedOptions): string[] =>
  resolved.problems.map((problem) => problem.message);
const only = (env: Environment): string => {
  const found = messages(resolveOptions(env));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
};

describe('an empty environment', () => {
  it('gives the default of every row, and no problem', () => {
    const { options, sources, problems } = resolveOptions({});
    for (const row of OPTIONS) {
      expect(options[row.key as keyof typeof options]).toEqual(row.default);
      expect(sources.get(row.key)).toBe('default');
    }
    expect(problems).toEqual([]);
  });

  it('is what variables without a value mean', () => {
    const env = Object.fromEntries(OPTIONS.map((row) => [row.env, '']));
    expect(resolveOptions(env)).toEqual(resolveOptions({}));
  });
});

describe('a value of each type', () => {
  it.each([
    ['TACHOGRAPH_SERVICE', ' orders ', 'service', 'orders'],
    ['TACHOGRAPH_URL', 'http://a:1, stdout: ,', 'url', ['http://a:1', 'stdout:']],
    ['TACHOGRAPH_ENABLED', 'off', 'enabled', false],
    ['TACHOGRAPH_ENABLED', 'YES', 'enabled', true],
    ['TACHOGRAPH_CONTEXT', 'off', 'context', 'off'],
    ['TACHOGRAPH_SAMPLER', 'kernel', 'sampler', 'kernel'],
    ['TACHOGRAPH_DIGITS', '3', 'digits', 3],
    ['TACHOGRAPH_WINDOW', '1m', 'windowMs', 60_000],
    ['TACHOGRAPH_RING_BYTES', '64KiB', 'ringBytes', 65_536],
    ['TACHOGRAPH_SPOOL_MAX', '0', 'spoolBytesMax', 0],
  ] as const)('%s=%s is used', (name, text, key, value) => {
    const resolved = resolveOptions({ [name]: text });
    expect(resolved.options[key]).toEqual(value);
    expect(resolved.sources.get(key)).toBe(name);
    expect(resolved.problems).toEqual([]);
  });
});

describe('a value that cannot be used', () => {
  it.each([
    ['TACHOGRAPH_ENABLED', 'maybe', 'expected on or off', 'using on'],
    ['TACHOGRAPH_SAMPLER', 'magic', 'one of auto, kernel, systeminformation, off', 'using auto'],
    ['TACHOGRAPH_DIGITS', '4', 'a whole number from 1 to 3', 'using 2'],
    ['TACHOGRAPH_DIGITS', '2.5', 'a whole number from 1 to 3', 'using 2'],
    ['TACHOGRAPH_DIGITS', '9'.repeat(400), 'a whole number', 'using 2'],
    ['TACHOGRAPH_WINDOW', 'soon', 'a duration such as 10s or 500ms from 1s to 1m', 'using 10s'],
    ['TACHOGRAPH_WINDOW', '2h', 'from 1s to 1m', 'using 10s'],
    ['TACHOGRAPH_RING_BYTES', '1B', 'a size such as 64MiB from 8KiB to 64MiB', 'using 1MiB'],
    ['TACHOGRAPH_URL', ' , ,', 'at least one', 'using http://127.0.0.1:4600'],
    ['TACHOGRAPH_USER', 'user id', 'paths such as user.id', 'using (none)'],
  ])('%s=%s says what was expected, what came and what is used', (name, text, expected, used) => {
    const resolved = resolveOptions({ [name]: text });
    const [message = ''] = messages(resolved);
    expect(resolved.problems).toHaveLength(1);
    expect(resolved.problems[0]?.code).toBe('TACHO_OPTION_INVALID');
    expect(message).toContain(name);
    expect(message).toContain(expected);
    expect(message).toContain(`got "${text.slice(0, 80)}`);
    expect(message).toContain(used);
    expect(message.length).toBeLessThan(300);
    expect(resolved.options).toEqual(resolveOptions({}).options);
  });

  it('gives way to the next source, and the message says so', () => {
    const env = { ...configured({ windowMs: '20s' }), TACHOGRAPH_WINDOW: 'soon' };
    expect(resolveOptions(env).options.windowMs).toBe(20_000);
    expect(only(env)).toContain('using 20s');
  });

  it('shows no control characters', () => {
    const message = only({ TACHOGRAPH_DIGITS: '\u001b[31m\r\nred' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(message).not.toMatch(/[\u0000-\u001f\u007f]/);
  });

  it('never throws, whatever the environment holds', () => {
    const names = fc.constantFrom(...OPTIONS.flatMap((row) => [row.env, ...(row.fallbacks ?? [])]));
    const env = fc.dictionary(fc.oneof(names, fc.string()), fc.string());
    fc.assert(
      fc.property(env, (values) => {
        const { options } = resolveOptions({ ...values, TACHOGRAPH_CONFIG_FILE: undefined });
        for (const row of OPTIONS) {
          const value = options[row.key as keyof typeof options];
          if ('min' in row) {
            expect(value).toBeGreaterThanOrEqual(row.min);
            expect(value).toBeLessThanOrEqual(row.max);
          } else if (row.type === 'choice') {
            expect(row.values).toContain(value);
          } else {
            expect(typeof value).toBe(typeof row.default);
          }
        }
      }),
    );
  });
});

describe('of several sources', () => {
  it('the own variable comes before file, other tools and default', () => {
    const env = {
      ...configured({ service: 'from-file', environment: 'from-file' }),
      TACHOGRAPH_SERVICE: 'own',
      OTEL_SERVICE_NAME: 'otel',
      DD_SERVICE: 'dd',
      DD_ENV: 'dd',
      DD_VERSION: 'dd-1',
    };
    const { options, sources } = resolveOptions(env);
    expect(options.service).toBe('own');
    expect(options.environment).toBe('from-file');
    expect(sources.get('environment')).toContain('config.json (environment)');
    expect(options.version).toBe('dd-1');
    expect(sources.get('version')).toBe('DD_VERSION');
    expect(sources.get('windowMs')).toBe('default');
  });

  it('OpenTelemetry comes before Datadog', () => {
    const { options } = resolveOptions({
      DD_SERVICE: 'dd',
      DD_ENV: 'dd',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=otel,deployment.environment=staging',
    });
    expect([options.service, options.environment]).toEqual(['otel', 'staging']);
  });

  it('OTEL_SERVICE_NAME comes before service.name of the resource attributes', () => {
    const { options } = resolveOptions({
      OTEL_SERVICE_NAME: 'name',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=attribute',
    });
    expect(options.service).toBe('name');
  });
});

describe('OTEL_RESOURCE_ATTRIBUTES', () => {
  it.each([
    ['service.name=order%20desk', 'order desk'],
    [' service.name = a%2Cb%3Dc , x=y', 'a,b=c'],
    ['service%2Ename=escaped%C3%A9', 'escapedé'],
    ['service.name=a=b', 'a=b'],
    ['service.name=100%', '100%'],
    ['x=service.name=1', ''],
    ['service.name', ''],
    ['=x,,,service.name=', ''],
  ])('%j names the service %j', (text, service) => {
    expect(resolveOptions({ OTEL_RESOURCE_ATTRIBUTES: text }).options.service).toBe(service);
  });
});

describe('OTEL_SDK_DISABLED', () => {
  it.each(['true', 'TRUE'])('=%s switches the agent off', (text) => {
    const { options, sources } = resolveOptions({ OTEL_SDK_DISABLED: text });
    expect(options.enabled).toBe(false);
    expect(sources.get('enabled')).toBe('OTEL_SDK_DISABLED');
  });
  it.each(['false', '1', 'yes', ''])('=%s does not, as its specification says', (text) => {
    expect(resolveOptions({ OTEL_SDK_DISABLED: text }).options.enabled).toBe(true);
  });
  it('gives way to TACHOGRAPH_ENABLED', () => {
    const env = { OTEL_SDK_DISABLED: 'true', TACHOGRAPH_ENABLED: 'on' };
    expect(resolveOptions(env).options.enabled).toBe(true);
  });
});

describe('an unknown variable', () => {
  it.each([
    ['TACHOGRAPH_WINDWO', 'TACHOGRAPH_WINDOW'],
    ['TACHOGRAPH_URI', 'TACHOGRAPH_URL'],
    ['TACHOGRAPH_SERVICES', 'TACHOGRAPH_SERVICE'],
  ])('%s is reported with the nearest match', (name, nearest) => {
    const resolved = resolveOptions({ [name]: '1' });
    expect(resolved.problems[0]?.code).toBe('TACHO_OPTION_UNKNOWN');
    expect(messages(resolved)).toEqual([`${name} is not an option; did you mean ${nearest}?`]);
  });

  it('far from every option is reported without one', () => {
    expect(only({ TACHOGRAPH_FLUX_CAPACITOR_POWER: '1' })).toBe(
      'TACHOGRAPH_FLUX_CAPACITOR_POWER is not an option.',
    );
  });

  it('is one report for many, so that a strange environment is no flood', () => {
    const names = Array.from({ length: 5000 }, (_, i) => [
      `TACHOGRAPH_${i}_${'X'.repeat(500)}`,
      '1',
    ]);
    const found = messages(resolveOptions(Object.fromEntries(names)));
    expect(found.length).toBeLessThanOrEqual(11);
    expect(found.at(-1)).toContain('4990 more');
  });

  it.each(['TACHOGRAPH_COLLECTOR_PORT', 'TACHOGRAPH_TEST_NODES', 'TACHOGRAPH', 'PATH'])(
    '%s is not one',
    (name) => {
      expect(messages(resolveOptions({ [name]: '1' }))).toEqual([]);
    },
  );
});

describe('a secret', () => {
  it('that is short enough to guess is no salt, and is not repeated', () => {
    const { options, problems } = resolveOptions({ TACHOGRAPH_USER_SALT: 'guess-me-please' });
    expect(options.userSalt).toBe('');
    expect(problems).toMatchObject([{ code: 'TACHO_OPTION_INVALID' }]);
    expect(problems[0]!.message).toContain('16 at least');
    expect(problems[0]!.message).not.toContain('guess-me');
    const salt = 'guess-me-please!';
    expect(resolveOptions({ TACHOGRAPH_USER_SALT: salt }).options.userSalt).toBe(salt);
  });

  it('comes from the first line of a file', () => {
    const path = file('token', 'hunter2\nsecond line\n');
    const { options, sources } = resolveOptions({ TACHOGRAPH_TOKEN_FILE: path });
    expect(options.token).toBe('hunter2');
    expect(sources.get('token')).toBe('TACHOGRAPH_TOKEN_FILE');
  });

  it('in the variable itself comes before its file', () => {
    const env = { TACHOGRAPH_TOKEN: 'own', TACHOGRAPH_TOKEN_FILE: file('token', 'file') };
    expect(resolveOptions(env).options.token).toBe('own');
  });

  it.each([
    ['is not there', () => join(folder, 'missing'), 'ENOENT'],
    ['is a folder', () => folder, 'not a regular file'],
    ['is empty', () => file('empty', '\nhunter2'), 'an empty first line'],
    ['is huge', () => file('huge', 'x'.repeat(2_000_000)), 'bytes'],
  ])('whose file %s is a problem, and none is used', (_what, path, reason) => {
    const env = { TACHOGRAPH_TOKEN_FILE: path() };
    const message = only(env);
    expect(message).toContain('TACHOGRAPH_TOKEN_FILE: expected');
    expect(message).toContain(reason);
    expect(resolveOptions(env).options.token).toBe('');
  });

  it.each([
    ['a space inside', 'hunter 2', '8 characters with a space at position 7'],
    ['a line feed inside', 'hunter\n2', '8 characters with a control character at position 7'],
    [
      'a character beyond Latin-1',
      'hunter2→',
      '8 characters with a character beyond ASCII at position 8',
    ],
    [
      'a character of Latin-1',
      'hünter2',
      '7 characters with a character beyond ASCII at position 2',
    ],
    ['white space only', ' \t', 'got nothing'],
    ['5,000 characters', 'hunter2'.repeat(1000), 'got 7000 characters'],
  ])('with %s cannot be sent: none is used, and it is not shown', (_what, token, came) => {
    const sources = [
      { TACHOGRAPH_TOKEN: token },
      configured({ token }),
      ...(token.includes('\n') || token.trim() === ''
        ? []
        : [{ TACHOGRAPH_TOKEN_FILE: file('unfit', `${token}\n`) }]),
    ];
    for (const env of sources) {
      const message = only(env);
      expect(message).toContain(
        'expected a token of ASCII letters, digits and marks without spaces',
      );
      expect(message).toContain('openssl rand -hex 32');
      expect(message).toContain(came);
      expect(message).toContain('; using (none).');
      expect(message).not.toMatch(/h.nter/);
      expect(resolveOptions(env).options.token).toBe('');
    }
  });

  it.each([
    ['letters, digits and marks', 'aZ09-._~+/=='],
    ['marks that RFC 6750 leaves out', 'p!w:"=x'],
    ['a line end and white space round it', ' \ufeffhunter2\r\n'],
  ])('with %s is used', (_what, token) => {
    const env = { TACHOGRAPH_TOKEN: token };
    expect(messages(resolveOptions(env))).toEqual([]);
    expect(resolveOptions(env).options.token).toBe(token.trim());
    const inFile = { TACHOGRAPH_TOKEN_FILE: file('fit', token) };
    expect(messages(resolveOptions(inFile))).toEqual([]);
    expect(resolveOptions(inFile).options.token).toBe(token.trim());
  });

  it('that cannot be sent gives way to the next source', () => {
    const env = { TACHOGRAPH_TOKEN: 'un fit', TACHOGRAPH_TOKEN_FILE: file('token', 'hunter2') };
    expect(resolveOptions(env).options.token).toBe('hunter2');
    expect(only(env)).toContain('using ********');
  });

  it('is masked when it is shown, and its absence is not', () => {
    const row = OPTIONS.find((candidate) => candidate.secret)!;
    expect(formatValue(row, 'hunter2')).toBe('********');
    expect(formatValue(row, '')).toBe('(none)');
  });

  it('in no problem is shown', () => {
    const broken = file('broken.json', '{"token": hunter2}');
    const wrong = file('wrong.json', '{"token": {"hunter2": 1}}');
    for (const path of [broken, wrong]) {
      const found = messages(resolveOptions({ TACHOGRAPH_CONFIG_FILE: path }));
      expect(found).toHaveLength(1);
      expect(found[0]).not.toContain('hunter2');
    }
  });
});

describe('the configuration file', () => {
  it('gives values in their JSON types or as text', () => {
    const values = { windowMs: 5000, digits: '3', enabled: false, url: ['stdout:', 'http://a:1'] };
    const { options, problems } = resolveOptions(configured(values));
    expect(problems).toEqual([]);
    expect(options).toMatchObject({ ...values, digits: 3 });
  });

  it.each([
    ['is not there', () => join(folder, 'missing.json'), 'ENOENT'],
    ['is a folder', () => folder, 'not a regular file'],
    ['is not JSON', () => file('a.json', 'windowMs: 5s'), 'not JSON'],
    ['is an array', () => file('b.json', '[]'), 'an array'],
    ['is null', () => file('c.json', 'null'), 'null'],
    ['is huge', () => file('d.json', ' '.repeat(2_000_000)), 'bytes'],
  ])('that %s is a problem, and the defaults are used', (_what, path, reason) => {
    const env = { TACHOGRAPH_CONFIG_FILE: path() };
    expect(only(env)).toContain('TACHOGRAPH_CONFIG_FILE: expected a JSON file with an object');
    expect(only(env)).toContain(reason);
    expect(resolveOptions(env).options).toEqual(resolveOptions({}).options);
  });

  it.each([
    ['an object', { service: { name: 'a' } }, 'service'],
    ['null', { service: null }, 'service'],
    ['an array', { windowMs: [5000] }, 'windowMs'],
    ['an array', { url: [['stdout:']] }, 'url'],
  ])('with %s where a value belongs is a problem', (came, values, key) => {
    const message = only(configured(values));
    expect(message).toContain(`(${key}): expected`);
    expect(message).toContain(`got ${came}`);
    expect(resolveOptions(configured(values)).options).toEqual(resolveOptions({}).options);
  });

  it('with an unknown key is a problem that names the nearest', () => {
    mkdirSync(folder, { recursive: true });
    expect(only(configured({ windowMS: 5000 }))).toContain(
      'unknown option "windowMS"; did you mean windowMs?',
    );
  });

  it('cannot reach into the prototype of anything', () => {
    const path = file('proto.json', '{"__proto__": {"service": "x"}, "constructor": 1}');
    const resolved = resolveOptions({ TACHOGRAPH_CONFIG_FILE: path });
    expect(resolved.options.service).toBe('');
    expect(messages(resolved)).toHaveLength(2);
  });
});
