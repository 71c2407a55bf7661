import {
  difference,
  given,
  parameter,
  predicted,
  product,
  productOf,
  quotient,
  type Source,
  stated,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import { hoursPerDay, secondsPerDay } from '../units/month.js';
import { keptOf, type Prompt, type TurnsAlike } from '../workload/conversation.js';
import { meanOf } from '../workload/load.js';
import type { TaskPart, Workload } from '../workload/workload.js';
import { type CacheLife, sessionHits } from './prompt.js';

/** Ratios nearer to 1 than this go without saying. */
const negligible = 1e-12;
const says = (ratio: number): boolean => Math.abs(ratio - 1) > negligible;

const pathOf = ({ task }: TaskPart, key: string): string => `tasks.${task}.${key}`;

/** Path of a task part's output tokens in the scenario; what rewrites a text writes as much as it reads. */
export const outputPathOf = (taskPart: Pick<TaskPart, 'task' | 'rewrites'>): string =>
  `tasks.${taskPart.task}.tokens.${taskPart.rewrites ? 'input' : 'output'}`;

/** What the scenario, or a default of it, has at a path; null: nothing listed. */
const inputAt = (path: string, { inputs }: Pick<Workload, 'inputs'>): number | null => {
  const likely = inputs.find((input) => input.path === path)?.value.likely;
  return likely === undefined || Number.isNaN(likely) ? null : likely;
};

/** Mean requests a day of a task part at a volume of the axis, in month 1 or the given month. */
function requestsPerDayOf(taskPart: TaskPart, volume: number, workload: Workload): Traced {
  const { task, part, cut } = taskPart;
  const times = cut?.times ?? 1;
  const ofTask = taskPart.requestsPerDay / times;
  const ofPart = says(times) ? given(`${part} requests of ${task}`, times, 'fraction') : null;
  if (!taskPart.scales) {
    const own = stated(`requests of ${task}`, ofTask, 'requests/day', pathOf(taskPart, 'volume'));
    return productOf(`requests of ${task}.${part}`, 'requests/day', [own, ofPart]);
  }
  const base = inputAt('workload.volume', workload);
  const asStated = base === null || base === 0 ? 1 : volume / base;
  const share = ofTask / workload.requestsPerDay;
  return productOf(`requests of ${task}`, 'requests/day', [
    stated('requests of the workload', volume / asStated, 'requests/day', 'workload.volume'),
    says(asStated) ? given('volume looked at, over that of month 1', asStated, 'ratio') : null,
    says(share) ? stated(`share of ${task}`, share, 'fraction', pathOf(taskPart, 'share')) : null,
    ofPart,
  ]);
}

/** Hours in a month, a convention that the user may change. */
export const hoursInMonth = ({ hoursPerMonth }: Pick<Workload, 'hoursPerMonth'>): Traced => ({
  ...given('hours in a month', hoursPerMonth, 'hours'),
  assumption: 'hoursPerMonth',
});

/** Requests of a task part in an average month, at a volume of the axis. */
export function requestsPerMonthOf(taskPart: TaskPart, volume: number, workload: Workload): Traced {
  const [grown, busy] = [meanOf(workload.growth), meanOf(taskPart.hours)];
  return product(
    `requests of ${taskPart.task} in an average month`,
    'requests/month',
    requestsPerDayOf(taskPart, volume, workload),
    says(grown) ? stated('mean volume of the months, over month 1', grown, 'ratio', 'workload.growth') : null,
    says(busy) ? stated('mean of the profile', busy, 'ratio', 'workload.profile') : null,
    quotient('days in a month', 'days/month', hoursInMonth(workload), given('hours in a day', hoursPerDay, 'hours')),
  );
}

/** Requests a second of a task part, as a mean over month 1. */
export const requestsPerSecondOf = (taskPart: TaskPart, volume: number, workload: Workload): Traced =>
  quotient(
    `mean rate of ${taskPart.task}`,
    'requests/s',
    requestsPerDayOf(taskPart, volume, workload),
    given('seconds in a day', secondsPerDay, 's'),
  );

const foundPath = 'needs.rag.retrieved';
/** Tokens of the documents found for a prompt, if on top of `tokens.input`. */
export const foundTokens = (workload: Pick<Workload, 'inputs'>): number => inputAt(foundPath, workload) ?? 0;

/** Input as it is written, with what is found for it. */
function withFound(label: string, tokens: number, path: string, workload: Workload): Traced {
  const unit = 'tokens/request';
  const found = foundTokens(workload);
  if (found === 0) return stated(label, tokens, unit, path);
  const without = stated('input without what is found', tokens, unit, path);
  return sum(label, unit, without, stated('documents found for it', found, unit, foundPath));
}

/** Tokens of earlier turns that are sent again, mean over some turns; null without earlier turns. */
function historyOf(
  taskPart: TaskPart,
  workload: Workload,
  some: TurnsAlike | null,
): { history: Traced; input: Traced; prefix: Traced } | null {
  const inputPath = pathOf(taskPart, 'tokens.input');
  const first = inputAt(inputPath, workload);
  const turns = inputAt('workload.turns', workload);
  if (first === null || turns === null || !says(turns)) return null;
  const input = withFound('input of a turn', first, inputPath, workload);
  const prefixTokens = taskPart.tokens.prefix - (taskPart.tokens.input - input.value);
  const prefix = stated('prefix of a turn', prefixTokens, 'tokens', pathOf(taskPart, 'tokens.cacheablePrefix'));
  const kept = keptOf(turns, workload.assume);
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
      stated('answer', taskPart.tokens.output, 'tokens', outputPathOf(taskPart)),
    ),
    kept === 1 ? null : stated('share of it sent again', kept, 'fraction', 'assumptions.historySentShare'),
  );
  return { history, input, prefix };
}

