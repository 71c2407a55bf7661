import type { Decision, OptionReport, Recommendation, ScorecardRow, Scores } from '../src/decide/decision.js';

/**
 * Three invented decisions. Vendors, models and figures exist nowhere else; the totals are made to add up, so that
 * shares can be checked by hand.
 */
const hosted = 'open-model-api/hostA/model-27b';
const thinker = 'cloud-api/vendorB/model-x+thinking';
const fleet = 'self-hosted-cloud/cloudC/model-27b@fp8/big-gpu-8x/us-east/reserved-1y';

function scores(
  volume: number | null,
  sensitivity: number,
  capability: number,
  team: number,
  latency: number | null,
): Scores {
  return { volume, sensitivity, capability, team, latency, total: 80 };
}

function option(id: string, changes: Partial<OptionReport>): OptionReport {
  return {
    id,
    kind: 'cloud-api',
    provider: 'vendorB',
    model: 'model-x',
    mode: 'standard',
    quantization: null,
    hardware: null,
    instance: null,
    region: null,
    purchase: null,
    feasible: true,
    failedGates: [],
    conditions: [],
    unpriced: null,
    monthlyCost: 4827,
    upfrontCost: 0,
    costParts: [],
    capability: 78,
    ttftP95Ms: 1250,
    tokensPerSecond: 62.5,
    replicas: null,
    utilization: null,
    devices: null,
    fte: 0.2,
    lockIn: 'medium',
    burden: 'low',
    ...changes,
  };
}

const hostedOption = option(hosted, {
  kind: 'open-model-api',
  provider: 'hostA',
  model: 'model-27b',
  feasible: false,
  failedGates: [
    { gate: 'capability', task: 'complex', need: '76', have: '61', reason: 'too weak for the hard questions' },
  ],
  monthlyCost: 2100.4,
  capability: 61,
});
const thinkerOption = option(thinker, {
  mode: 'thinking',
  conditions: ['sign the BAA'],
  costParts: [
    {
      part: 'tokens.input',
      label: 'Input tokens',
      monthly: 3000,
      upfront: 0,
      formula: 'tokens/month x USD per 1e6 tokens / 1e6',
      sources: ['api.csv row 12: https://vendorb.example/pricing, 2026-08-20'],
    },
    {
      part: 'people.run',
      label: 'People',
      monthly: 1827,
      upfront: 0,
      formula: 'FTE x yearly cost / 12',
      sources: [],
    },
  ],
});
const fleetOption = option(fleet, {
  kind: 'self-hosted-cloud',
  provider: 'cloudC',
  model: 'model-27b',
  quantization: 'fp8',
  hardware: 'gpuC',
  instance: 'big-gpu-8x',
  region: 'us-east',
  purchase: 'reserved-1y',
  feasible: false,
  failedGates: [{ gate: 'team', task: 'faq', need: '0.7 FTE', have: '0.5 FTE', reason: '' }],
  monthlyCost: 7940,
  upfrontCost: 12_000,
  capability: 61,
  replicas: 2,
  utilization: 0.22,
  fte: 0.7,
  lockIn: 'low',
  burden: 'high',
});

