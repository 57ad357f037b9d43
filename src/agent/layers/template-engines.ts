/** The engines whose templates are functions: ejs, pug, handlebars, nunjucks, eta. */
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import type { Method } from './outermost.js';
import { withPropertiesOf } from './replace-function.js';
import { type Rendering, type Templates, templatesOf } from './templates.js';

interface WithFilename {
  readonly filename?: unknown;
  /** Makes a source text for browsers instead of a function to call. */
  readonly client?: unknown;
}
const filenameOf = (options: unknown): unknown => (options as WithFilename | undefined)?.filename;

/** For ejs.js of either build; the ES module's default export is the same object of functions. */
export function patchEjs(ejs: object, host: ProbeHost): void {
  const templates = templatesOf(host);
  const library = 'ejs';
  const renderFile = { library, nameOf: ({ args }) => args[0], takesCallback: true } as Rendering;
  const render: Rendering = { library, nameOf: ({ args }) => filenameOf(args[2] ?? args[1]) };
  templates.outermost.timeMethod(ejs, 'render', templates.timing(render));
  templates.outermost.timeMethod(ejs, 'renderFile', templates.timing(renderFile));
  timeCompiled(ejs, library, host);
  const { renderFile: timed } = ejs as { renderFile?: unknown };
  if (typeof timed === 'function') Object.assign(ejs, { __express: timed });
}

/** For pug/lib/index.js. */
export function patchPug({ exports }: LoadedModule, host: ProbeHost): void {
  const templates = templatesOf(host);
  const library = 'pug';
  const takesCallback = true;
  const render: Rendering = { library, nameOf: ({ args }) => filenameOf(args[1]), takesCallback };
  const renderFile: Rendering = { library, nameOf: ({ args }) => args[0], takesCallback };
  const pug = exports as object;
  templates.outermost.timeMethod(pug, 'render', templates.timing(render));
  templates.outermost.timeMethod(pug, 'renderFile', templates.timing(renderFile));
  timeCompiled(pug, library, host);
}

/** `compile(text, options)` gives a function that renders. */
function timeCompiled(engine: object, library: string, host: ProbeHost): void {
  const { compile } = engine as { compile?: Method };
  if (typeof compile !== 'function') return;
  const templates = templatesOf(host);
  const count = guardedCall('templates, compiled', host.warn, templates.compiled);
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const template = compile.apply(this, args);
    const options = args[1] as WithFilename | undefined;
    if (typeof template !== 'function' || options?.client) return template;
    const name = filenameOf(options);
    count(library, name);
    return timedTemplate(template as Method, { library, nameOf: () => name }, templates);
  };
  Object.assign(engine, { compile: dressAs(wrapped as never, compile) });
}

function timedTemplate(template: Method, rendering: Rendering, templates: Templates): Method {
  const timed = templates.outermost.time(template, templates.timing(rendering));
  return withPropertiesOf(timed, template);
}

/** For handlebars/dist/cjs/handlebars/runtime.js: every template, compiled here or before, is made by it. */
export function patchHandlebars({ exports }: LoadedModule, host: ProbeHost): void {
  const runtime = exports as { template?: Method };
  const { template } = runtime;
  if (typeof template !== 'function') return;
  const templates = templatesOf(host);
  const rendering: Rendering = { library: 'handlebars', nameOf: () => undefined };
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return timedTemplate(template.apply(this, args) as Method, rendering, templates);
  };
  runtime.template = dressAs(wrapped as never, template);
}

interface NunjucksTemplate {
  readonly path?: unknown;
}

/** For nunjucks/src/environment.js. */
export function patchNunjucks({ exports }: LoadedModule, host: ProbeHost): void {
  const { Environment, Template } = exports as Record<string, { prototype?: object } | undefined>;
  const templates = templatesOf(host);
  const common = { library: 'nunjucks', takesCallback: true } as const;
  const named = templates.timing({
    ...common,
    nameOf: ({ args: [name] }) =>
      typeof name === 'string' ? name : (name as NunjucksTemplate | undefined)?.path,
  });
  const text = templates.timing({ ...common, nameOf: () => undefined });
  const compiled = templates.timing({
    ...common,
    nameOf: ({ self }) => (self as NunjucksTemplate).path,
  });
  templates.outermost.timeMethod(Environment?.prototype, 'render', named);
  templates.outermost.timeMethod(Environment?.prototype, 'renderString', text);
  templates.outermost.timeMethod(Template?.prototype, 'render', compiled);
}

type EtaConstructor = new (...args: unknown[]) => object;

/**
 * For either build of eta ≥ 3: the methods are made for each instance by the class above `Eta`, so a
 * class of ours goes between the two. `super()` looks its parent up when it is called.
 */
export function patchEta(exports: object, host: ProbeHost): void {
  const { Eta } = exports as { Eta?: EtaConstructor };
  if (typeof Eta !== 'function') return;
  const Base = Object.getPrototypeOf(Eta) as EtaConstructor;
  // A class without a parent has the prototype of all functions there.
  if (typeof Base.prototype !== 'object') return;
  const templates = templatesOf(host);
  const library = 'eta';
  const named = templates.timing({ library, nameOf: ({ args }) => args[0] });
  const text = templates.timing({ library, nameOf: () => undefined });
  const construct = function (this: unknown, ...args: unknown[]): object {
    const eta = Reflect.construct(Base, args, new.target ?? Base) as object;
    for (const name of ['render', 'renderAsync']) templates.outermost.timeMethod(eta, name, named);
    for (const name of ['renderString', 'renderStringAsync']) {
      templates.outermost.timeMethod(eta, name, text);
    }
    return eta;
  };
  Object.setPrototypeOf(construct, Base);
  Object.setPrototypeOf(Eta, dressAs(construct as never, Base));
}
