import { countWords } from '../../units/format.js';
import { keptOf, oneTurn } from '../../workload/conversation.js';
import type { TaskPart, Workload } from '../../workload/workload.js';
import { type Causes, fittedGrowth } from './causes.js';
import { ratio, tokenRatios } from './months.js';
import { type ActualMonth, addServed, nothingServed, type Said, type Served } from './read-actuals.js';

/** What the actuals say a field of the scenario should have been. */
export type Correction = {
  cause: keyof Causes;
  path: string;
  from: number;
  to: number;
  /** Both with their unit. */
  fromText: string;
  toText: string;
  /** What `--set` takes; null: nothing in the scenario says it. */
  set: string | null;
};

/** Months and their sums, by task: what was predicted for the requests there were, and what there was. */
export type Compared = {
  workload: Workload;
  months: readonly ActualMonth[];
  /** Requests predicted for those months. */
  predictedRequests: number;
  /** Growth per month that the scenario has. */
  growthPerMonth: number;
  /** Tokens that the plan would have been billed for the actual requests, by task. */
  predictedTokens: ReadonlyMap<string, Said>;
  actual: Served;
  /** Null where the file does not tell tasks apart. */
  actualByTask: ReadonlyMap<string, Served> | null;
  /** Tokens of documents found for a request, which are beside those of the task. */
  retrievedTokens: number;
  predictedUsd: number;
  /** At actual requests and tokens. */
  atActualUsd: number;
  /** What a discount on tokens, rental and hosting would lower of that. */
  discountableUsd: number;
  paidUsd: number;
};

/** Digits in which a correction is told; what is the same in them needs none. */
const digits = 3;
const digitsAbove = 10 ** digits;
const short = (value: number): number => Number(value.toPrecision(digits));
/** As `--set` takes it, and as one reads it. */
const plain = (value: number): string => String(short(value));
const read = (value: number): string =>
  Math.abs(short(value)) >= digitsAbove ? countWords(short(value)) : plain(value);
const percent = (fraction: number): string => `${Number((fraction * 100).toFixed(1))}%`;

/**
 * Which inputs would have predicted what was, the largest cause first: volume and growth from the requests, tokens and
 * shares by task, and what a discount would have to be. One `--set` each; together they are the scenario that fits.
 */
export function correctionsOf(compared: Compared, causes: Causes): Correction[] {
  const all = [...volumeOf(compared), ...sharesOf(compared), ...tokensOf(compared), ...pricesOf(compared)];
  const size = ({ cause }: Correction) => Math.abs(causes[cause]);
  return all
    .filter(({ fromText, toText }) => fromText !== toText)
    .map((one, at) => ({ one, at }))
    .sort((a, b) => size(b.one) - size(a.one) || a.at - b.at)
    .map(({ one }) => one);
}

/** Volumes are told in requests a day, whatever they were written in. */
const perDay = (value: number): string => `${read(value)} requests/day`;

function volumeOf({
  workload,
  months,
  predictedRequests,
  growthPerMonth,
  actual,
  actualByTask,
}: Compared): Correction[] {
  const fit = fittedGrowth(months);
  const total = workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0);
  // No requests at all are told as such: the scenario did not say them.
  const overSaid = predictedRequests > 0 ? actual.requests / predictedRequests : 1;
  const factor = fit === null ? overSaid : ratio(fit.firstPerDay, total);
  const scaling = workload.taskParts.filter(({ scales }) => scales);
  const own = wholeTasks(workload).filter(({ scales }) => !scales);
  const factorOf = (tasks: readonly TaskPart[]): number => {
    if (actualByTask === null) return factor;
    const names = new Set(tasks.map(({ task }) => task));
    const said = workload.taskParts.reduce(
      (sum, { task, requestsPerDay }) => sum + (names.has(task) ? requestsPerDay : 0),
      0,
    );
    const was = [...names].reduce((sum, name) => sum + (actualByTask.get(name)?.requests ?? 0), 0);
    // Of all requests at the fitted first month, the part that these tasks had.
    return total > 0 && actual.requests > 0 ? (factor * (was / actual.requests)) / (said / total) : factor;
  };
  const growth: Correction[] =
    fit === null
      ? []
      : [
          {
            cause: 'volume',
            path: 'workload.growth',
            from: growthPerMonth,
            to: fit.growthPerMonth,
            fromText: `${percent(growthPerMonth)} per month`,
            toText: `${percent(fit.growthPerMonth)} per month`,
            set: `workload.growth=${percent(fit.growthPerMonth)} per month`,
          },
        ];
  return [
    ...(scaling.length === 0 ? [] : [volume('workload.volume', workload.requestsPerDay, factorOf(scaling))]),
    ...own.map((taskPart) => volume(`tasks.${taskPart.task}.volume`, taskPart.requestsPerDay, factorOf([taskPart]))),
    ...growth,
  ];
}

