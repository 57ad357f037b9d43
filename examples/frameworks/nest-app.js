/**
 * The Nest application of both examples: a global prefix, versions in the path, parameters in the
 * controller's own path, a guard that refuses, an error, a guard, a pipe and an interceptor of 20 ms. Decorators are called as functions, which
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
  UseInterceptors,
  VersioningType,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { after } from './after.js';

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
class TimedController {
  answer(id) {
    return { id };
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
const pause = () => new Promise((resolve) => after(20, resolve));
class SlowGuard {
  async canActivate() {
    await pause();
    return true;
  }
}
class SlowPipe {
  async transform(value) {
    await pause();
    return value;
  }
}
class SlowInterceptor {
  async intercept(_context, next) {
    await pause();
    return next.handle();
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

method(
  TimedController,
  'answer',
  Get(':id'),
  UseGuards(SlowGuard),
  UseInterceptors(SlowInterceptor),
);
Param('id', SlowPipe)(TimedController.prototype, 'answer', 0);
Controller({ path: 'timed', version: '1' })(TimedController);

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
Module({ controllers: [UsersController, TimedController, TeamsController] })(AppModule);

/** For the platform under Nest, which asks it of every request. */
export function takes20ms(request, _response, next) {
  if (request.url === '/api/v1/timed/1') after(20, next);
  else next();
}

/** @param adapter of the platform */
export async function start(adapter) {
  const app = await NestFactory.create(AppModule, adapter, { logger: false });
  app.setGlobalPrefix('api');
  app.enableVersioning({ type: VersioningType.URI });
  await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
  console.log(`listening on ${app.getHttpServer().address().port}`);
}
