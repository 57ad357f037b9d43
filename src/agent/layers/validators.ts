/** Libraries whose validators are methods: joi, yup, class-validator, express-validator, zod 3. */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { validationsOf } from './validation.js';

const REFUSAL = 'ValidationError';

/** For joi/lib/validator.js: what `validate`, `validateAsync`, `attempt` and `assert` end in. */
export function patchJoi({ exports }: LoadedModule, host: ProbeHost): void {
  const isRefused = (result: unknown): boolean =>
    (result as { error?: unknown } | undefined)?.error !== undefined;
  validationsOf(host).timeMethods(exports as object, ['entry', 'entryAsync', 'standard'], {
    library: 'joi',
    refusal: REFUSAL,
    isRefused,
  });
}

type Class = { readonly prototype?: object } | undefined;

/** For the one file of either build of yup, and for lib/schema.js of 0.32; `isValid` ends in these, too. */
export function patchYup(exports: object, host: ProbeHost): void {
  const { Schema, default: Base } = exports as Readonly<Record<string, Class>>;
  validationsOf(host).timeMethods((Schema ?? Base)?.prototype, ['validate', 'validateSync'], {
    library: 'yup',
    // In 0.32 the fields of an object are validated by the same method, later.
    isCall: (_, [, options, callback]) =>
      typeof callback !== 'function' || (options as { parent?: unknown })?.parent === undefined,
  });
}

/** For cjs/validation/Validator.js of class-validator. */
export function patchClassValidator({ exports }: LoadedModule, host: ProbeHost): void {
  const { Validator } = exports as { Validator?: { prototype?: object } };
  const isRefused = (errors: unknown): boolean => Array.isArray(errors) && errors.length > 0;
  validationsOf(host).timeMethods(Validator?.prototype, ['coreValidate', 'validateSync'], {
    library: 'class-validator',
    refusal: REFUSAL,
    isRefused,
  });
}

interface ChainResult {
  isEmpty?(): boolean;
}

/** For lib/chain/context-runner-impl.js of express-validator: one call is the chain of one field. */
export function patchExpressValidator({ exports }: LoadedModule, host: ProbeHost): void {
  const { ContextRunnerImpl } = exports as { ContextRunnerImpl?: { prototype?: object } };
  validationsOf(host).timeMethods(ContextRunnerImpl?.prototype, ['run'], {
    library: 'express-validator',
    refusal: REFUSAL,
    isRefused: (result) => (result as ChainResult | undefined)?.isEmpty?.() === false,
    // What `oneOf` only tries.
    isCall: (_, [, options]) => (options as { dryRun?: boolean } | undefined)?.dryRun !== true,
  });
}

/** For types.js of zod 3 in either build, which zod 4 has, too, as `zod/v3`. */
export function patchZod3(exports: object, host: ProbeHost): void {
  const { ZodType } = exports as { ZodType?: { prototype?: object } };
  validationsOf(host).timeMethods(ZodType?.prototype, ZOD_METHODS, ZOD);
}

export const ZOD_METHODS = ['parse', 'safeParse', 'parseAsync', 'safeParseAsync'] as const;

/** The error itself is not looked at: making it costs more than the check. */
export const ZOD = {
  library: 'zod',
  refusal: 'ZodError',
  isRefused: (result: unknown): boolean =>
    (result as { success?: unknown } | undefined)?.success === false,
} as const;
