import { isUnpriced } from '../cost/line.js';
import { cashExtraUsd, fteUsdPerMonth } from '../cost/people.js';
import type { Option } from '../placements/option.js';
import type { Case, SliceService } from '../placements/placement.js';
import { placementOf, placements } from '../placements/registry.js';
import type { Demand, Slice } from '../scenario/demand.js';
import type { ReadScenario } from '../scenario/read.js';
import { resolve } from '../scenario/resolve.js';
import { notConsidered } from './not-considered.js';
import type { Kind } from '../tables/rows.js';
import type { Prose, Tables } from '../tables/tables.js';
import { daysBetween } from '../units/month.js';
import type { Problem } from '../units/problem.js';
import { sha256 } from '../tables/sha256.js';
import { choose, type Choice, type KindBest } from './choose.js';
import type { Decision, NearestMiss, OptionReport, Recommendation, ScorecardRow, Warning } from './decision.js';
import { type Miss, nearMisses } from './near-misses.js';
import { conditions, costParts, failedGates, type Looked, lookAt, optionReport, planVerdicts } from './option-report.js';
import { monthsOf, type Plan, planOf } from './plan.js';
import { reasonsFor } from './reasons.js';
import { rounded, roundedOrNull } from './round.js';
import { scoresOf } from './scores.js';
import { verdictsOn } from './admission.js';
import { mayRun } from './gates/gate.js';
import { gateOrder } from './gates/registry.js';
import { optionWords, planWords } from './words.js';

const schemaVersion = '1.0.0';
const tokensPerMillion = 1e6;

export type AssessOptions = {
  /** The day of the assessment, `YYYY-MM-DD`: ages and retirements. */
  asOf: string;
  /** The decision alone: no draws, flips or levers. */
  point?: boolean;
  /** Ids of options to list whatever their rank. */
  include?: readonly string[];
  allOptions?: boolean;
  prose: Prose;
  tool: { name: string; version: string };
};

/**
 * Assesses a scenario against the tables: where each task should run, what that costs and why, what was turned down.
 * Pure: the same input gives the same decision.
 */
export function assess(read: ReadScenario, tables: Tables, options: AssessOptions): { decision: Decision; problems: Problem[] } {
  const { demand, warnings: problems } = resolve(read, tables, options.asOf);
  const of: Case = { demand, tables };
  const choice = choose(of);
  const plan = recommended(choice, of);
  const misses = plan === null ? nearMisses(of, Number.POSITIVE_INFINITY) : [];
  const { reports, missing } = shortlist(choice, plan, misses, of, options);
  const decision: Decision = {
    schemaVersion,
    tool: options.tool,
    scenario: { name: demand.name, file: read.file, sha256: sha256(read.text), assumed: assumedOf(demand) },
    tables: {
      snapshot: tables.snapshot.date,
      asOf: options.asOf,
      ageDays: daysBetween(tables.snapshot.date, options.asOf),
      sha256: tables.snapshot.sha256,
      priceBook: null,
    },
    considered: {
      total: choice.considered.total,
      feasible: choice.considered.feasible,
      rejectedBy: Object.fromEntries(gateOrder.filter((gate) => choice.considered.rejectedBy.has(gate)).map((gate) => [gate, choice.considered.rejectedBy.get(gate) ?? 0])),
      gap: choice.gap,
    },
    recommendation: plan === null ? nothingFits : recommendation(plan, choice, of),
    scorecard: choice.kinds.map((best) => scorecardRow(best, plan, choice, of)),
    options: reports,
    breakEven: [],
    ladder: [],
    guides: [],
    playbook: [],
    checklist: [],
    timeline: [],
    tornado: [],
    levers: [],
    nearestMisses: misses.map((miss) => missOf(miss)),
    warnings: [...warningsOf(read, plan, of), ...missing],
  };
  return { decision, problems };
}

const nothingFits: Recommendation = {
  status: 'infeasible',
  plan: null,
  shape: null,
  kinds: [],
  label: null,
  monthlyCost: null,
  monthlyCostRange: null,
  firstMonthCost: null,
  peakMonthCost: null,
  upfrontCost: null,
  costPerRequest: null,
  costPerMillionTokens: null,
  fteNeeded: null,
  cashExtra: null,
  savingsOverToday: null,
  assignments: [],
  costParts: [],
  routes: [],
  cheapest: null,
  premium: null,
  margin: null,
  probabilityBest: null,
  probabilityOverBudget: null,
  regret: null,
  reasons: [],
  conditions: [],
  flips: [],
};

