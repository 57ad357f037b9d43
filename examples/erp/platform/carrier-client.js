/** Asks the carrier what a parcel costs. A carrier that fails or dawdles must not stop an order. */

const ANSWER_MS_MAX = 1_500;
/** Our own tariff, used when the carrier gives none. */
const FALLBACK_BASE_CENTS = 900;
const FALLBACK_CENTS_PER_KG = 120;

/**
 * @typedef {object} Rate
 * @property {string} carrier
 * @property {number} costCents
 * @property {number} days
 */

/**
 * @param {string} carrierUrl
 * @param {{ country: string, weightGrams: number }} parcel
 * @returns {Promise<Rate[]>} Cheapest first, never empty.
 */
export async function carrierRates(carrierUrl, { country, weightGrams }) {
  const query = new URLSearchParams({ country, weight: String(weightGrams) });
  try {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const response = await fetch(`${carrierUrl}/v2/rates?${query}`, { signal });
    if (response.ok) return /** @type {Rate[]} */ (await response.json());
    await response.body?.cancel();
  } catch {
    // Refused, timed out or not JSON: the same to us as an error status.
  }
  const costCents = FALLBACK_BASE_CENTS + Math.ceil(weightGrams / 1000) * FALLBACK_CENTS_PER_KG;
  return [{ carrier: 'House tariff', costCents, days: 5 }];
}
