/** Libraries without a server: each call counts once, with its name and its error. */
import { describe, expect, it } from 'vitest';
import { CAN_REBIND, countsBy, runLayers } from './run-layers.js';

const LIBRARY = 'tachograph.library';
const ERROR = 'error.type';

describe.each(['cjs', 'esm'])('validation (%s)', (loading) => {
  it('counts every check once, and those that fail by what they are', async () => {
    const lines = await runLayers(loading === 'cjs' ? 'validation.cjs' : 'validation.mjs');
    const isZodSeen = loading === 'cjs' || CAN_REBIND;
    expect(countsBy(lines, 'tachograph.validation.duration', [LIBRARY, ERROR])).toEqual({
      ...(isZodSeen && { zod: 12, 'zod ZodError': 8 }),
      joi: 3,
      'joi ValidationError': 3,
      yup: 3,
      'yup ValidationError': 3,
      ajv: 2,
      'ajv ValidationError': 2,
      'express-validator': 1,
      'express-validator ValidationError': 1,
      'class-validator': 3,
      'class-validator ValidationError': 3,
    });
  });
});

describe.each(['cjs', 'esm'])('templates (%s)', (loading) => {
  it('counts every rendering once under its name, and no name of what is not there', async () => {
    const lines = await runLayers(loading === 'cjs' ? 'templates.cjs' : 'templates.mjs');
    const attributes = [LIBRARY, 'tachograph.template.name', ERROR];
    expect(countsBy(lines, 'tachograph.template.render.duration', attributes)).toEqual({
      ejs: 1,
      'ejs layers/views/users/list.ejs': 3,
      'ejs layers/views/users/list.ejs ReferenceError': 1,
      'ejs ENOENT': 1,
      'pug layers/views/page.pug': 4,
      'pug layers/views/page.pug TypeError': 1,
      handlebars: 2,
      'handlebars Error': 1,
      nunjucks: 1,
      'nunjucks page.njk': 2,
      'nunjucks layers/views/page.njk': 1,
      'nunjucks Error': 1,
      eta: 1,
      'eta page': 2,
      'eta page TypeError': 1,
      'react-dom App': 3,
      'react-dom TypeError': 2,
    });
  });

  it('counts how often ejs and pug make one from its source', async () => {
    const lines = await runLayers(loading === 'cjs' ? 'templates.cjs' : 'templates.mjs');
    const attributes = [LIBRARY, 'tachograph.template.name'];
    expect(countsBy(lines, 'tachograph.template.compilations', attributes)).toEqual({
      ejs: 1,
      // Two of the file, one of a text with its name, and one that fails when it is rendered.
      'ejs layers/views/users/list.ejs': 4,
      // Included by the two that get so far.
      'ejs layers/views/users/part.ejs': 2,
      'pug layers/views/page.pug': 5,
    });
  });
});

describe.each(['cjs', 'esm'])('tokens (%s)', (loading) => {
  it('counts what is signed and verified, and what is refused by its code', async () => {
    const lines = await runLayers(loading === 'cjs' ? 'tokens.cjs' : 'tokens.mjs');
    const attributes = [LIBRARY, 'tachograph.jwt.operation', ERROR];
    const counts = countsBy(lines, 'tachograph.jwt.duration', attributes);
    expect(counts).toMatchObject({
      'jsonwebtoken sign': 1,
      'jsonwebtoken verify': 2,
      'jsonwebtoken verify JsonWebTokenError': 2,
      'fast-jwt sign': 4,
      'fast-jwt verify': 3,
      'fast-jwt verify FAST_JWT_INVALID_SIGNATURE': 1,
    });
    if (!CAN_REBIND) return;
    expect(counts).toMatchObject({
      'jose sign': 1,
      'jose verify': 1,
      'jose verify ERR_JWS_SIGNATURE_VERIFICATION_FAILED': 1,
    });
  });
});

describe.each(['cjs', 'esm'])('graphql (%s)', (loading) => {
  it('counts every operation by its kind and, where it has one, its name', async () => {
    const lines = await runLayers(loading === 'cjs' ? 'graphql.cjs' : 'graphql.mjs');
    const attributes = ['graphql.operation.type', 'graphql.operation.name', ERROR];
    expect(countsBy(lines, 'tachograph.graphql.operation.duration', attributes)).toEqual({
      query: 4,
      'query Named': 2,
      'query Two': 1,
      'mutation Change GraphQLError': 1,
    });
  });
});
