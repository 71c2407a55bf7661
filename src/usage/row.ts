export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** One record of a usage export of any tool: a call, or all calls of a time bucket. */
export type UsageRow = {
  /** Milliseconds since 1970 in UTC; `until`: the end of a bucket, null for a call. */
  at: number;
  until: number | null;
  calls: number;
  failed: number;
  /** All of the prompt: cached and cache-written tokens inside. */
  input: number;
  /** Null: not reported. */
  cached: number | null;
  written5m: number | null;
  written1h: number | null;
  /** Reasoning inside. */
  output: number;
  reasoning: number | null;
  /** Null: not reported; 0 with tokens is a price that nobody set, so null too. */
  usd: number | null;
  batch: boolean;
  ttftMs: number | null;
  totalMs: number | null;
} & Record<Name, string | null>;

/** Names of a record. Keys, sessions and ids are compared and never written. */
type Name = 'provider' | 'model' | 'tag' | 'name' | 'route' | 'project' | 'key' | 'session' | 'id';

/** Why a file cannot be read, and where. */
export class ReadFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly line: number | null = null,
    readonly hint: string | null = null,
    readonly column = 1,
  ) {
    super(message);
  }
}
