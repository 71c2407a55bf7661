import { isUnwaited } from '../cost/fleet.js';
import { difference, given, parameter, type Traced } from '../formula/traced.js';
import { machineAvailability, machineAvailabilityOf, sizingAt } from '../places/fleet-numbers.js';
import type { Option } from '../places/option.js';
import { nameOf } from '../places/option.js';
import { isOwned } from '../places/own-hardware.js';
import type { Context } from '../places/placement.js';
import type { Kind } from '../tables/columns.js';
import { shiftDecimal } from '../units/amount.js';
import { countWords, fixedWords, isAtLeast, isAtMost, wordsBeside } from '../units/numeric.js';
import { type LatencyFigure, latestTtftMs, mustSee, type TaskPart, type Workload } from '../workload/workload.js';
import {
  availabilityTurn,
  condition,
  failed,
  type Gate,
  type PlanGate,
  passed,
  passedWith,
  type Turn,
  unknown,
  type Verdict,
} from './rule.js';

/** Share of time in which an option answers, and its source; null: unknown. */
export type Availability = { share: number; from: 'observed' | 'promised' | 'assumed' };

const wholeMachines: ReadonlySet<Kind> = new Set(['managed-hosting', 'self-hosted-cloud', 'on-prem']);

/** The parameter with the availability of machines of a kind; others depend on provider or user. */
function ofMachines(kind: Kind, standsAlone: boolean, { workload }: Context): string | null {
  if (kind === 'serverless-gpu') return 'availabilityGpuCloudSla';
  return wholeMachines.has(kind) ? machineAvailabilityOf(workload, standsAlone) : null;
}

/** Whether a machine has a spare only if the required availability exceeds its own. */
const standsAlone = ({ kind, desk, fleet }: Option, { workload }: Context): boolean =>
  desk ||
  (kind === 'on-prem' &&
    fleet !== null &&
    isOwned({ accelerator: fleet.accelerator, gpus: fleet.gpusPerUnit }, workload));

/** Availability of machines with a spare; null: they have one, or are no machines. */
const shareWithSpare = (option: Option, context: Context): number | null =>
  ofMachines(option.kind, standsAlone(option, context), context) === machineAvailability.withoutSpare
    ? context.workload.assume(machineAvailability.withSpare)
    : null;

/** Whether some machines of a kind may answer less of the time than so much. */
export const mayLack = (kind: Kind, share: number, context: Context): boolean =>
  [false, kind === 'on-prem'].some((desk) => {
    const name = ofMachines(kind, desk, context);
    return name !== null && context.workload.assume(name) < share;
  });

/** Observed availability of a provider's API, else its promise; of other places the usual one of their kind. */
export function availabilityOf(option: Option, context: Context): Availability | null {
  const found = tracedAvailability(option, context);
  return found && { share: found.share.value, from: found.from };
}

function tracedAvailability(option: Option, context: Context): { share: Traced; from: Availability['from'] } | null {
  const { provider, api } = option;
  const { parameterOf, serviceOf } = context.tables;
  const label = `share of time in which ${provider} answers`;
  const named = (name: string, from: Availability['from']) =>
    parameterOf.has(name) ? { share: parameter(label, name, context), from } : null;
  if (api === null) {
    const name = ofMachines(option.kind, standsAlone(option, context), context);
    if (name !== null) return named(name, 'assumed');
  }
  const observed = named(`availabilityApi${capitalized(provider)}`, 'observed');
  if (observed !== null) return observed;
  const service = serviceOf.get(provider);
  if (service === undefined || service.slaUptimePct === null) return null;
  const share = given(label, shiftDecimal(service.slaUptimePct, -2), 'fraction', {
    table: 'services',
    row: service.row,
  });
  return { share, from: 'promised' };
}

/** Share of time in which it does not answer; null: unknown. */
export function unavailableShare(option: Option, context: Context): Traced | null {
  const found = tracedAvailability(option, context);
  return (
    found &&
    difference(
      `share of time in which ${option.provider} does not answer`,
      'fraction',
      given('all of the time', 1, 'fraction'),
      found.share,
    )
  );
}

/**
 * Availability of two that replace each other: both down at random at once, but no better than two vendors reach, since
 * the switch fails too.
 */
