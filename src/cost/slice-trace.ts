import {
  difference,
  given,
  parameter,
  predicted,
  product,
  quotient,
  type Source,
  stated,
  sum,
  type Traced,
} from '../formula/traced.js';
import { keptOf, type TurnsAlike } from '../workload/conversation.js';
import type { Demand, Slice } from '../workload/demand.js';
import { meanOf } from '../workload/load.js';

/** Ratios nearer to 1 than this go without saying. */
const negligible = 1e-12;
const says = (ratio: number): boolean => Math.abs(ratio - 1) > negligible;

const hoursPerDay = 24;
const secondsPerDay = 86_400;

const pathOf = ({ task }: Slice, key: string): string => `tasks.${task}.${key}`;

/** Where the scenario says how much a slice writes: what rewrites a text writes as much as it reads. */
export const outputPathOf = (slice: Pick<Slice, 'task' | 'rewrites'>): string =>
  `tasks.${slice.task}.tokens.${slice.rewrites ? 'input' : 'output'}`;

/** What the scenario, or a default of it, says at a path; null: nothing that is listed. */
const inputAt = (path: string, { inputs }: Pick<Demand, 'inputs'>): number | null => {
  const likely = inputs.find((input) => input.path === path)?.value.likely;
  return likely === undefined || Number.isNaN(likely) ? null : likely;
};

/** Mean requests a day of a slice at a volume of the axis, in month 1 or in the month that is looked at. */
export function requestsPerDayOf(slice: Slice, volume: number, demand: Demand): Traced {
  const { task, part, cut } = slice;
  const times = cut?.times ?? 1;
  const ofTask = slice.requestsPerDay / times;
  const ofPart = says(times) ? [given(`${part} requests of ${task}`, times, 'fraction')] : [];
  if (!slice.scales) {
    const own = stated(`requests of ${task}`, ofTask, 'requests/day', pathOf(slice, 'volume'));
    return ofPart.length === 0 ? own : product(`requests of ${task}.${part}`, 'requests/day', own, ...ofPart);
  }
  const base = inputAt('workload.volume', demand);
  const asStated = base === null || base === 0 ? 1 : volume / base;
  const all = stated('requests of the workload', volume / asStated, 'requests/day', 'workload.volume');
  const factors = [
    all,
    ...(says(asStated) ? [given('volume looked at, over that of month 1', asStated, 'ratio')] : []),
    ...(says(ofTask / demand.requestsPerDay)
      ? [stated(`share of ${task}`, ofTask / demand.requestsPerDay, 'fraction', pathOf(slice, 'share'))]
      : []),
    ...ofPart,
  ];
  return factors.length === 1 ? all : product(`requests of ${task}`, 'requests/day', ...factors);
}

/** Hours in a month, a convention that the user may change. */
export const hoursInMonth = ({ hoursPerMonth }: Pick<Demand, 'hoursPerMonth'>): Traced => ({
  ...given('hours in a month', hoursPerMonth, 'hours'),
  assumption: 'hoursPerMonth',
});

/** Requests of a slice in an average month of the horizon, at a volume of the axis. */
export function requestsPerMonthOf(slice: Slice, volume: number, demand: Demand): Traced {
  const [grown, busy] = [meanOf(demand.growth), meanOf(slice.hours)];
  return product(
    `requests of ${slice.task} in an average month`,
    'requests/month',
    requestsPerDayOf(slice, volume, demand),
    ...(says(grown) ? [stated('mean volume of the months, over month 1', grown, 'ratio', 'workload.growth')] : []),
    ...(says(busy) ? [stated('mean of the profile', busy, 'ratio', 'workload.profile')] : []),
    quotient('days in a month', 'days/month', hoursInMonth(demand), given('hours in a day', hoursPerDay, 'hours')),
  );
}

/** Requests a second of a slice, as a mean over month 1. */
export const requestsPerSecondOf = (slice: Slice, volume: number, demand: Demand): Traced =>
  quotient(
    `mean rate of ${slice.task}`,
    'requests/s',
    requestsPerDayOf(slice, volume, demand),
    given('seconds in a day', secondsPerDay, 's'),
  );

const foundPath = 'needs.rag.retrieved';
/** Tokens of the documents found for a prompt, where they come on top of what `tokens.input` says. */
export const foundTokens = (demand: Pick<Demand, 'inputs'>): number => inputAt(foundPath, demand) ?? 0;

