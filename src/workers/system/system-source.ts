/** What both sources of the sampler are: something with two tiers. */
export interface SystemSource {
  /** Each sample interval (TACHOGRAPH_SAMPLE_INTERVAL). */
  sampleFast(): void | Promise<void>;
  /** Every minute or so. */
  sampleSlow(): void | Promise<void>;
  close(): void;
}