export function twoTogether(a: Availability, b: Availability, { workload }: Context): number {
  return Math.min(1 - (1 - a.share) * (1 - b.share), workload.assume('availabilityApiTwoVendorFailover'));
}

/** A share of time as people write it, nines and all. */
const percentWords = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The required availability. A second provider is another plan: see the failover of a plan. */
export const availability: Gate = {
  id: 'availability',
  level: 'provider',
  asks: ({ needs }) => needs.availability !== null,
  check(option, taskPart, context) {
    const wanted = taskPart.needs.availability;
    if (wanted === null) return passed;
    const asked = `${percentWords(wanted)} of the time`;
    const found = availabilityOf(option, context);
    if (found === null)
      return unknown(() => ({ need: asked, reason: `ask ${option.provider} what share of time it promises` }));
    if (isAtLeast(found.share, wanted)) return passed;
    return failed(() => {
      const { words, share } = remedy(option, wanted, context);
      return {
        need: asked,
        have: percentWords(found.share),
        reason: `${option.provider} answers ${percentWords(found.share)} of the time (${found.from}): ${words}`,
        turnsAt: availabilityTurn(taskPart, found.share),
        figures: { havePercent: found.share * 100, needPercent: wanted * 100, reachablePercent: share * 100 },
      };
    });
  },
};

/** Whether an option and its fallback reach the required availability. */
export function availabilityOfPair(option: Option, standby: Option, taskPart: TaskPart, context: Context): Verdict {
  const wanted = taskPart.needs.availability;
  if (wanted === null) return passed;
  const need = `${percentWords(wanted)} of the time`;
  if (option.provider === standby.provider)
    return failed(() => ({
      need: 'two providers',
      have: 'one',
      reason: `${option.provider} does not stand in for itself: name a standby of another provider`,
    }));
  const [first, second] = [availabilityOf(option, context), availabilityOf(standby, context)];
  if (first === null || second === null) {
    const { provider } = first === null ? option : standby;
    return unknown(() => ({ need, reason: `ask ${provider} what share of time it promises` }));
  }
  const share = twoTogether(first, second, context);
  if (isAtLeast(share, wanted)) return passed;
  return failed(() => ({
    need,
    have: percentWords(share),
    reason: `${option.provider} with ${standby.provider} behind it answers ${percentWords(share)} of the time`,
    turnsAt: availabilityTurn(taskPart, share),
    figures: { havePercent: share * 100, needPercent: wanted * 100 },
  }));
}

/** A remedy, and its share of time: a spare, or a second provider's API. Machines are no fallback. */
function remedy(option: Option, asked: number, context: Context): { words: string; share: number } {
  const spared = shareWithSpare(option, context);
  if (spared !== null && isAtLeast(spared, asked))
    return {
      words: `with a spare machine (${sizingAt(context.workload, standsAlone(option, context)).spareNamed}) it would be ${percentWords(spared)}`,
      share: spared,
    };
  const share = context.workload.assume('availabilityApiTwoVendorFailover');
  const words =
    asked > share
      ? `with an API of another provider beside it no more than ${percentWords(share)} is reached`
      : 'an API of another provider could fill in';
  return { words, share };
}

/** On sale on the day of the assessment, and for long enough. */
export const available: Gate = {
  id: 'available',
  level: 'model',
  check(option, _taskPart, { workload, tables }) {
    const { retires, model, provisioned } = option;
    const toAsk = (): string[] =>
      (provisioned?.toAsk ?? []).map(
        ({ product, provider }) =>
          `ask ${nameOf('provider', provider, tables)} what ${product} costs: no price is published`,
      );
    if (retires !== null && retires <= workload.asOf) {
      return failed(() => ({
        need: 'on sale',
        have: `retired on ${retires}`,
        reason: `${model} is not on sale since ${retires}`,
      }));
    }
    // As text a day of a month comes after the month itself.
    if (retires !== null && retires < workload.endDay) {
      return condition(() => ({
        need: 'on sale for the whole horizon',
        have: `retires on ${retires}`,
        todos: [`plan a successor: ${model} retires on ${retires}`, ...toAsk()],
        warning: {
          code: 'retires-in-horizon',
          message: `${model} retires on ${retires}, before the horizon ends: what follows it is priced as if it stayed`,
        },
      }));
    }
    if ((provisioned?.toAsk.length ?? 0) > 0)
      return condition(() => ({ need: 'on sale', have: 'some prices are not published', todos: toAsk() }));
    return passed;
  },
};

