import { resultSchemaVersion } from '../units/schema.js';
import {
  type costPart,
  explainedCostPart,
  figures,
  fraction,
  fractionOrNull,
  percentiles,
  recommendation,
  scores,
} from './advice-schema.js';
import {
  documentHead,
  flag,
  type Infer,
  kind,
  list,
  number,
  numberOrNull,
  numberOrWord,
  numbers,
  object,
  objectOrNull,
  oneOf,
  oneOfOrNull,
  orNull,
  publishedDocument,
  text,
  textOrNull,
  texts,
  usd,
  usdOrNull,
} from './json-schema.js';

const tornadoRow = object('One input at its 10th and 90th percentile, all others at their likely values.', {
  parameter: text('The input: a path of the scenario, a price, or a capacity.'),
  unit: text('Unit of its values.'),
  origin: oneOf('Whose range it is.', ['user', 'tables']),
  low: number('Its 10th percentile.'),
  likely: number('Its likely value; outside low to high where it lies at an end of the range or close to one.'),
  high: number('Its 90th percentile.'),
  costAtLow: usdOrNull('Monthly cost at the 10th percentile; null where the plan cannot run.'),
  costAtHigh: usdOrNull('Monthly cost at the 90th percentile; null where the plan cannot run.'),
  swing: usdOrNull('Difference of the two.'),
  flips: flag('Another deployment type is best at one of the two.'),
  becomes: textOrNull('Plan id that is best there.'),
});

const basisRow = object('One figure of the tables.', {
  table: text('Table of the figure.'),
  row: text('The row, by what tells it from others.'),
  figure: text('What the figure is.'),
  value: number('The figure.'),
  unit: text('Its unit.'),
  source: text('Where it was published.'),
  date: text('When.'),
  plans: texts('Ids of the plans it is part of.'),
});

const confidenceLevels = ['high', 'medium', 'low'] as const;
const confidenceDrivers = ['price', 'quality', 'volume', 'lengths', 'people', 'capacity'] as const;

const planOdds = object('A plan over the simulations.', {
  plan: text('Plan id.'),
  label: text('The plan in words.'),
  kinds: list('Placement kinds of the plan.', kind),
  monthlyCost: usd('Mean monthly cost at likely values.'),
  monthlyCostRange: orNull('Range of its monthly cost; null where it never can run.', percentiles),
  probabilityBest: fraction(
    'A plan with its models at its places is best, in whatever scheme and on whatever card, and its models are good enough.',
  ),
  probabilityKindsBest: fraction('A plan of the same deployment types for every task would.'),
  probabilityCheapest: fraction('None of them that may run costs less.'),
  probabilityOverBudget: fractionOrNull(
    'Its dearest month or its upfront cost exceeds the budget; null of plans that are not recommended, and without a budget.',
  ),
  probabilityBelowFloor: fractionOrNull('Some model is less capable than its task needs; null: not known.'),
  probabilityRuledOut: fraction('It cannot run, so that it has no price.'),
  regret: usdOrNull(
    'Mean monthly cost above the best of each simulation, with what plans of a single task count beyond it.',
  ),
});

const uncertainty = object(null, {
  draws: number('How many simulations.'),
  seed: number('Their seed.'),
  inputs: number('Uncertain inputs.'),
  ranges: number('Those of them that the scenario gives as ranges.'),
  plans: list('Plans that are priced on the simulations, the likeliest to be best first.', planOdds),
  leastRegret: objectOrNull('The plan of least regret, where it is another than the recommended one.', {
    plan: text('Plan id.'),
    label: text('In words.'),
    regret: usdOrNull('Its regret.'),
  }),
  confidence: object('How sure the advice is.', {
    level: oneOf('In one word.', confidenceLevels),
    share: fraction('Draws in which the place of the least certain task is best and its model good enough.'),
    task: text('The least certain task.'),
    driver: oneOfOrNull('What moves it most; null: nothing that is drawn.', confidenceDrivers),
    text: text('In words.'),
    tasks: list(
      'Task by task.',
      object(null, {
        task: text('The task.'),
        share: fraction('Draws in which its place is best and its model good enough.'),
        placeBest: fraction('Simulations in which the best plan serves it by the same deployment types.'),
        goodEnough: fractionOrNull('Draws in which its model is good enough; null: its need is written, not assumed.'),
      }),
    ),
  }),
});

