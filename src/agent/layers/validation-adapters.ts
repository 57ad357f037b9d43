/** Libraries that check input against a schema. */
import type { Adapter } from '../adapter.js';
import { patchAjv, patchFastifyValidators } from './ajv.js';
import {
  patchClassValidator,
  patchExpressValidator,
  patchJoi,
  patchYup,
  patchZod3,
} from './validators.js';
import { patchZodMembers, patchZodParse } from './zod.js';

const ZOD3 = {
  library: 'zod 3 (`zod/v3`)',
  tested: 'zod 3.11, 3.20, 3.22, 3.25, 4.6',
  probe: 'validation',
} as const;
const ZOD4 = { library: 'zod 4', tested: 'zod 4.0, 4.5, 4.6', probe: 'validation' } as const;
const YUP = { library: 'yup', tested: 'yup 0.32, 1.0, 1.4, 1.7', probe: 'validation' } as const;

export const VALIDATION_ADAPTERS: readonly Adapter[] = [
  { ...ZOD4, tier: 'after-hook', file: 'zod/v4/classic/parse.cjs', patch: patchZodParse },
  {
    ...ZOD4,
    tested: 'zod 4.5, 4.6',
    tier: 'esm',
    packageName: 'zod',
    files: ['v4/core/util.js'],
    patch: patchZodMembers,
    rebinds: ['members'],
  },
  ...['zod/v3/types.cjs', 'zod/lib/types.js'].map(
    (file): Adapter => ({
      ...ZOD3,
      tier: 'after-hook',
      file,
      patch: ({ exports }, host) => patchZod3(exports as object, host),
    }),
  ),
  {
    ...ZOD3,
    tier: 'esm',
    packageName: 'zod',
    files: ['v3/types.js', 'lib/index.mjs'],
    patch: patchZod3,
    // Zod 4 brings it along, and hardly anybody uses it there.
    neverAhead: true,
  },
  {
    library: 'joi',
    tested: 'joi 17.1, 17.13, 18.0, 18.3',
    probe: 'validation',
    tier: 'after-hook',
    file: 'joi/lib/validator.js',
    patch: patchJoi,
  },
  ...['yup/index.js', 'yup/lib/schema.js'].map(
    (file): Adapter => ({
      ...YUP,
      tier: 'after-hook',
      file,
      patch: ({ exports }, host) => patchYup(exports as object, host),
    }),
  ),
  {
    library: 'ajv 8',
    tested: 'ajv 8.0, 8.20',
    probe: 'validation',
    tier: 'after-hook',
    file: 'ajv/dist/core.js',
    patch: patchAjv,
  },
  {
    library: 'schemas of fastify',
    tested: 'fastify 4.0, 4.10, 4.29, 5.0, 5.12, @fastify/ajv-compiler 3.6, 4.0',
    probe: 'validation',
    tier: 'after-hook',
    file: '@fastify/ajv-compiler/lib/validator-compiler.js',
    patch: patchFastifyValidators,
  },
  // Before 7.3 in src.
  ...['lib', 'src'].map(
    (folder): Adapter => ({
      library: 'express-validator',
      tested: 'express-validator 6.15, 7.0, 7.3',
      probe: 'validation',
      tier: 'after-hook',
      file: `express-validator/${folder}/chain/context-runner-impl.js`,
      patch: patchExpressValidator,
    }),
  ),
  {
    library: 'class-validator',
    tested: 'class-validator 0.13, 0.14, 0.15',
    probe: 'validation',
    tier: 'after-hook',
    file: 'class-validator/cjs/validation/Validator.js',
    patch: patchClassValidator,
  },
];
