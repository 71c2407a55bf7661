import type { Option } from '../places/option.js';
import type { Second, SecondChoice } from './apis.js';
import type { Staffed } from './people.js';

/** A set of tasks on one deployment. `usd` a month: bill, people for its own machines, and `termsUsd`. */
export type Part = Staffed & {
  set: number;
  second: Second | null;
  usd: number;
  termsUsd: number;
  /** Of that what its own models count. */
  modelsUsd: number;
  /** Number of its deployment type. */
  kind: number;
  /** Unit and offer (-1: no machines), item or API, cards of a replica. */
  unit: number;
  offer: number;
  at: number;
  cards: number;
  /** Accelerator of which it uses what is owned; -1: none. */
  owned: number;
  upfrontUsd: number;
  /** USD that a month is billed at the least. */
  cashUsd: number;
  fte: number;
  /** Of devices. */
  option: Option | null;
};

type Given = Pick<Part, 'set' | 'usd' | 'kind' | 'at' | 'staff' | 'provider'> & Partial<Part>;

/** A part, with defaults for what only machines have. One layout of fields for all, as mixed ones are slow to read. */
export const partOf = (given: Given): Part => ({
  set: given.set,
  usd: given.usd,
  termsUsd: given.termsUsd ?? 0,
  modelsUsd: given.modelsUsd ?? 0,
  cashUsd: given.cashUsd ?? 0,
  upfrontUsd: given.upfrontUsd ?? 0,
  kind: given.kind,
  unit: given.unit ?? -1,
  offer: given.offer ?? -1,
  at: given.at,
  cards: given.cards ?? 0,
  owned: given.owned ?? -1,
  fte: given.fte ?? 0,
  staff: given.staff,
  machines: given.machines ?? 0,
  provider: given.provider,
  model: given.model ?? -1,
  onCall: given.onCall ?? 0,
  requestsPerDay: given.requestsPerDay ?? 0,
  option: given.option ?? null,
  second: given.second ?? null,
});

/** A part with a second place: its own models' terms are weighted by its share of requests. */
export function withSecond(part: Part, { second, usd, termsUsd }: SecondChoice): Part {
  const away = second.share * part.modelsUsd;
  return partOf({
    ...part,
    second,
    usd: part.usd - away + usd,
    termsUsd: part.termsUsd - away + termsUsd,
    cashUsd: part.cashUsd + usd - termsUsd,
  });
}

/** Whether a part costs no more, in all that rules may limit. */
export const isNoDearer = (a: Part, b: Part): boolean =>
  (a.second === null || a.second.provider === b.second?.provider) &&
  a.usd <= b.usd &&
  a.machines <= b.machines &&
  a.upfrontUsd <= b.upfrontUsd &&
  a.cashUsd <= b.cashUsd;