/** The report of a plan next to the others. */
const besidePlan = {
  plan: text('Plan id.'),
  monthlyCost: usd('Mean monthly cost.'),
  peopleCost: usd('The part of it that is people.'),
  ttftP95Ms: numberOrNull('95th percentile of the time to the first token; null: nobody waits, or not known.'),
  score: numberOrNull('Total score.'),
};

const scorecardRow = object(null, {
  kind,
  feasible: flag('The option passes every hard rule.'),
  monthlyCost: usdOrNull('Mean monthly cost.'),
  peopleCost: usdOrNull('The part of it that is people.'),
  fte: numberOrNull('People needed to run it, in full-time equivalents.'),
  ttftP95Ms: numberOrNull(
    'Slowest 95th percentile of the time to the first token of tasks that somebody waits for; null: not known.',
  ),
  scores,
  option: textOrNull('Option or plan id of the best of this kind; null where nothing of this kind can run the tasks.'),
  verdict: text('The rule that excludes it, or what it costs beside the plan advised.'),
  figures,
  withOthers: objectOrNull(
    'The cheapest plan in which it serves some of the work, where it cannot do all and the plan advised does without it. Null for several tasks.',
    {
      plan: text('Plan id.'),
      kinds: list('The kinds beside it.', kind),
      monthlyCost: usd('Mean monthly cost of the whole plan.'),
    },
  ),
});

const failedGate = object(null, {
  gate: text('Id of the hard rule.'),
  task: text('Task it failed for.'),
  need: text('What the task needs.'),
  have: text('What the option has.'),
  reason: text('In words.'),
  figures,
});

const askedRow = object('One that was asked for.', {
  id: text('Option or plan id.'),
  label: textOrNull('It in words; null: not on sale.'),
  kinds: list('Its kinds.', kind),
  feasible: flag('Passes every hard rule.'),
  monthlyCost: usdOrNull('Mean monthly cost of the whole scenario on it.'),
  verdict: text('The rule that excludes it, or what it costs beside the plan advised.'),
  figures,
  failedGates: list('Hard rules it fails or leaves unknown.', failedGate),
});

const option = object(
  'One option of the shortlist: costs and people of the whole scenario on it alone, replicas as the plan advised has them.',
  {
    id: text('kind/provider/model[+thinking][@scheme]/[instance|product|NxGPU]/[region]/[purchase]; look up whole.'),
    kind,
    provider: text('Who sells it.'),
    model: text("The model, by the provider's own id."),
    mode: oneOf('Whether the model reasons before it answers.', ['standard', 'thinking']),
    quantization: textOrNull('Weight format.'),
    hardware: textOrNull('Accelerator.'),
    instance: textOrNull('Machine as sold.'),
    region: textOrNull('Region.'),
    purchase: textOrNull('Purchase form.'),
    names: object('What it is called in prose.', {
      model: text('The model.'),
      provider: text('Who sells it, or where it stands.'),
      country: textOrNull('Country of who sells it, by its code; null: not known, or nobody does.'),
      machine: textOrNull(
        'The machine with its accelerators, or the product of provisioned throughput; null where none is told.',
      ),
      unit: text('What is counted: a machine, a workstation at a desk, or a unit of provisioned throughput.'),
    }),
    feasible: flag('Passes every hard rule for every task.'),
    verdict: text('The rule that excludes it, or what everything on it costs beside the plan advised.'),
    figures,
    failedGates: list('Hard rules it fails or leaves unknown.', failedGate),
    conditions: texts('What has to be done for it to hold.'),
    unpriced: textOrNull('Why there is no price.'),
    monthlyCost: usdOrNull('Mean monthly cost of the whole scenario on this option alone.'),
    upfrontCost: usdOrNull('One-offs of that: money before the start, and what a commitment takes beyond the horizon.'),
    costParts: list('What that monthly cost is made of.', explainedCostPart),
    capability: numberOrNull('Capability index, 0 to 100.'),
    judgedCapability: numberOrNull(
      'Index that rules judge it by: the low end of its band where the tables say so, else the index.',
    ),
    capabilityNote: textOrNull('What the tables note of its index.'),
    ttftP95Ms: numberOrNull('95th percentile of the time to the first token, milliseconds.'),
    tokensPerSecond: numberOrNull('Output speed of one request.'),
    replicas: numberOrNull(
      'Machines as sold at the busiest hour, spares included, or units of provisioned throughput: of the plan advised where the option runs a part of it, else with the whole scenario on it; null where no fleet runs it.',
    ),
    copiesPerReplica: numberOrNull('Copies of the model on one of those machines; null where no fleet runs it.'),
    utilization: numberOrNull(
      'Fraction of the time these replicas are busy, in the plan advised where the option runs a part of it.',
    ),
    devices: objectOrNull("The users' devices it runs on; null where it runs elsewhere.", {
      count: number('Devices in the field.'),
      owner: oneOf('Whose they are.', ['users', 'company']),
      shareAble: number(
        'Fraction of them that serves, within their targets, the tasks that the plan gives it, or else every task.',
      ),
    }),
    fte: numberOrNull('People needed with the whole scenario on this option alone, in full-time equivalents.'),
    lockIn: textOrNull('How hard it is to leave.'),
    burden: textOrNull('How much there is to operate.'),
  },
);

