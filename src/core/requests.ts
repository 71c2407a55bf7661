import { longPromptTokens } from '../capacity/queue/at-best.js';
import { type RequestColumns, requestColumns } from '../capacity/request-rate.js';
import { mediaTokens, promptToHold } from '../cost/audio.js';
import type { Context } from '../places/placement.js';
import { reasoningTokens } from '../places/tokens-written.js';
import { remembering } from '../units/memo.js';
import { longestPrompt, onlyPart, type TaskPart } from '../workload/workload.js';
import type { Admitted } from './admitted.js';
import type { Catalog } from './catalog.js';

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
  taskPart: TaskPart,
  context: Context,
): Uint8Array =>
  Uint8Array.from(families, ({ option }, at) =>
    (option.contextTokens ?? Number.NaN) >= promptToHold(option.family, taskPart, context) + (written[at] as number)
      ? 1
      : 0,
  );

/** Whether what holds prompt and answer is looked at, or the rest. */
export type Length = 'held' | 'too-long';

/** What requests take of items that hold prompt and answer, or do not. */
export function requestsOn({ catalog, items: chosen }: Admitted, context: Context, length: Length): RequestColumns {
  const { items, families } = catalog;
  const { workload } = context;
  const taskPart = onlyPart(workload);
  const { tokens } = taskPart;
  const sigma = workload.assume('inputLengthSpread');
  const written = writtenBy(catalog, taskPart, context);
  const holds = holdsContext(catalog, written, taskPart, context);
  const familyOf = (item: number): number => items.family[item] as number;
  return requestColumns(
    items,
    chosen.filter((item) => (holds[familyOf(item)] === 1) === (length === 'held')),
    {
      inputTokens: tokens.input,
      cachedTokens: tokens.prefix * (tokens.cacheHitRate ?? workload.assume('ownPrefixCacheHit')),
      longestInputTokens: longestPrompt(tokens),
      longInputTokens: remembering((mean) => longPromptTokens({ mean, sigma, max: null })),
      ...((tokens.images !== null || tokens.audioSeconds !== undefined) && {
        imageTokens: (item) => mediaTokens(families[familyOf(item)]?.option.family ?? '', taskPart, context),
      }),
      writtenTokens: (item) => written[familyOf(item)] as number,
    },
    workload.assume('pagedKvOverhead'),
  );
}
