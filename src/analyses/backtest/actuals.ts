/** What was served, and the tokens of it as they were billed. */
export type Served = { requests: number; inputTokens: number; outputTokens: number };

/** What a plan would serve, and which of its output tokens are input written again: a file does not tell them apart. */
export type Said = Served & { rewrittenTokens?: number };

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

export function addServed(one: Said, other: Said): Said {
  const rewrittenTokens = (one.rewrittenTokens ?? 0) + (other.rewrittenTokens ?? 0);
  return {
    requests: one.requests + other.requests,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    ...(rewrittenTokens > 0 && { rewrittenTokens }),
  };
}

export const nothingServed: Served = { requests: 0, inputTokens: 0, outputTokens: 0 };
