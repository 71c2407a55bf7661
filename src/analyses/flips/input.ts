/** A number of the scenario: where it stands, and between which values the advice is looked at. */
export type NumberInput = {
  is: 'number';
  path: string;
  unit: string;
  /** Null: the scenario has no such rule. */
  from: number | null;
  /** Where the search begins: `from`, or the value at which the rule asks for nothing. */
  start: number;
  low: number;
  high: number;
  whole: boolean;
  /** Significant digits of the values told. */
  digits: number;
  /** What `from` is compared with to say how near a value is: `from`, or what the plan has. */
  near: number;
  /** What a share lacks to this is what counts: 99.9 % is twice as far from 100 % as 99.95 %. */
  outOf?: number;
  /** The value as written, where it is no bare number: a rule of another form stands there. */
  write?: (value: number) => string;
};

/** A word, a switch or a list: what it may be instead. `ordered`: in steps, so that the nearest one is meant. */
export type WordInput = { is: 'word'; path: string; from: string; words: readonly string[]; ordered: boolean };

export type FlipInput = NumberInput | WordInput;

/** What `--set` takes: `workload.volume=181000 requests/day`. */
export const settingOf = (path: string, value: number | string, unit: string): string => `${path}=${value} ${unit}`;
