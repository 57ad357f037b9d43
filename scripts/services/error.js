/** The one table of what can go wrong when a service is wanted; codes are never reused. */

const SERVICE_ERRORS = {
  SERVICE_UNKNOWN: 'No such service is in the table.',
  SERVICE_NOT_INSTALLED: 'Neither a running server was named nor are its programs on this machine.',
  SERVICE_INSTALL_FAILED: 'The package manager could not install it.',
  SERVICE_START_FAILED: 'Its programs are here, but it did not become ready.',
  SERVICE_FOLDER_UNREACHABLE: 'The user who must run it cannot reach the data folder.',
};

export class ServiceError extends Error {
  /**
   * @param {keyof typeof SERVICE_ERRORS} code
   * @param {string} message What was expected, what was found, how to mend it.
   */
  constructor(code, message) {
    super(`${code}: ${SERVICE_ERRORS[code]} ${message.charAt(0).toUpperCase()}${message.slice(1)}`);
    this.name = 'ServiceError';
    this.code = code;
  }
}