function volume(path: string, from: number, factor: number): Correction {
  const to = from * factor;
  return {
    cause: 'volume',
    path,
    from,
    to,
    fromText: perDay(from),
    toText: perDay(to),
    // A scenario has requests: none at all is nothing that it says.
    set: to > 0 ? `${path}=${plain(to)} requests/day` : null,
  };
}

/** Tasks as a whole: developers and tests are a share of them. */
const wholeTasks = ({ taskParts }: Workload): TaskPart[] => taskParts.filter(({ id, task }) => id === task);

/** Shares of the tasks that share a volume, where the file tells tasks apart. */
function sharesOf({ workload, actualByTask }: Compared): Correction[] {
  const sharing = wholeTasks(workload).filter(({ scales }) => scales);
  if (actualByTask === null || sharing.length < 2) return [];
  const was = (task: string) => actualByTask.get(task)?.requests ?? 0;
  const all = sharing.reduce((sum, { task }) => sum + was(task), 0);
  const said = sharing.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0);
  if (all === 0 || said === 0) return [];
  return sharing.map(({ task, requestsPerDay }) => {
    const [from, to] = [requestsPerDay / said, was(task) / all];
    const path = `tasks.${task}.share`;
    return {
      cause: 'mix' as const,
      path,
      from,
      to,
      fromText: percent(from),
      toText: percent(to),
      set: `${path}=${percent(to)}`,
    };
  });
}

/** Tokens that a task writes itself: what is found for it and what earlier turns bring is taken out again. */
function tokensOf(compared: Compared): Correction[] {
  const { workload, predictedTokens, actual, actualByTask, retrievedTokens } = compared;
  const input = (path: string) => workload.inputs.find((each) => each.path === path)?.value.likely;
  const turns = input('workload.turns') ?? 1;
  const all = [...predictedTokens.values()].reduce(addServed, nothingServed);
  return wholeTasks(workload).flatMap((taskPart) => {
    const { task, tokens } = taskPart;
    const was = actualByTask === null ? actual : actualByTask.get(task);
    const said = predictedTokens.get(task);
    if (was === undefined || was.requests === 0 || said === undefined) return [];
    const billed = actualByTask === null ? all : said;
    const { input: readRatio, output: answers } = tokenRatios(was, billed);
    // Where what is written again would take all of the output, nobody can tell what answers took.
    const wrote = answers === 0 && was.outputTokens > 0 ? 1 : answers;
    const own = oneTurn(
      {
        input: tokens.input * readRatio,
        prefix: tokens.prefix * readRatio,
        history: tokens.history * readRatio,
        output: tokens.output * wrote,
      },
      { turns, kept: keptOf(turns, workload.assume) },
    );
    const [from, output] = [input(`tasks.${task}.tokens.input`), tokens.output];
    return [
      ...(from === undefined ? [] : [tokenField(task, 'input', from, Math.max(0, own.input - retrievedTokens))]),
      tokenField(task, 'output', output, output * wrote),
    ];
  });
}

function tokenField(task: string, which: 'input' | 'output', from: number, to: number): Correction {
  const path = `tasks.${task}.tokens.${which}`;
  const text = (tokens: number) => `${read(tokens)} tokens`;
  const set = to > 0 ? `${path}=${plain(to)}` : null;
  return { cause: 'mix', path, from, to, fromText: text(from), toText: text(to), set };
}

/**
 * The discount on tokens, rental and hosting that would explain what remains; a surcharge is no discount, and neither is what
 * the rest of the bill would have to cost less, as that of bought machines: both are told of the whole bill.
 */
function pricesOf({ atActualUsd, discountableUsd, paidUsd }: Compared): Correction[] {
  if (atActualUsd <= 0) return [];
  const missing = atActualUsd - paidUsd;
  const isDiscount = missing > 0 && missing <= discountableUsd;
  const to = Number(((missing / (isDiscount ? discountableUsd : atActualUsd)) * 100).toFixed(1));
  const text = (value: number) =>
    value < 0
      ? `${-value} % above the prices`
      : `${value} % ${isDiscount || value === 0 ? 'off' : 'below what it comes to'}`;
  const set = isDiscount && to > 0 ? `prices.discounts=[{percent: ${to}, on: [tokens, rental, hosting]}]` : null;
  return [{ cause: 'price', path: 'prices.discounts', from: 0, to, fromText: text(0), toText: text(to), set }];
}