/** Input as it is written, with what is found for it. */
function withFound(label: string, tokens: number, path: string, demand: Demand): Traced {
  const unit = 'tokens/request';
  const found = foundTokens(demand);
  return found === 0
    ? stated(label, tokens, unit, path)
    : sum(
        label,
        unit,
        stated('input without what is found', tokens, unit, path),
        stated('documents found for it', found, unit, foundPath),
      );
}

/** What earlier turns of a conversation send again, on average over some of its turns; null without earlier turns. */
function historyOf(
  slice: Slice,
  demand: Demand,
  some: TurnsAlike | null,
): { history: Traced; input: Traced; prefix: Traced } | null {
  const inputPath = pathOf(slice, 'tokens.input');
  const prefixPath = pathOf(slice, 'tokens.cacheablePrefix');
  const first = inputAt(inputPath, demand);
  const turns = inputAt('workload.turns', demand);
  if (first === null || turns === null || !says(turns)) return null;
  const input = withFound('input of a turn', first, inputPath, demand);
  const prefixTokens = slice.tokens.prefix - (slice.tokens.input - input.value);
  const prefix = stated('prefix of a turn', prefixTokens, 'tokens', prefixPath);
  const kept = keptOf(turns, demand.assume);
  const history = product(
    'tokens of earlier turns',
    'tokens/request',
    some === null || some.share === 1
      ? quotient(
          'mean number of earlier turns',
          'turns',
          difference(
            'turns before the last',
            'turns',
            stated('turns', turns, 'turns', 'workload.turns'),
            given('the turn itself', 1, 'turns'),
          ),
          given('mean of first and last', 2, 'ratio'),
        )
      : predicted(
          'mean number of earlier turns',
          some.earlier,
          'turns',
          'mean over those turns of a conversation whose prompts are billed alike',
          [stated('turns', turns, 'turns', 'workload.turns')],
        ),
    sum(
      'what a turn adds',
      'tokens',
      difference('input that is no prefix', 'tokens', input, prefix),
      stated('answer', slice.tokens.output, 'tokens', outputPathOf(slice)),
    ),
    ...(kept === 1 ? [] : [stated('share of it sent again', kept, 'fraction', 'assumptions.historySentShare')]),
  );
  return { history, input, prefix };
}

/**
 * Tokens of a mean request of a slice, or of some turns: all of the prompt, its cacheable prefix, and the visible answer.
 */
export function tokensOf(
  slice: Slice,
  demand: Demand,
  some: TurnsAlike | null = null,
): { input: Traced; prefix: Traced; output: Traced } {
  const turns = historyOf(slice, demand, some);
  const { output } = slice.tokens;
  const { input, prefix } = some ?? slice.tokens;
  const unit = 'tokens/request';
  return {
    input:
      turns === null
        ? withFound('input', input - foundTokens(demand), pathOf(slice, 'tokens.input'), demand)
        : sum('input', unit, turns.input, turns.history),
    prefix:
      turns === null
        ? stated('prefix', prefix, unit, pathOf(slice, 'tokens.cacheablePrefix'))
        : sum('prefix', unit, turns.prefix, turns.history),
    output: stated('answer', output, unit, outputPathOf(slice)),
  };
}

/** Requests of the months in which looking for the prefix does not cost more than what else there is. */
export const requestsThatLook = (looking: number, requests: Traced, mayWait: boolean): Traced =>
  product(
    'requests in months in which caching pays',
    'requests/month',
    requests,
    predicted(
      'share in such months',
      requests.value === 0 ? 0 : looking / requests.value,
      'fraction',
      mayWait
        ? 'months in which requests that look for the prefix cost no more than others or the batch tariff, weighed by requests'
        : 'months in which hits x cached price + misses x write price <= input price, weighed by requests',
      [],
    ),
  );

/** Requests a month that find their prefix in the provider's cache; `hits` says how many that are. */
export function requestsThatHit(slice: Slice, hits: number, requests: Traced, of: Source): Traced {
  const share = requests.value === 0 ? 0 : hits / requests.value;
  const label = 'share that finds the prefix';
  const rate =
    slice.tokens.cacheHitRate === null || Math.abs(slice.tokens.cacheHitRate - share) > negligible
      ? predicted(
          label,
          share,
          'fraction',
          'mean over the hours of 1 - exp(-requests a second of the hour x life of the cache), weighed by requests',
          [parameter('life of the cache', 'promptCacheLifeS', of)],
        )
      : stated(label, slice.tokens.cacheHitRate, 'fraction', pathOf(slice, 'tokens.cacheHitRate'));
  return product('requests that find the prefix', 'requests/month', requests, rate);
}
