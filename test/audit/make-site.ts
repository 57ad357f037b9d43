/** A small site to audit, as files and as a server: one that has every fault, and one that has none. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateSync, gzipSync } from 'node:zlib';

export type Files = Readonly<Record<string, string | Buffer>>;

/** A PNG of one colour with as many bytes as `padding` adds. */
export function pngOf(width: number, height: number, padding = 0): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, tail]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.alloc(padding, 'a')),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const SCRIPT = Array.from(
  { length: 60 },
  (_, i) => `
/** Says what number ${i} is, at length, as sources do. */
export function numberOf${i}(someLongArgument) {
  const anotherLongName = someLongArgument + ${i};
  return anotherLongName * 2;
}
`,
).join('');
const STYLE = `@font-face { font-family: 'Own'; src: url(own.ttf); }\n${Array.from(
  { length: 400 },
  (_, i) =>
    `.some-class-${i} {\n  color: #${String(i).padStart(6, '0')};\n  margin: 0px 0px 0px 0px;\n}\n`,
).join('\n')}`;

export const FAULTY: Files = {
  'index.html': `<!doctype html><html><head><title>a</title>
<script src="/app.js"></script>
<script src="https://elsewhere.example/track.js"></script>
<link rel="stylesheet" href="/site.css">
</head><body>
<img src="/photo.png" width="100" height="50"><img src="/photo.png"><img src="/photo.png"><img src="/photo.png">
<a href="/second.html">more</a>
${Array.from({ length: 16 }, (_, i) => `<script src="/part${i}.js"></script>`).join('')}
</body></html>`,
  'second.html': '<!doctype html><html><head></head><body>second</body></html>',
  'app.js': SCRIPT,
  'site.css': STYLE,
  'own.ttf': Buffer.alloc(4000, 1),
  'photo.png': pngOf(800, 400, 30_000),
  ...Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`part${i}.js`, `f(${i});`])),
};

export const FAULTLESS: Files = {
  'index.html': `<!doctype html><html><head><title>a</title>
<link rel="manifest" href="/app.webmanifest"><style>body{margin:0}</style>
<link rel="preload" as="font" href="/own.woff2" crossorigin>
<link rel="stylesheet" href="/site.css"><script defer src="/app.js"></script>
</head><body><img src="/photo.webp" width="100" height="50"></body></html>`,
  'app.js': "navigator.serviceWorker.register('/sw.js');",
  'site.css': "@font-face{font-family:'Own';font-display:swap;src:url(own.woff2)}",
  'own.woff2': Buffer.alloc(400, 1),
  'photo.webp': Buffer.alloc(400, 1),
};

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  png: 'image/png',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

export interface Site {
  readonly url: string;
  readonly asked: string[];
  close(): Promise<void>;
}

/** @param isGood compressed, with types and a time to keep */
export async function serveSite(
  files: Files,
  isGood: boolean,
  answer?: (request: IncomingMessage, response: ServerResponse) => boolean,
): Promise<Site> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (answer?.(request, response)) return;
    const name = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1);
    const file = files[name];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    if (!isGood) {
      response.setHeader('content-type', name.endsWith('.html') ? type : 'text/plain');
      response.end(file);
      return;
    }
    response.setHeader('content-type', type);
    response.setHeader('content-encoding', 'gzip');
    response.setHeader('cache-control', 'public, max-age=31536000, immutable');
    response.end(gzipSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
