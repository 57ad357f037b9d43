/** What both sources of the sampler are: something with two tiers. */
export interface SystemSource {
  /** Every two seconds or so. */
  sampleFast(): void | Promise<void>;
  /** Every minute or so. */
  sampleSlow(): void | Promise<void>;
  close(): void;
}
