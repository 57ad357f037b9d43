/**
 * The accounts one can log in with, and how a password is stored. Shared by seed, app, load driver and tests.
 */
import { scrypt, scryptSync, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** @type {(password: string, salt: string, bytes: number, cost: typeof COST) => Promise<Buffer>} */
const scryptAsync = promisify(scrypt);
/** About 10 ms on one core: enough to be visible as authentication time, little enough for a demo. */
const COST = { N: 4096, r: 8, p: 1 };
const KEY_BYTES = 32;

export const SEED_PASSWORD = 'correct horse battery staple';

/** One account a role; employee ids are the first ones. */
export const SEED_USERS = [
  { email: 'ada@erp.example', role: 'admin' },
  { email: 'sam@erp.example', role: 'sales' },
  { email: 'wanda@erp.example', role: 'warehouse' },
  { email: 'penny@erp.example', role: 'purchasing' },
  { email: 'fred@erp.example', role: 'accountant' },
  { email: 'hanna@erp.example', role: 'hr' },
  { email: 'quinn@erp.example', role: 'quality' },
  { email: 'paul@erp.example', role: 'planner' },
];

/**
 * @param {string} password
 * @param {string} salt
 */
export function hashPassword(password, salt) {
  return `${salt}:${scryptSync(password, salt, KEY_BYTES, COST).toString('hex')}`;
}

/**
 * @param {string} password
 * @param {string} stored As made by hashPassword.
 * @returns {Promise<boolean>}
 */
export async function passwordMatches(password, stored) {
  const [salt = '', hex = ''] = stored.split(':');
  const key = await scryptAsync(password, salt, KEY_BYTES, COST);
  const expected = Buffer.from(hex, 'hex');
  return expected.length === key.length && timingSafeEqual(expected, key);
}
