/** As first-line.js, of an application that has imported fifteen libraries which the agent instruments. */
import 'ajv';
import 'ejs';
import 'express';
import 'express-session';
import 'fastify';
import 'graphql';
import 'handlebars';
import 'ioredis';
import 'joi';
import 'jsonwebtoken';
import 'mongodb';
import 'mysql2';
import 'passport';
import 'pg';
import 'zod';
import { reportFirstLine } from './report-first-line.cjs';

reportFirstLine();