const nearestMiss = object(null, {
  option: text('Option id.'),
  task: text('Task it failed for.'),
  gate: text('Id of the hard rule.'),
  need: text('What the task needs.'),
  have: text('What the option has.'),
  reason: text('In words.'),
  figures,
  monthlyCost: usdOrNull('What it would cost a month.'),
  turnsAt: objectOrNull('A value of one field at which this rule would let it through; null where no one field does.', {
    path: text('Field of the scenario.'),
    value: numberOrWord('As `--set` takes it.'),
  }),
  stillFails: list(
    'Rules that exclude it at that value all the same, some perhaps only there; where there is none, the others that do now. Empty: that value alone lets it through.',
    object(null, { gate: text('Id of the hard rule.'), task: text('Task it fails for; `all` for the whole plan.') }),
  ),
  wouldBeAdvised: orNull(
    'Whether it would be advised in place of the plan if this rule let it through; null where nothing fits.',
    flag(null),
  ),
  advised: objectOrNull(
    'Where nothing fits, what is advised at that value; null: nothing, or no one field does, or something fits as it is.',
    {
      plan: text('Plan id.'),
      label: text('The plan in words.'),
      monthlyCost: usd('What it costs a month.'),
    },
  ),
});

const side = (what: string) => oneOf(what, ['a', 'b']);
const breakEven = object('Two plans along an axis.', {
  a: text('Plan id.'),
  b: text('Plan id.'),
  axis: text('What is varied.'),
  unit: text('Its unit.'),
  upTo: number('Looked for up to here.'),
  crossings: list(
    'Where the cheaper one changes.',
    object(null, {
      at: number('First value at which `cheaperAbove` holds.'),
      cheaperBelow: side('Cheaper one below.'),
      cheaperAbove: side('Cheaper one from there on.'),
    }),
  ),
  never: textOrNull('Why they never cross; null where they do.'),
});

const ladderRow = object('The best plan in a range of volumes: of a single task the one advised, else the cheapest.', {
  from: number('First whole requests a day.'),
  to: numberOrNull('Last one; null: and on.'),
  plan: textOrNull('Plan id; null: nothing fits.'),
  label: textOrNull('That plan in words.'),
  kinds: list('Its kinds.', kind),
  monthlyCost: usdOrNull('Mean monthly cost at `from`.'),
});

const guide = object('The opinion of a published framework.', {
  id: text('Id of the framework; `guides` tells more.'),
  title: text('The article it is from.'),
  verdict: list('Kinds it names, those of all branches of a hybrid; empty where it leaves it open.', kind),
  shape: oneOfOrNull('Whether it names a hybrid.', ['hybrid']),
  agrees: flag('Every recommended kind is among the verdict.'),
  unknown: texts('Facts that the scenario does not tell and its answer hangs on.'),
  because: text('Why, in words.'),
});

const monthRow = object('One month.', {
  month: number('0: before the start.'),
  date: text('Month of the calendar; month 1 is that of the prices.'),
  requestsPerDay: number('Volume of the month, without tasks that have a volume of their own and development.'),
  paid: usd('Paid in it.'),
  cumulative: usd('Paid so far.'),
  today: usdOrNull("What today's way would have cost in it."),
  cumulativeToday: usdOrNull('The same so far.'),
});