const nothing: Recommendation = {
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
  payback: null,
  scores: null,
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

const apiRow: ScorecardRow = {
  kind: 'cloud-api',
  feasible: true,
  monthlyCost: 4827,
  scores: scores(89.3, 70, 99, 100, 88),
  option: thinker,
  verdict: '+12 %',
};
const hostedRow: ScorecardRow = {
  kind: 'open-model-api',
  feasible: false,
  monthlyCost: 2100.4,
  scores: scores(100, 70, 12, 100, 91),
  option: hosted,
  verdict: 'no: complex needs 76, has 61, and nobody hosts a stronger open model',
};
const fleetRow: ScorecardRow = {
  kind: 'self-hosted-cloud',
  feasible: false,
  monthlyCost: 7940,
  scores: scores(54.3, 100, 99, 71, 97),
  option: fleet,
  verdict: 'no: team 0.7 of 0.5 FTE',
};
const edgeRow: ScorecardRow = {
  kind: 'edge',
  feasible: false,
  monthlyCost: null,
  scores: scores(null, 0, 0, 0, null),
  option: null,
  verdict: 'no devices',
};

/** Two tasks in two places; $2,672.20 tokens + $1,422.30 people + $215.50 rest = $4,310. */
export const hybrid: Decision = {
  schemaVersion: '1.0.0',
  tool: { name: 'deploy-advisor', version: '0.1.0' },
  scenario: {
    name: 'Support chatbot',
    file: 'scenarios/support-chatbot.yaml',
    sha256: 'a1'.repeat(32),
    horizonMonths: 12,
    assumed: [
      { path: 'workload.horizon', value: '12 months' },
      { path: 'workload.profile', value: 'business-hours' },
      { path: 'tasks.faq.tokens.cacheablePrefix', value: '500 tokens, half of the input as the preset has it' },
    ],
  },
  tables: { snapshot: '2026-08-21', asOf: '2026-11-20', ageDays: 91, sha256: 'b2'.repeat(32), priceBook: null },
  considered: { total: 1_234_567, feasible: 1204, rejectedBy: { capability: 1_200_000, team: 33_363 }, gap: 0 },
  recommendation: {
    ...nothing,
    status: 'recommended',
    plan: `faq=${hosted};complex=${thinker}`,
    shape: 'tiered-routing',
    kinds: ['open-model-api', 'cloud-api'],
    label: 'faq on hostA, complex on vendorB',
    monthlyCost: 4310,
    monthlyCostRange: { p5: 3100, p50: 4300, p95: 6249 },
    firstMonthCost: 4050,
    peakMonthCost: 4310.2,
    upfrontCost: 0,
    costPerRequest: 0.00284,
    costPerMillionTokens: 1.42,
    fteNeeded: 0.2,
    cashExtra: 0,
    savingsOverToday: 4690,
    assignments: [
      { task: 'faq', part: 'all', share: 0.9, option: hosted },
      { task: 'complex', part: 'all', share: 0.1, option: thinker },
    ],
    costParts: [
      { part: 'tokens.input', label: 'Input tokens', monthly: 1672.2, upfront: 0 },
      { part: 'tokens.output', label: 'Output tokens', monthly: 1000, upfront: 0 },
      { part: 'people.run', label: 'People', monthly: 1422.3, upfront: 0 },
      { part: 'network.egress', label: 'Egress', monthly: 215.5, upfront: 0 },
    ],
    cheapest: { plan: `faq=${hosted};complex=${thinker}`, monthlyCost: 4310 },
    premium: 0,
    margin: { runnerUp: thinker, percent: 12 },
    probabilityBest: 0.87,
    probabilityOverBudget: 0.03,
    regret: 40,
    reasons: [
      'model-27b scores 61, faq needs 34; complex needs 76, so it splits',
      'all on vendorB would be $4,827 (+$517)',
      'own GPUs: $7,940, busy 22 % of the time, 0.7 FTE against 0.5 free',
    ],
    conditions: ['sign the BAA with vendorB', 'measure output tokens (worth up to $1,900/month)'],
    flips: [
      { parameter: 'workload.volume', from: 50_000, to: 181_000, unit: 'requests/day', becomes: fleet },
      { parameter: 'data.boundary', from: 'under-contract', to: 'own-account', unit: '', becomes: fleet },
    ],
  },
  scorecard: [apiRow, hostedRow, fleetRow, edgeRow],
  options: [hostedOption, thinkerOption, fleetOption],
  breakEven: [],
  ladder: [],
  guides: [],
  playbook: [],
  checklist: [],
  timeline: [],
  tornado: [],
  levers: [],
  nearestMisses: [],
  warnings: [{ code: 'rate-limit-unknown', message: 'hostA publishes no rate limits; ask for 12 requests a second' }],
};

/** Everything on one rented fleet, no draws made; $9,500 compute + $2,500 people = $12,000 of the $13,000 a month. */
export const onFleet: Decision = {
  ...hybrid,
  scenario: { ...hybrid.scenario, name: 'Clinical notes', assumed: [] },
  tables: { ...hybrid.tables, ageDays: 1, priceBook: 'prices/negotiated.yaml' },
  considered: { total: 1, feasible: 1, rejectedBy: {}, gap: 0.02 },
  recommendation: {
    ...hybrid.recommendation,
    plan: fleet,
    shape: 'single',
    kinds: ['self-hosted-cloud'],
    monthlyCost: 13_000,
    monthlyCostRange: null,
    firstMonthCost: 13_000,
    peakMonthCost: 15_250,
    upfrontCost: 12_000,
    fteNeeded: 0.7,
    savingsOverToday: -1500,
    assignments: [
      { task: 'notes', part: 'base', share: 0.8, option: fleet },
      { task: 'notes', part: 'peak', share: 0.2, option: fleet },
    ],
    costParts: [
      { part: 'compute.instances', label: 'Instances', monthly: 9500, upfront: 0 },
      { part: 'people.run', label: 'People', monthly: 2500, upfront: 0 },
      { part: 'people.setup', label: 'Set-up', monthly: 0, upfront: 12_000 },
    ],
    cheapest: { plan: thinker, monthlyCost: 12_750 },
    premium: 250,
    margin: { runnerUp: thinker, percent: -2 },
    probabilityBest: null,
    probabilityOverBudget: null,
    reasons: ['the data stay in the own account'],
    conditions: [],
    flips: [],
  },
  scorecard: [
    { ...apiRow, monthlyCost: 12_750, verdict: '2 % less, within the tie band' },
    { ...fleetRow, feasible: true, monthlyCost: 13_000, verdict: 'recommended' },
  ],
  options: [thinkerOption, { ...fleetOption, feasible: true, failedGates: [], monthlyCost: 13_000 }],
  warnings: [],
};

/** No option passes. */
export const infeasible: Decision = {
  ...hybrid,
  scenario: { ...hybrid.scenario, name: 'Offline assistant' },
  considered: { total: 12_345, feasible: 0, rejectedBy: { boundary: 345, capability: 8000, team: 4000 }, gap: 0 },
  recommendation: nothing,
  scorecard: [{ ...apiRow, feasible: false, verdict: 'no: data leave' }, hostedRow, fleetRow, edgeRow],
  nearestMisses: [
    {
      option: hosted,
      task: 'complex',
      gate: 'capability',
      need: '76',
      have: '61',
      reason: 'too weak for the hard questions',
      monthlyCost: 2100.4,
    },
    { option: fleet, task: 'faq', gate: 'team', need: '0.7 FTE', have: '0.5 FTE', reason: '', monthlyCost: 7940 },
    {
      option: 'cloud-api/vendorZ/secret',
      task: 'complex',
      gate: 'regimes',
      need: 'a BAA',
      have: 'unknown',
      reason: 'ask vendorZ whether it signs a BAA',
      monthlyCost: null,
    },
  ],
  warnings: [],
};