/** Tokens of a mean request, or of some turns: all of the prompt, and the visible answer. */
export function tokensOf(
  taskPart: TaskPart,
  workload: Workload,
  some: TurnsAlike | null = null,
): { input: Traced; output: Traced } {
  const turns = historyOf(taskPart, workload, some);
  const { output } = taskPart.tokens;
  const { input } = some ?? taskPart.tokens;
  const unit = 'tokens/request';
  return {
    input:
      turns === null
        ? withFound('input', input - foundTokens(workload), pathOf(taskPart, 'tokens.input'), workload)
        : sum('input', unit, turns.input, turns.history),
    output: stated('answer', output, unit, outputPathOf(taskPart)),
  };
}

/** Some tokens without others; those that are 0 are left out. */
export const minus = (label: string, all: Traced, ...others: readonly (Traced | null)[]): Traced =>
  others.reduce<Traced>(
    (left, other) => ((other?.value ?? 0) === 0 ? left : difference(label, 'tokens/request', left, other)),
    all,
  );

/** Tokens of a prompt that may be cached: shared by all requests, and from the session. */
export function prefixOf(
  taskPart: TaskPart,
  workload: Workload,
  some: TurnsAlike,
  prompt: Pick<Prompt, 'shared' | 'history'>,
): { shared: Traced; history: Traced } {
  const unit = 'tokens/request';
  const { tokens } = taskPart;
  const earlier = historyOf(taskPart, workload, some);
  const own = tokens.history - (earlier === null ? 0 : tokens.input - earlier.input.value);
  // Tokens are not known below that.
  const sessionPath = pathOf(taskPart, 'tokens.sessionPrefix');
  const ofSession = own > 1e-6 ? stated('prefix of the session', own, unit, sessionPath) : null;
  const prefix = stated('prefix', some.shared + own, unit, pathOf(taskPart, 'tokens.cacheablePrefix'));
  const ofAll = minus('prefix that all requests share', prefix, ofSession);
  const sent = [
    ofSession,
    earlier && minus('what earlier turns sent', earlier.history, answersOf(own, earlier.history)),
    // Too short to be kept for all, it is kept with the rest.
    prompt.shared === 0 && some.shared > 0 ? ofAll : null,
  ];
  const nothing = given('nothing', 0, unit);
  return {
    shared: prompt.shared === 0 ? nothing : ofAll,
    history: prompt.history === 0 ? nothing : sumOf('sent before in the session', unit, sent),
  };

  function answersOf(own: number, earlier: Traced): Traced {
    return predicted(
      'answer of the turn before',
      own + earlier.value - some.history,
      unit,
      'share of these turns that follow another x answer x share of it sent again: it is sent for the first time',
      [stated('answer', tokens.output, unit, outputPathOf(taskPart))],
    );
  }
}

/** Requests of the months in which looking for the prefix does not cost more. */
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

/** Requests a month that hit the prefix shared by all; `hits`: how many. */
export function requestsThatHit(
  taskPart: TaskPart,
  hits: number,
  requests: Traced,
  life: CacheLife,
  context: Source,
): Traced {
  const share = requests.value === 0 ? 0 : hits / requests.value;
  const label = 'share that finds the prefix';
  const rate =
    taskPart.tokens.cacheHitRate === null || Math.abs(taskPart.tokens.cacheHitRate - share) > negligible
      ? predicted(
          label,
          share,
          'fraction',
          'mean over the hours of 1 - exp(-requests a second of the hour x life of the cache), weighed by requests',
          [parameter('life of the cache', life, context)],
        )
      : stated(label, taskPart.tokens.cacheHitRate, 'fraction', pathOf(taskPart, 'tokens.cacheHitRate'));
  return product('requests that find the prefix', 'requests/month', requests, rate);
}

/** Share of the turns of a session that find what the one before sent, or miss it. */
export function turnsThat(find: boolean, taskPart: TaskPart, life: CacheLife, context: Source): Traced {
  const share = sessionHits(taskPart, life, context.workload);
  const label = 'share that comes while its session is kept';
  const found =
    taskPart.tokens.cacheHitRate === null
      ? predicted(label, share, 'fraction', '1 - exp(-life of the cache / mean gap between turns)', [
          parameter('life of the cache', life, context),
          parameter('mean gap between turns', 'turnGapS', context),
        ])
      : stated(label, share, 'fraction', pathOf(taskPart, 'tokens.cacheHitRate'));
  return find ? found : difference('share that comes later', 'fraction', given('all of them', 1, 'fraction'), found);
}
