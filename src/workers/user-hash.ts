/**
 * The user of a request as it leaves the process: HMAC-SHA-256 under TACHOGRAPH_USER_SALT, of which 64 bits
 * tell people apart, and lead back to nobody who does not know the salt. Runs in the agent's worker.
 */

/** Hexadecimal digits. */
const LENGTH = 16;

/** An empty salt: one is drawn, and hashes are comparable until this worker ends. */
export function createUserHash(salt: string): (user: string) => string {
  let key: string | Buffer = salt;
  return (user) => {
    // Most processes tell of no user, and loading it takes memory.
    const { createHmac, randomBytes } = process.getBuiltinModule('node:crypto');
    if (key === '') key = randomBytes(32);
    return createHmac('sha256', key).update(user).digest('hex').slice(0, LENGTH);
  };
}
