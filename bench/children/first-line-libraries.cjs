/** As first-line.cjs, of an application that has required fifteen libraries which the agent instruments. */
require('ajv');
require('ejs');
require('express');
require('express-session');
require('fastify');
require('graphql');
require('handlebars');
require('ioredis');
require('joi');
require('jsonwebtoken');
require('mongodb');
require('mysql2');
require('passport');
require('pg');
require('zod');

require('./report-first-line.cjs').reportFirstLine();
