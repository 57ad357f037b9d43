/** How values look on pages; every template sees these functions. */

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
const whole = new Intl.NumberFormat('en-IE', { maximumFractionDigits: 0 });

export const FORMATS = {
  /** @param {number} cents */
  money: (cents) => euros.format(cents / 100),
  /** @param {number} count */
  number: (count) => whole.format(count),
  /** @param {Date | string | null} when */
  date: (when) => (when ? new Date(when).toISOString().slice(0, 10) : '–'),
  /** @param {unknown} text */
  text: (text) => String(text ?? '–'),
};
