/** A database that does not tell who waits for whom, however often it is asked: it has no server, or an old one. */
import { AdvisorError } from '../advisor-error.js';

export class UntoldError extends AdvisorError {}