/** The plan advised: best by the objective; inside the tie band fewer people, then fewer deployments, then more capable. */
function recommended({ cheapest, near }: Choice, of: Case): Plan | null {
  if (cheapest === null) return null;
  const capability = (plan: Plan) => scoresOf(scored(plan, cheapest, of), of).capability ?? 0;
  const ranked = near.map((plan) => ({ plan, capability: capability(plan) }));
  ranked.sort(
    (a, b) =>
      a.plan.fte - b.plan.fte ||
      a.plan.deployments.length - b.plan.deployments.length ||
      b.capability - a.capability ||
      a.plan.monthlyUsd - b.plan.monthlyUsd ||
      (a.plan.id < b.plan.id ? -1 : 1),
  );
  return ranked[0]?.plan ?? cheapest;
}

function scored(plan: Plan, cheapest: Plan | null, of: Case) {
  const services = new Map<Slice, SliceService | null>();
  const verdicts: { gate: string; state: string }[] = [];
  for (const { option, slices } of plan.deployments) {
    for (const slice of slices) {
      const service = placementOf(option.kind).service(option, slice, of);
      const seen = isUnpriced(service) ? null : service;
      services.set(slice, seen);
      for (const { gate, verdict } of verdictsOn(option, slice, of, seen)) verdicts.push({ gate, state: verdict.state });
    }
  }
  return { plan, cheapestUsd: cheapest?.monthlyUsd ?? null, verdicts, serviceOf: (slice: Slice) => services.get(slice) ?? null };
}

const kindsOf = (plan: Plan, demand: Demand): Kind[] => {
  const found = new Set(demand.slices.flatMap((slice) => plan.deployments.filter(({ slices }) => slices.includes(slice)).map(({ option }) => option.kind)));
  return [...found];
};

function recommendation(plan: Plan, choice: Choice, of: Case): Recommendation {
  const { demand } = of;
  const months = monthsOf(plan, of);
  const requestsPerMonth = demand.slices.reduce((sum, slice) => sum + requestsOf(slice, demand), 0);
  const tokensPerMonth = demand.slices.reduce((sum, slice) => sum + requestsOf(slice, demand) * (slice.tokens.input + slice.tokens.output), 0);
  const lines = [...plan.deployments.flatMap((deployment) => deployment.lines), ...plan.shared];
  const cheapest = choice.cheapest ?? plan;
  const runnerUp = choice.runnerUp;
  return {
    status: 'recommended',
    plan: plan.id,
    shape: plan.shape,
    kinds: kindsOf(plan, demand),
    label: planWords(plan),
    monthlyCost: rounded(plan.monthlyUsd),
    monthlyCostRange: null,
    firstMonthCost: rounded(months.firstUsd),
    peakMonthCost: rounded(months.peakUsd),
    upfrontCost: rounded(plan.upfrontUsd),
    costPerRequest: requestsPerMonth === 0 ? null : rounded(plan.monthlyUsd / requestsPerMonth),
    costPerMillionTokens: tokensPerMonth === 0 ? null : rounded((plan.monthlyUsd / tokensPerMonth) * tokensPerMillion),
    fteNeeded: rounded(plan.fte),
    cashExtra: rounded(cashExtraUsd(plan.fte, demand)),
    savingsOverToday: savings(plan, of),
    assignments: demand.slices.flatMap((slice) =>
      plan.deployments.filter(({ slices }) => slices.includes(slice)).map(({ option }) => ({ task: slice.task, part: slice.part, share: rounded(slice.share), option: option.id })),
    ),
    costParts: costParts(lines, demand.requestsPerDay),
    routes: plan.deployments.length === 1 ? [] : demand.slices.flatMap((slice) => plan.deployments.filter(({ slices }) => slices.includes(slice)).map(({ option }) => ({ when: `task = ${slice.task}`, to: option.id }))),
    cheapest: { plan: cheapest.id, monthlyCost: rounded(cheapest.monthlyUsd) },
    premium: rounded(plan.monthlyUsd - cheapest.monthlyUsd),
    margin: runnerUp === null ? null : { runnerUp: runnerUp.id, percent: rounded(100 * (runnerUp.monthlyUsd / plan.monthlyUsd - 1)) },
    probabilityBest: null,
    probabilityOverBudget: null,
    regret: null,
    reasons: reasonsFor(plan, runnerUp, choice.kinds, of),
    conditions: planConditions(plan, of),
    flips: [],
  };
}

const requestsOf = (slice: Slice, demand: Demand): number => (slice.requestsPerDay * slice.hours.reduce((sum, x) => sum + x, 0) * demand.hoursPerMonth) / slice.hours.length / 24;

function planConditions(plan: Plan, of: Case): string[] {
  const verdicts = plan.deployments.flatMap(({ option, slices }) =>
    slices.flatMap((slice) => {
      const service = placementOf(option.kind).service(option, slice, of);
      return verdictsOn(option, slice, of, isUnpriced(service) ? null : service).map(({ gate, verdict }) => ({ task: slice.task, gate, verdict }));
    }),
  );
  return conditions({ verdicts });
}

