import type { CostPart, Decision, LeverReport, OptionReport, Scores } from '../decide/decision.js';

/** The keys of a value in printing order, and below each key the same for what it holds; `null` where order is not ours. */
type KeysOf<T> = unknown extends T
  ? null
  : T extends readonly (infer Item)[]
    ? KeysOf<Item>
    : T extends object
      ? string extends keyof T
        ? null
        : { [Key in keyof T]-?: KeysOf<NonNullable<T[Key]>> }
      : null;

type KeyTree = { readonly [key: string]: KeyTree | null };

const costPart: KeysOf<CostPart> = { part: null, label: null, monthly: null, upfront: null };

const scores: KeysOf<Scores> = {
  volume: null,
  sensitivity: null,
  capability: null,
  team: null,
  latency: null,
  total: null,
};

const option: KeysOf<OptionReport> = {
  id: null,
  kind: null,
  provider: null,
  model: null,
  mode: null,
  quantization: null,
  hardware: null,
  instance: null,
  region: null,
  purchase: null,
  feasible: null,
  verdict: null,
  figures: null,
  failedGates: { gate: null, task: null, need: null, have: null, reason: null, figures: null },
  conditions: null,
  unpriced: null,
  monthlyCost: null,
  upfrontCost: null,
  costParts: { ...costPart, formula: null, sources: null },
  capability: null,
  ttftP95Ms: null,
  tokensPerSecond: null,
  replicas: null,
  utilization: null,
  devices: { count: null, shareAble: null },
  fte: null,
  lockIn: null,
  burden: null,
};

const lever: KeysOf<LeverReport> = {
  id: null,
  label: null,
  applies: null,
  reason: null,
  alreadyIn: null,
  savesNow: null,
  change: null,
  changes: { path: null, from: null, to: null, unit: null },
  appliesTo: null,
  monthlyCost: null,
  saves: null,
  percent: null,
  extraCost: null,
  plan: null,
  planLabel: null,
  latency: { task: null, what: null, fromMs: null, toMs: null },
  comparison: {
    apiPlan: null,
    apiCost: null,
    optimizedApiPlan: null,
    optimizedApiLabel: null,
    optimizedApiCost: null,
    pulled: null,
    leftOut: null,
    selfHostedPlan: null,
    selfHostedCost: null,
    optimizedSelfHostedCost: null,
    todayOption: null,
    todayCost: null,
  },
  caveat: null,
  sources: null,
};

const recommendation: KeysOf<Decision['recommendation']> = {
  status: null,
  plan: null,
  shape: null,
  kinds: null,
  label: null,
  monthlyCost: null,
  monthlyCostRange: { p5: null, p50: null, p95: null },
  firstMonthCost: null,
  peakMonthCost: null,
  upfrontCost: null,
  costPerRequest: null,
  costPerMillionTokens: null,
  fteNeeded: null,
  cashExtra: null,
  savingsOverToday: null,
  payback: { breakEvenMonth: null, netPresentValue: null, exitCost: null, resaleValue: null, capitalCost: null },
  scores,
  assignments: { task: null, part: null, share: null, option: null, capabilityNeed: null, capability: null },
  costParts: costPart,
  routes: { when: null, to: null },
  cheapest: { plan: null, monthlyCost: null },
  premium: null,
  margin: { runnerUp: null, percent: null },
  probabilityBest: null,
  probabilityOverBudget: null,
  regret: null,
  reasons: null,
  why: { code: null, text: null, figures: null },
  conditions: null,
  flips: {
    parameter: null,
    from: null,
    to: null,
    unit: null,
    direction: null,
    becomes: null,
    becomesLabel: null,
    becomesKinds: null,
    monthlyCost: null,
    extraCost: null,
    month: null,
    distance: null,
    verified: null,
  },
  noFlips: { parameter: null, from: null, low: null, high: null, unit: null, words: null, decided: null },
};

/** The printing order of a decision's keys. A key missing here does not compile. */
const decisionKeys: KeysOf<Decision> = {
  schemaVersion: null,
  tool: { name: null, version: null },
  scenario: { name: null, file: null, sha256: null, horizonMonths: null, assumed: { path: null, value: null } },
  tables: { snapshot: null, asOf: null, ageDays: null, sha256: null, priceBook: null },
  considered: { total: null, feasible: null, rejectedBy: null, gap: null },
  recommendation,
  scorecard: {
    kind: null,
    feasible: null,
    monthlyCost: null,
    scores,
    option: null,
    verdict: null,
    figures: null,
  },
  pareto: { plan: null, label: null, kinds: null, monthlyCost: null, capability: null, latency: null, fte: null },
  criteria: {
    kind: null,
    feasible: null,
    plan: null,
    startWeeks: { low: null, likely: null, high: null },
    costSmall: null,
    costLarge: null,
    quality: null,
    boundary: null,
    ttftP95Ms: null,
    customization: null,
    burden: null,
    lockIn: null,
    scaling: null,
    dependency: null,
    sources: null,
  },
  asked: {
    id: null,
    label: null,
    kinds: null,
    feasible: null,
    monthlyCost: null,
    verdict: null,
    figures: null,
    failedGates: option.failedGates,
  },
  options: option,
  breakEven: {
    a: null,
    b: null,
    axis: null,
    unit: null,
    upTo: null,
    crossings: { at: null, cheaperBelow: null, cheaperAbove: null },
    alternates: { from: null, to: null },
    never: null,
  },
  ladder: { from: null, to: null, plan: null, label: null, kinds: null, monthlyCost: null },
  guides: {
    id: null,
    verdict: null,
    shape: null,
    agrees: null,
    points: null,
    unmet: null,
    unknown: null,
    because: null,
  },
  playbook: {
    step: null,
    id: null,
    phase: null,
    when: null,
    date: null,
    trigger: null,
    do: null,
    cost: null,
    fromShare: null,
    toShare: null,
    volume: null,
    month: null,
    days: null,
    fte: null,
    figures: null,
    source: null,
  },
  checklist: { item: null, because: null, source: null },
  timeline: {
    month: null,
    date: null,
    requestsPerDay: null,
    paid: null,
    cumulative: null,
    today: null,
    cumulativeToday: null,
  },
  tornado: null,
  levers: lever,
  nearestMisses: {
    option: null,
    task: null,
    gate: null,
    need: null,
    have: null,
    reason: null,
    figures: null,
    monthlyCost: null,
  },
  warnings: { code: null, message: null, figures: null },
};

/** The same decision with its keys in the order of the type, however it was put together; keys unknown here come last. */
export function inKeyOrder(decision: Decision): unknown {
  return ordered(decision, decisionKeys);
}

function ordered(value: unknown, keys: KeyTree | null): unknown {
  if (keys === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => ordered(item, keys));
  const entries = Object.entries(value);
  const known = Object.keys(keys).flatMap((key) => {
    const found = entries.find(([name]) => name === key);
    return found ? [[key, ordered(found[1], keys[key] ?? null)] as const] : [];
  });
  return Object.fromEntries([...known, ...entries.filter(([name]) => !Object.hasOwn(keys, name))]);
}
