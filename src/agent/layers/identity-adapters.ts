/** Who is asking: authentication, sessions, tokens. */
import type { Adapter } from '../adapter.js';
import { patchPassport } from './passport.js';
import { patchCookieSession, patchSessionLibrary, patchStoreClass } from './sessions.js';
import { patchFastJwt, patchJoseSign, patchJoseVerify, patchJsonwebtoken } from './tokens.js';

const EXPRESS_SESSION = {
  library: 'express-session',
  tested: 'express-session 1.15, 1.19',
  probe: 'sessions',
} as const;
const FASTIFY_SESSION = {
  library: '@fastify/session',
  tested: '@fastify/session 11.1',
  probe: 'sessions',
} as const;
const JOSE = { tested: 'jose 4.15, 5.9, 6.2', probe: 'tokens' } as const;
const JOSE_ESM = { ...JOSE, tier: 'esm', packageName: 'jose' } as const;
const JOSE_CJS = { ...JOSE, tested: 'jose 4.15, 5.9' } as const;

export const IDENTITY_ADAPTERS: readonly Adapter[] = [
  {
    library: 'passport',
    tested: 'passport 0.4, 0.6, 0.7',
    probe: 'authentication',
    tier: 'after-hook',
    file: 'passport/lib/authenticator.js',
    patch: patchPassport,
  },
  {
    ...EXPRESS_SESSION,
    tier: 'after-hook',
    file: 'express-session/session/memory.js',
    patch: (loaded, host) => patchStoreClass(loaded, host, EXPRESS_SESSION.library),
  },
  {
    ...EXPRESS_SESSION,
    tier: 'after-hook',
    file: 'express-session/index.js',
    patch: (loaded, host) => patchSessionLibrary(loaded, host, EXPRESS_SESSION.library, 0),
  },
  {
    ...FASTIFY_SESSION,
    tier: 'after-hook',
    file: '@fastify/session/lib/store.js',
    patch: (loaded, host) => patchStoreClass(loaded, host, FASTIFY_SESSION.library),
  },
  {
    ...FASTIFY_SESSION,
    tier: 'after-hook',
    file: '@fastify/session/index.js',
    patch: (loaded, host) => patchSessionLibrary(loaded, host, FASTIFY_SESSION.library, 1),
  },
  {
    library: 'cookie-session',
    tested: 'cookie-session 2.0, 2.1',
    probe: 'sessions',
    tier: 'after-hook',
    file: 'cookie-session/index.js',
    patch: patchCookieSession,
  },
  {
    library: 'jsonwebtoken',
    tested: 'jsonwebtoken 8.5, 9.0',
    probe: 'tokens',
    tier: 'after-hook',
    file: 'jsonwebtoken/index.js',
    patch: patchJsonwebtoken,
  },
  {
    library: 'fast-jwt',
    tested: 'fast-jwt 4.0, 5.0, 6.3',
    probe: 'tokens',
    tier: 'after-hook',
    file: 'fast-jwt/src/index.js',
    patch: patchFastJwt,
  },
  {
    ...JOSE_ESM,
    library: 'jose, signing',
    files: ['dist/webapi/jwt/sign.js', 'dist/node/esm/jwt/sign.js'],
    patch: patchJoseSign,
  },
  {
    ...JOSE_ESM,
    library: 'jose, verifying',
    files: ['dist/webapi/jwt/verify.js', 'dist/node/esm/jwt/verify.js'],
    patch: patchJoseVerify,
    rebinds: ['jwtVerify'],
  },
  {
    ...JOSE_CJS,
    tier: 'after-hook',
    library: 'jose 4 and 5, signing',
    file: 'jose/dist/node/cjs/jwt/sign.js',
    patch: ({ exports }, host) => patchJoseSign(exports as object, host),
  },
  {
    ...JOSE_CJS,
    tier: 'after-hook',
    library: 'jose 4 and 5, verifying',
    file: 'jose/dist/node/cjs/jwt/verify.js',
    patch: ({ exports }, host) => {
      Object.assign(exports as object, patchJoseVerify(exports as object, host));
    },
  },
];
