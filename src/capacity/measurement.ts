/** A speed that somebody measured and published, for one model on one kind of machine. */
export type Measurement = {
  family: string;
  accelerator: string;
  engine: string;
  quantization: string;
  acceleratorCount: number;
  promptTokens: number;
  outputTokens: number;
  /** Requests in flight. */
  concurrency: number | null;
  /** Of all requests together. */
  outputTokensPerS: number | null;
  ttftMsP50: number | null;
  tpotMsP50: number | null;
  source: string;
  date: string;
};

/** Those taken in or before the month of the snapshot, on hardware that existed then; in the order of the table. */
export const measuredBy = (
  measurements: readonly Measurement[],
  snapshot: string,
  exists: (measurement: Measurement) => boolean,
): Measurement[] => measurements.filter((each) => each.date.slice(0, 7) <= snapshot.slice(0, 7) && exists(each));