const lever = object('One lever.', {
  id: text('Stable id; `all-api-levers` is all of them together on the cheapest plan on APIs.'),
  label: text('The lever in words.'),
  applies: flag('It can be pulled.'),
  reason: textOrNull('Why it cannot be pulled.'),
  alreadyIn: flag('The plan has it already, as far as it goes.'),
  savesNow: usdOrNull('What it saves a month in the plan already; null where that is not known.'),
  changes: list(
    'Settings that were decided again: all of them, as `--set "<path>=<to>"`, give `monthlyCost` less `extraCost`.',
    object(null, {
      path: text('Path in the scenario.'),
      from: textOrNull('What was there; null: nothing.'),
      to: text('What is set.'),
    }),
  ),
  appliesTo: texts('Tasks it changes.'),
  monthlyCost: usdOrNull('Mean monthly cost with the lever, its own cost included.'),
  saves: usdOrNull('That below the cost without it; negative where it costs more.'),
  percent: numberOrNull('The same in percent.'),
  extraCost: usd('What the lever itself costs a month.'),
  plan: textOrNull('Plan id of what wins with the lever; null: the same plan as without it.'),
  planLabel: textOrNull('That plan in words.'),
  comparison: objectOrNull('Self-hosting beside the optimized bill; null for single levers.', {
    apiPlan: text('Plan id of the cheapest plan on APIs alone.'),
    apiCost: usd('Its mean monthly cost.'),
    optimizedApiPlan: text('Plan id of the cheapest with the levers.'),
    optimizedApiLabel: text('That plan in words.'),
    optimizedApiCost: usd('Its mean monthly cost, that of the levers included.'),
    pulled: texts('Ids of the levers pulled, in this order.'),
    leftOut: texts(
      'Ids of levers that would not have lowered the bill after those before them, or had nothing left to do.',
    ),
    selfHostedPlan: textOrNull("Plan id of the cheapest plan in the team's own account or closer."),
    selfHostedCost: usdOrNull('Its mean monthly cost.'),
    optimizedSelfHostedCost: usdOrNull('The cheapest such plan under the same levers.'),
    todayOption: textOrNull('Option in use today.'),
    todayCost: usdOrNull("Today's bill a month."),
  }),
  caveat: text('What it costs elsewhere.'),
  sources: texts('Where the lever and its figures come from.'),
});

const playbookStep = object('One step.', {
  step: number('Counted from 1.'),
  id: text('Stable id of the step.'),
  do: text('What to do.'),
  weeks: numberOrNull('Weeks it takes; null: not said.'),
  figures: numbers('Every figure of its text by name.'),
  source: text('Where the step comes from.'),
});

const checklistItem = object('One point to see to.', {
  item: text('What to see to.'),
  because: text('The rule and what it is about.'),
  source: text('Where the rule comes from; empty: not said.'),
});

/**
 * The decision as plain JSON. Types, the order of printed keys and `schema/result.json` follow from these schemas.
 * Every key is always there; null: not applicable or not known. Readers must accept further keys.
 */
