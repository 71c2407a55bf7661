/** What was served, and the tokens of it as they were billed. */
export type Served = { requests: number; inputTokens: number; outputTokens: number };

/** One calendar month as it was. */
export type ActualMonth = Served & {
  /** `YYYY-MM`. */
  month: string;
  /** Months after the first one of the file. */
  index: number;
  paidUsd: number;
  /** By task; null where the file does not tell tasks apart. A task without a row served nothing. */
  tasks: ReadonlyMap<string, Served> | null;
};

/** Months in the order of the calendar; between them some may be missing. */
export type Actuals = { months: readonly ActualMonth[]; byTask: boolean };

export const addServed = (one: Served, other: Served): Served => ({
  requests: one.requests + other.requests,
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
});

export const nothingServed: Served = { requests: 0, inputTokens: 0, outputTokens: 0 };