/** What is seen of latency, in words, and where a task says what it wants of it. */
type LatencyTarget = {
  id: string;
  figure: LatencyFigure;
  what: string;
  unit: string;
  /** Its key under `tasks.<task>.latency`. */
  key: string;
  atMost: boolean;
  /** The latest that anybody waits for where the user wrote no target; null: any. */
  latest?: (taskPart: TaskPart, workload: Workload) => number | null;
};

/**
 * The rule that a user's target, or a limit, is met; a preset's is only scored, up to the latest that people wait for.
 * The unknown counts as in time.
 */
function latencyGate({ id, figure, what, unit, key, atMost, latest = () => null }: LatencyTarget): Gate {
  return {
    id,
    level: 'service',
    figure,
    asks: (taskPart, { workload }) => (mustSee(taskPart.needs, figure) ?? latest(taskPart, workload)) !== null,
    check(option, taskPart, { workload }, service) {
      const { needs, task } = taskPart;
      const last = latest(taskPart, workload);
      const soonest = last === null ? null : (service?.ttftP95AloneMs ?? service?.[figure] ?? null);
      if (last !== null && soonest !== null && !isAtMost(soonest, last))
        return failed(() => {
          const [seen] = wordsBeside(last, soonest, fixedWords(0));
          return {
            need: `${what} <= ${last} ${unit}, as nobody waits longer`,
            have: `${seen} ${unit}`,
            reason: `${what} is ${seen} ${unit}, and nobody waits longer than ${last}`,
            turnsAt: { path: `tasks.${task}.latency.${key}`, value: 'any' },
            figures: { have: soonest, need: last },
          };
        });
      const must = mustSee(needs, figure);
      if (must === null) return passed;
      // Latency may be slow to compute: only the limited figure is.
      const have = service?.[figure] ?? null;
      const need = `${what} ${atMost ? '<=' : '>='} ${must} ${unit}`;
      if (have === null)
        return unknown(() => ({ need, reason: `measure the ${what} of ${option.provider || option.model}` }));
      if (atMost ? isAtMost(have, must) : isAtLeast(have, must)) return passed;
      return failed(() => {
        const [seen] = wordsBeside(must, have, fixedWords(0));
        const words = `${seen} ${unit}`;
        return {
          need,
          have: words,
          reason: `${what} is ${words}`,
          turnsAt: { path: `tasks.${task}.latency.${key}`, value: have },
          figures: { have, need: must },
        };
      });
    },
  };
}

/** A warning: the plan needs more requests a minute of a provider than accounts get. */
export const seldomGiven = 'rate-limit-seldom';

const takes = ([provider, most]: [string, number]): string => `${provider} takes ${countWords(most)} requests a minute`;

/**
 * A provider takes the requests of the busiest minute. The tables have no limits: usual numbers pass, higher ones with
 * a warning on what to ask.
 */
export const rateLimits: PlanGate = {
  id: 'rate-limits',
  check({ requestsPerMinute }, { assume }) {
    const usual = assume('apiRequestsPerMinuteUnasked');
    const over = [...requestsPerMinute].filter(([, most]) => most > usual);
    if (over.length === 0) return passed;
    const seldom = assume('apiRequestsPerMinuteSeldom');
    const hangs = over.filter(([, most]) => most > seldom);
    const isSeldom = hangs.length > 0;
    const told = isSeldom ? hangs : over;
    const [asking, so] = isSeldom
      ? [
          (who: string, most: string) => `ask ${who} for ${most} requests in the busiest minute before anything else`,
          `the plan hangs on it, and few accounts get more than ${countWords(seldom)} (assumptions.apiRequestsPerMinuteSeldom)`,
        ]
      : [
          (who: string, most: string) => `ask ${who} whether it takes ${most} requests in the busiest minute`,
          'the tables know no rate limits',
        ];
    return passedWith(() => ({
      need: told.map(takes).join(', '),
      warning: {
        code: isSeldom ? seldomGiven : 'rate-limit-unknown',
        message: `${told.map(([provider, most]) => asking(provider, countWords(most))).join(', ')}: ${so}`,
        figures: { ...Object.fromEntries(told), ...(isSeldom && { seldom }) },
      },
    }));
  },
};