export const resultSchema = object('The decision for one scenario, as `assess --format json` prints it.', {
  ...documentHead('What made the result.', resultSchemaVersion),
  complete: flag('False where the program was stopped during the analyses: what they had found by then is there.'),
  scenario: object('What was asked.', {
    name: text('Name of the scenario.'),
    file: text('File it was read from.'),
    sha256: text('Hash of what was read.'),
    horizonMonths: number('Months the costs are averaged over.'),
    requestsPerDay: number('Requests a day of now, development included.'),
    requestsPerMonth: number(
      'The same in a month of `assumptions.hoursPerMonth`, as it is billed; of a job that ends, all of it.',
    ),
    burstsPerDay: numberOrNull('Bursts a day that they come in; null: they come one by one.'),
    given: list(
      'What the scenario and --set say.',
      object(null, { path: text('Path in the scenario, tasks by name.'), value: text('What is written there.') }),
    ),
    assumed: list(
      'What the scenario leaves out.',
      object(null, {
        path: text('Path in the scenario.'),
        value: text('Value taken.'),
        share: numberOrNull(
          'Share of the monthly cost that is worked out with it; null: it is part of no amount, or --point.',
        ),
      }),
    ),
  }),
  tables: object('What was known.', {
    scale: list(
      'Models to compare a capability index with.',
      object(null, { model: text('A well-known model, by its name.'), index: number('Its capability index.') }),
    ),
    snapshot: text('Date of the prices.'),
    asOf: text('Day the answer is for.'),
    ageDays: number('Days between the two.'),
    planAgeDays: numberOrNull(
      "Days since the oldest price of the plan advised was last seen; null: nothing fits, or all are the user's own.",
    ),
    sha256: text('Hash of the tables.'),
    priceBook: textOrNull("The user's own prices, where given."),
  }),
  considered: object('How much was searched.', {
    total: number('Options considered.'),
    feasible: number(
      'Options that no hard rule excludes; of rented machines before they are sized, so latency is not among them.',
    ),
    rejectedBy: numbers('Options by the first hard rule that turns them down.'),
    gap: number('Proven distance from the optimum as a fraction; 0: the search was complete.'),
  }),
  recommendation,
  scorecard: list('The best of each placement kind.', scorecardRow),
  provisioned: objectOrNull(
    'The cheapest plan on provisioned throughput of a closed model that one task may have, and the same model by tokens; null: none, or there are several tasks.',
    {
      ...besidePlan,
      option: text('Id of the option.'),
      units: number('Units that are bought.'),
      unit: text('What the provider calls one.'),
      overflow: number('Fraction of the requests that goes by tokens.'),
      fills: flag('The busiest minute fills the smallest purchase.'),
      byTokens: objectOrNull('The same model by tokens; null where it may not serve.', besidePlan),
    },
  ),
  basis: list(
    'Figures of the tables that the bills of the plan, of the best of each kind and of what was asked for are made of; empty with --point.',
    basisRow,
  ),
  asked: list('Options and plans asked for by id, in that order.', askedRow),
  options: list('The shortlist.', option),
  breakEven: list('Where the cheaper of two plans changes; empty with --point.', breakEven),
  ladder: list('The plan advised by volume, exact to one request a day; empty with --point.', ladderRow),
  guides: list('What published rules of thumb say; empty with --point.', guide),
  playbook: list('What to do first; the first step is the next one.', playbookStep),
  checklist: list(
    'What has to be seen to: conditions, reminders of the rules, security of what is self-hosted.',
    checklistItem,
  ),
  timeline: list('What is paid month by month; empty with --point.', monthRow),
  tornado: list('Inputs by how far each alone moves the cost of the recommendation; empty with --point.', tornadoRow),
  uncertainty: orNull('How sure the advice is; null with --point.', uncertainty),
  levers: list('What each lever would save; all API levers together come last. Empty unless asked for.', lever),
  nearestMisses: list(
    'What comes closest: the cheapest options that miss one hard rule for a task, with the API that misses it by least; if none, the APIs that miss fewest.',
    nearestMiss,
  ),
  warnings: list(
    'What deserves a second look.',
    object(null, { code: text('Stable id.'), message: text('In words.'), figures }),
  ),
});

export type Decision = Infer<typeof resultSchema>;
export type Recommendation = Infer<typeof recommendation>;
export type Assignment = Recommendation['assignments'][number];
export type Payback = NonNullable<Recommendation['payback']>;
export type Flip = Recommendation['flips'][number];
export type NoFlip = Recommendation['noFlips'][number];
export type CostPart = Infer<typeof costPart>;
export type ExplainedCostPart = Infer<typeof explainedCostPart>;
export type Scores = Infer<typeof scores>;
export type Factor = Exclude<keyof Scores, 'total'>;
export type ScorecardRow = Infer<typeof scorecardRow>;
export type BasisRow = Infer<typeof basisRow>;
export type AskedRow = Infer<typeof askedRow>;
export type OptionReport = Infer<typeof option>;
export type FailedGate = Infer<typeof failedGate>;
export type BreakEven = Infer<typeof breakEven>;
export type LadderRow = Infer<typeof ladderRow>;
export type GuideReport = Infer<typeof guide>;
export type PlaybookStep = Infer<typeof playbookStep>;
export type ChecklistItem = Infer<typeof checklistItem>;
export type MonthRow = Infer<typeof monthRow>;
export type TornadoRow = Infer<typeof tornadoRow>;
export type Uncertainty = Infer<typeof uncertainty>;
export type PlanOdds = Infer<typeof planOdds>;
export type Confidence = Uncertainty['confidence'];
export type LeverReport = Infer<typeof lever>;
export type LeverComparison = NonNullable<LeverReport['comparison']>;
export type NearestMiss = Infer<typeof nearestMiss>;
export type Assumed = Decision['scenario']['assumed'][number];
/** Numbers that a text names, by name. */
export type Figures = Infer<typeof figures>;
/** In a decision `figures` is always there. */
export type Warning = { code: string; message: string; figures?: Figures };

export const resultJsonSchema = (): object => publishedDocument('result', resultSchemaVersion, resultSchema);
