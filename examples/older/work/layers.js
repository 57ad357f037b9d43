/** What is done with template engines, validators and tokens, by metric and per request. */
const TEMPLATES = 'tachograph.template.render.duration';
const VALIDATIONS = 'tachograph.validation.duration';
const TOKENS = 'tachograph.jwt.duration';
const OPERATIONS = 'tachograph.graphql.operation.duration';

/** A component. */
const Greeting = ({ text }) => text;

async function ejs({ load, whole }) {
  const engine = whole(await load('ejs'));
  const compiled = engine.compile('<%= a %>');
  return {
    perRequest: { [TEMPLATES]: 2 },
    work() {
      engine.render('<%= a %>', { a: 1 });
      compiled({ a: 1 });
    },
  };
}

async function pug({ load, whole }) {
  const engine = whole(await load('pug'));
  const compiled = engine.compile('p= a');
  return {
    perRequest: { [TEMPLATES]: 2 },
    work() {
      engine.render('p= a', { a: 1 });
      compiled({ a: 1 });
    },
  };
}

async function handlebars({ load, whole }) {
  const compiled = whole(await load('handlebars')).compile('{{a}}');
  return { perRequest: { [TEMPLATES]: 1 }, work: () => compiled({ a: 1 }) };
}

async function nunjucks({ load, whole }) {
  const engine = whole(await load('nunjucks'));
  engine.configure({ watch: false });
  return { perRequest: { [TEMPLATES]: 1 }, work: () => engine.renderString('{{a}}', { a: 1 }) };
}

async function eta({ load }) {
  const { Eta } = await load('eta');
  const engine = new Eta();
  return {
    perRequest: { [TEMPLATES]: 1 },
    work: () => engine.renderString('<%= it.a %>', { a: 1 }),
  };
}

async function zod({ load }) {
  const { z } = await load('zod');
  const schema = z.object({ a: z.string() });
  return {
    perRequest: { [VALIDATIONS]: 3 },
    async work() {
      schema.parse({ a: 'x' });
      schema.safeParse({ a: 1 });
      await schema.safeParseAsync({ a: 'x' });
    },
  };
}

async function joi({ load, whole }) {
  const library = whole(await load('joi'));
  const schema = library.object({ a: library.string() });
  return {
    perRequest: { [VALIDATIONS]: 3 },
    async work() {
      schema.validate({ a: 'x' });
      schema.validate({ a: 1 });
      await schema.validateAsync({ a: 'x' });
    },
  };
}

async function yup({ load }) {
  const { object, string } = await load('yup');
  const schema = object({ a: string().required() });
  return {
    perRequest: { [VALIDATIONS]: 3 },
    async work() {
      await schema.validate({ a: 'x' });
      schema.validateSync({ a: 'x' });
      await schema.isValid({});
    },
  };
}

async function ajv({ load, whole }) {
  const library = whole(await load('ajv'));
  const Ajv = library.default ?? library;
  const validate = new Ajv().compile({ type: 'object', properties: { a: { type: 'string' } } });
  return {
    perRequest: { [VALIDATIONS]: 2 },
    work() {
      validate({ a: 'x' });
      validate({ a: 1 });
    },
  };
}

async function classValidator({ load }) {
  const { IsString, validate, validateSync } = await load('class-validator');
  class Input {}
  IsString()(Input.prototype, 'a');
  return {
    perRequest: { [VALIDATIONS]: 2 },
    async work() {
      await validate(Object.assign(new Input(), { a: 'x' }));
      validateSync(Object.assign(new Input(), { a: 1 }));
    },
  };
}

async function expressValidator({ load }) {
  const { body } = await load('express-validator');
  const chain = body('a').isString();
  return { perRequest: { [VALIDATIONS]: 1 }, work: () => chain.run({ body: { a: 'x' } }) };
}

async function jsonwebtoken({ load, whole }) {
  const { sign, verify } = whole(await load('jsonwebtoken'));
  return { perRequest: { [TOKENS]: 2 }, work: () => verify(sign({ a: 1 }, 'key'), 'key') };
}

async function jose({ load }) {
  const { SignJWT, jwtVerify } = await load('jose');
  const key = new Uint8Array(32).fill(7);
  return {
    perRequest: { [TOKENS]: 2 },
    async work() {
      const token = new SignJWT({ a: 1 }).setProtectedHeader({ alg: 'HS256' });
      await jwtVerify(await token.sign(key), key);
    },
  };
}

async function fastJwt({ load, whole }) {
  const { createSigner, createVerifier } = whole(await load('fast-jwt'));
  const sign = createSigner({ key: 'key' });
  const verify = createVerifier({ key: 'key' });
  return { perRequest: { [TOKENS]: 2 }, work: () => verify(sign({ a: 1 })) };
}

async function graphql({ load }) {
  const { buildSchema, execute, parse } = await load('graphql');
  const schema = buildSchema('type Query { a: Int }');
  const document = parse('query A { a }');
  return {
    perRequest: { [OPERATIONS]: 1 },
    work: () => execute({ schema, document, rootValue: { a: 1 } }),
  };
}

async function reactDom({ load, whole }) {
  const { createElement } = whole(await load('react'));
  const { renderToString } = whole(await load('react-dom/server'));
  return {
    perRequest: { [TEMPLATES]: 1 },
    work: () => renderToString(createElement(Greeting, { text: 'a' })),
  };
}

export const WORK = {
  ejs,
  pug,
  handlebars,
  nunjucks,
  eta,
  'eta, imported': eta,
  zod,
  'zod, required': zod,
  joi,
  yup,
  ajv,
  'class-validator': classValidator,
  'express-validator': expressValidator,
  jsonwebtoken,
  jose,
  'fast-jwt': fastJwt,
  graphql,
  'react-dom': reactDom,
};
