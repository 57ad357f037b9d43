/**
 * The Nest application of both examples: a global prefix, versions in the path, parameters in the
 * controller's own path, a guard that refuses, an error. Decorators are called as functions, which
 * is what a compiler makes of them.
 */
import 'reflect-metadata';
import {
  Controller,
  ForbiddenException,
  Get,
  Header,
  Module,
  Param,
  Post,
  Res,
  UseGuards,
  VersioningType,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

class UsersController {
  list() {
    return [];
  }
  one(id) {
    return { id };
  }
  create() {
    return {};
  }
}
class TeamsController {
  member(team, id) {
    return { team, id };
  }
  secret() {
    return 'never';
  }
  boom() {
    throw new Error('boom');
  }
  slow(response) {
    (response.raw ?? response).write('begun');
  }
}
class NobodyGuard {
  canActivate() {
    throw new ForbiddenException();
  }
}

function method(controller, name, ...decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(controller.prototype, name);
  for (const decorate of decorators) decorate(controller.prototype, name, descriptor);
}

method(UsersController, 'list', Get());
method(UsersController, 'one', Get(':id'));
Param('id')(UsersController.prototype, 'one', 0);
method(UsersController, 'create', Post(), Header('cache-control', 'none'));
Controller({ path: 'users', version: '1' })(UsersController);

method(TeamsController, 'member', Get('members/:id'));
Param('team')(TeamsController.prototype, 'member', 0);
Param('id')(TeamsController.prototype, 'member', 1);
method(TeamsController, 'secret', Get('secret/:id'), UseGuards(NobodyGuard));
method(TeamsController, 'boom', Get('boom/:id'));
method(TeamsController, 'slow', Get('slow/:id'));
Res()(TeamsController.prototype, 'slow', 0);
Controller({ path: 'teams/:team', version: ['1', '2'] })(TeamsController);

class AppModule {
  configure(consumer) {
    consumer
      .apply((request, response, next) => {
        if (request.headers['x-blocked'] === undefined) return next();
        response.statusCode = 401;
        response.end();
      })
      .forRoutes('{*all}');
  }
}
Module({ controllers: [UsersController, TeamsController] })(AppModule);

/** @param adapter of the platform; undefined takes Express */
export async function start(adapter) {
  const app = await NestFactory.create(AppModule, ...(adapter ? [adapter] : []), { logger: false });
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI });
  await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
  console.log(`listening on ${app.getHttpServer().address().port}`);
}