/** Today's bill and the people of today's option, less the plan; null where the scenario has no bill. */
function savings(plan: Plan, of: Case): number | null {
  const { today } = of.demand;
  if (today === null || today.billUsdPerMonth === null) return null;
  const option = findOption(today.option, of);
  const now = option === null ? null : planOf([{ option, slices: of.demand.slices }], of);
  const people = now === null || isUnpriced(now) ? 0 : fteUsdPerMonth(now.fte, of.demand);
  return rounded(today.billUsdPerMonth + people - plan.monthlyUsd);
}

const findOption = (id: string, of: Case): Option | null => {
  for (const placement of placements) {
    const found = placement.lookUp(id, of);
    if (found !== null) return found;
  }
  return null;
};

function scorecardRow({ kind, plan, feasible }: KindBest, chosen: Plan | null, { cheapest }: Choice, of: Case): ScorecardRow {
  if (plan === null) {
    const none = { volume: null, sensitivity: null, capability: null, team: null, latency: null, total: null };
    return { kind, feasible: false, monthlyCost: null, scores: none, option: null, verdict: 'no: nothing of this kind passes the rules' };
  }
  const scores = scoresOf(scored(plan, cheapest, of), of);
  const { volume, sensitivity, capability, team, latency, total } = scores;
  const failing = planVerdicts(plan, of).find(({ verdict }) => !mayRun(verdict));
  const more = chosen === null ? 0 : (plan.monthlyUsd / chosen.monthlyUsd - 1) * 100;
  const verdict = plan.id === chosen?.id ? 'recommended' : feasible ? `${more < 0 ? '' : '+'}${more.toFixed(0)} %` : `no: ${failing?.verdict.why().reason ?? 'fails a rule'}`;
  return {
    kind,
    feasible,
    monthlyCost: rounded(plan.monthlyUsd),
    scores: { volume: roundedOrNull(volume), sensitivity: roundedOrNull(sensitivity), capability: roundedOrNull(capability), team: roundedOrNull(team), latency: roundedOrNull(latency), total: roundedOrNull(total) },
    option: plan.id,
    verdict,
  };
}

/** The plan's options, the best of each kind, the runner-up, the nearest misses, and what the user asked to see. */
function shortlist(choice: Choice, plan: Plan | null, misses: readonly Miss[], of: Case, { include = [], prose }: AssessOptions): { reports: OptionReport[]; missing: Warning[] } {
  const listed = new Map<string, Looked>();
  const missing: Warning[] = [];
  const put = (option: Option) => {
    if (!listed.has(option.id)) listed.set(option.id, lookAt(option, of));
  };
  for (const one of [plan, choice.cheapest, choice.runnerUp, ...choice.kinds.map((best) => best.plan)]) for (const { option } of one?.deployments ?? []) put(option);
  for (const { looked } of misses) if (!listed.has(looked.option.id)) listed.set(looked.option.id, looked);
  for (const id of include) {
    const option = findOption(id, of);
    if (option === null) missing.push({ code: 'not-on-sale', message: `${id} is not on sale in the tables of ${of.tables.snapshot.date}` });
    else put(option);
  }
  const reports = [...listed.values()].map((looked) => {
    const inPlan = plan?.deployments.find(({ option }) => option.id === looked.option.id) ?? null;
    return optionReport(looked, of, prose, inPlan);
  });
  return { reports, missing };
}

function missOf({ looked, task, gate }: Miss): NearestMiss {
  const failing = failedGates(looked).find((one) => one.task === task && one.gate === gate);
  return {
    option: looked.option.id,
    task,
    gate,
    need: failing?.need ?? '',
    have: failing?.have ?? '',
    reason: failing?.reason ?? '',
    monthlyCost: looked.plan === null ? null : rounded(looked.plan.monthlyUsd),
  };
}

const assumedOf = ({ inputs }: Demand) => inputs.filter(({ origin }) => origin === 'assumed').map(({ path, text }) => ({ path, value: text }));

function warningsOf({ scenario }: ReadScenario, plan: Plan | null, of: Case): Warning[] {
  const warnings: Warning[] = notConsidered(scenario);
  for (const { option } of plan?.deployments ?? []) {
    if (option.api?.confidence === 'low') warnings.push({ code: 'low-confidence-price', message: `the price of ${optionWords(option)} comes from one weak source: check it` });
  }
  if (of.demand.slices.some(({ needs }) => needs.sensitivity === 'regulated' && needs.regimes.length === 0 && !needs.boundaryGiven)) {
    warnings.push({ code: 'regime-not-named', message: 'data are regulated but no regime is named, so they stay in your own account: name data.regimes' });
  }
  return warnings;
}
