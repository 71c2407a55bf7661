import { longPromptTokens } from '../capacity/queue/at-best.js';
import { type RequestColumns, requestColumns } from '../capacity/request-rate.js';
import { imageTokens } from '../cost/images.js';
import type { Context } from '../places/placement.js';
import { reasoningTokens } from '../places/tokens-written.js';
import { longestPrompt, type TaskPart } from '../workload/workload.js';
import type { Admitted } from './admitted.js';
import type { Catalog } from './catalog.js';
import { mostDominators } from './dominators.js';

/** Tokens written by family, reasoning included. */
export const writtenBy = (
  { families }: Pick<Catalog, 'families'>,
  taskPart: TaskPart,
  context: Context,
): Float64Array =>
  Float64Array.from(
    families,
    ({ option }) => taskPart.tokens.output + reasoningTokens(option, taskPart, context.workload),
  );

/** By family, 1 where it holds prompt and answer. */
export const holdsContext = (
  { families }: Pick<Catalog, 'families'>,
  written: Float64Array,
  { tokens }: TaskPart,
): Uint8Array =>
  Uint8Array.from(families, ({ option: { contextTokens } }, family) =>
    (contextTokens ?? Number.NaN) >= longestPrompt(tokens) + (written[family] as number) ? 1 : 0,
  );

/** Whether what holds prompt and answer is looked at, or the rest. */
export type Length = 'held' | 'too-long';

/** What requests take of items that hold prompt and answer, or do not. */
export function requestsOn({ catalog, items: chosen }: Admitted, context: Context, length: Length): RequestColumns {
  const { items, families } = catalog;
  const { workload, tables } = context;
  const [taskPart] = workload.taskParts as [TaskPart];
  const { tokens } = taskPart;
  const written = writtenBy(catalog, taskPart, context);
  const holds = holdsContext(catalog, written, taskPart);
  const familyOf = (item: number): number => items.family[item] as number;
  return requestColumns(
    items,
    chosen.filter((item) => (holds[familyOf(item)] === 1) === (length === 'held')),
    {
      inputTokens: tokens.input,
      cachedTokens: tokens.prefix * (tokens.cacheHitRate ?? workload.assume('ownPrefixCacheHit')),
      longestInputTokens: longestPrompt(tokens),
      longInputTokens: (mean) => longPromptTokens({ mean, sigma: workload.assume('inputLengthSpread'), max: null }),
      ...(tokens.images !== null && {
        imageTokens: (item) => imageTokens(families[familyOf(item)]?.option.family ?? '', taskPart, tables),
      }),
      writtenTokens: (item) => written[familyOf(item)] as number,
    },
    workload.assume('pagedKvOverhead'),
  );
}

/** Whether one item may stand for another that is no faster. */
export type StandsFor = (one: number, other: number) => boolean;

/**
 * Places of items in `requests`, those of least work first, without those of which another is as
 * fast on every machine (`standsFor`; null: all are kept).
 */
export function inOrderOfWork(
  { items, dominators }: Pick<Catalog, 'items' | 'dominators'>,
  requests: RequestColumns,
  standsFor: StandsFor | null,
): Int32Array {
  const work = Float64Array.from(
    requests.items,
    (item, at) =>
      (requests.freshTokens[at] as number) * (items.prefillParams[item] as number) +
      (requests.outputTokens[at] as number) *
        ((items.decodeParams[item] as number) + (items.weightBytes[item] as number)),
  );
  const placeOf = new Int32Array(items.count).fill(-1);
  for (let at = 0; at < requests.items.length; at++) placeOf[requests.items[at] as number] = at;
  const isUseful = (at: number): boolean => {
    if (standsFor === null) return true;
    const item = requests.items[at] as number;
    for (let k = item * mostDominators; k < (item + 1) * mostDominators; k++) {
      const one = dominators[k] as number;
      if (one === -1) return true;
      const other = placeOf[one] as number;
      if (other === -1 || requests.freshTokens[other] !== requests.freshTokens[at]) continue;
      if (requests.outputTokens[other] === requests.outputTokens[at] && standsFor(one, item)) return false;
    }
    return true;
  };
  const useful = new Int32Array(requests.items.length);
  let count = 0;
  for (let at = 0; at < useful.length; at++) if (isUseful(at)) useful[count++] = at;
  return useful.slice(0, count).sort((a, b) => (work[a] as number) - (work[b] as number) || a - b);
}