/** The answer is written fast enough. */
export const speed = latencyGate({
  id: 'speed',
  figure: 'tokensPerSecond',
  what: 'speed',
  unit: 'tokens/s',
  key: 'tokensPerSecond',
  atMost: false,
});

/** The whole answer is there in time. */
export const totalTime = latencyGate({
  id: 'total-time',
  figure: 'totalP95Ms',
  what: 'whole answer (p95)',
  unit: 'ms',
  key: 'totalP95',
  atMost: true,
});

/** A target within the error of an estimate: to be measured. */
function orMeasured(gate: Gate): Gate {
  return {
    ...gate,
    check(option, taskPart, context, service) {
      const { ttftP95Ms: target } = taskPart.needs;
      const band = service?.ttftP95Band;
      const must = mustSee(taskPart.needs, 'ttftP95Ms');
      const isEstimate =
        must !== null && must === target?.value && band && isAtMost(band.low, must) && !isAtMost(band.high, must);
      if (!isEstimate) return gate.check(option, taskPart, context, service);
      return condition(() => ({
        need: `first token (p95) <= ${must} ms`,
        have: `${fixedWords(0)(band.low)} to ${fixedWords(0)(band.high)} ms, estimated`,
        todos: [`measure the first token (p95) of ${option.provider} first: it is estimated from a median`],
        figures: { need: must, low: band.low, high: band.high },
      }));
    },
  };
}

/** The first token comes in time. */
export const ttft = orMeasured(
  latencyGate({
    id: 'ttft',
    figure: 'ttftP95Ms',
    what: 'first token (p95)',
    unit: 'ms',
    key: 'ttftP95',
    atMost: true,
    latest: latestTtftMs,
  }),
);

/** Whether it may be taken back or held up at short notice. */
const isInterruptible = ({ purchase, api }: Option): boolean => purchase === 'spot' || api?.speed === 'spot';

/** Why a task part may not be interrupted: text, whether naming it allows it, and what else would; null: it may. */
function steadyFor(taskPart: TaskPart, { workload }: Context): { why: string; byName: boolean; turnsAt?: Turn } | null {
  const { needs, task } = taskPart;
  if (needs.availability !== null) return { why: `${task} asks for availability`, byName: false };
  if (needs.regimes.length > 0 || (needs.sensitivity !== 'public' && needs.sensitivity !== 'internal'))
    return { why: `the data of ${task} are protected`, byName: true };
  const isTimed = [needs.ttftP95Ms, needs.totalP95Ms, needs.tokensPerSecond].some((target) => target?.by === 'user');
  if (isTimed) return { why: `${task} has a target on latency`, byName: true };
  if (isUnwaited(taskPart, workload)) return null;
  const turnsAt = { path: `tasks.${task}.deadline`, value: `${workload.assume('unwaitedFrom')}h` };
  return { why: `somebody waits for ${task}`, byName: true, turnsAt };
}

/** Spot machines suit work that nobody waits for; else they must be named, and prepared for. */
export const interruption: Gate = {
  id: 'interruption',
  level: 'provider',
  check(option, taskPart, context) {
    if (!isInterruptible(option)) return passed;
    const steady = steadyFor(taskPart, context);
    if (steady === null) return passed;
    const { why, byName, turnsAt } = steady;
    const need = option.api === null ? 'machines that stay' : 'a service that does not give way to others';
    if (!byName || !context.workload.rules.includeSpot)
      return failed(() => ({
        need,
        have: 'spot, which may be taken back',
        reason: `${why}, and spot may be taken back at short notice${byName ? ': include it in preferences to allow it' : ''}`,
        ...(turnsAt && { turnsAt }),
      }));
    return condition(() => ({
      need,
      have: 'spot, which may be taken back',
      todos: [
        option.api === null
          ? `keep on-demand machines of ${option.provider} ready: spot machines are taken back at short notice`
          : `have the standard service of ${option.provider} take what its spot service turns away`,
      ],
    }));
  },
};
