/** What a lane says of itself. */

/** For `tachograph doctor` and the agent's own metrics. In records unless named otherwise. */
export interface LaneState {
  readonly label: string;
  readonly delivered: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly pending: Readonly<{ records: number; batches: number; bytes: number }>;
  /** Batches of dead processes that this worker took over, delivered, and gave up. */
  readonly adopted: Readonly<{ taken: number; delivered: number; lost: number }>;
  /** Of all processes that share the folder. */
  readonly spoolBytes: number;
  readonly memoryBytes: number;
  readonly sending: boolean;
  /** In a row; 0 while all is well. */
  readonly failures: number;
  readonly lastError: string;
  readonly lastDeliveredMs: number | undefined;
  readonly nextAttemptMs: number | undefined;
}
