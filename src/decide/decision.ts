import { adjustedTerms } from '../core/adjusted.js';
import { resultSchemaVersion } from '../units/schema.js';
import { boundaries } from '../workload/workload.js';
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

/**
 * The decision as plain JSON. Types, the order of printed keys and `schema/result.json` follow from these schemas.
 * Every key is always there; null: not applicable or not known. Readers must accept further keys.
 */
const costPartKeys = {
  part: text(
    'Id of the part: tokens.*, compute.*, people.run, people.setup, storage.*, network.*, power.*, capital.*, other.*.',
  ),
  label: text('The part in words.'),
  monthly: usd('Mean amount a month, its share of one-offs included.'),
  upfront: usd('One-off amount in it.'),
};
const costPart = object('One part of the cost.', costPartKeys);
const explainedCostPart = object('One part of the cost, with its working.', {
  ...costPartKeys,
  formula: text('How the amount is worked out.'),
  sources: texts('Where the figures come from.'),
});

const figures = numbers('Every number that the text names; USD are a month.');

const fraction = (what: string) => number(`${what} Fraction of the simulations.`);
const fractionOrNull = (what: string) => numberOrNull(`${what} Fraction of the simulations.`);
/** 0 to 1. */
const fractionOf = (what: string) => number(`${what} 0 to 1.`);
const percentiles = object(null, {
  p5: usd('5th percentile.'),
  p50: usd('Median.'),
  p95: usd('95th percentile.'),
});

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
  worth: usd('What knowing it exactly is worth a month before choosing a plan.'),
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
  probabilityBest: fraction('It would be advised among these plans.'),
  probabilityKindsBest: fraction('A plan of the same deployment types for every task would.'),
  probabilityCheapest: fraction('None of them that may run costs less.'),
  probabilityOverBudget: fractionOrNull(
    'Its dearest month or its upfront cost exceeds the budget; null where it is best in no simulation.',
  ),
  probabilityBelowFloor: fractionOrNull('Some model is less capable than its task needs; null: not known.'),
  probabilityRuledOut: fraction('A rule excludes it, or it cannot run.'),
  regret: usdOrNull(
    'Mean monthly cost above the best of each simulation, with what plans of a single task count beyond it.',
  ),
});

const straddle = object('A rule that a plan keeps in one part of a range and breaks in the other.', {
  plan: text('Plan id.'),
  parameter: text('The input.'),
  unit: text('Unit of its values.'),
  low: number('Low end of its range.'),
  high: number('High end of its range.'),
  turnsAt: number('From here on the rule says something else than at the likely value.'),
  side: oneOf('Towards which end.', ['below', 'above']),
  gate: text('The rule.'),
  task: textOrNull('The task; null: the plan as a whole.'),
  reason: text('Why the rule turns the plan down.'),
  stands: flag('The plan keeps the rule beyond, and breaks it at the likely value.'),
  probability: fraction('The input lies beyond.'),
});

const uncertainty = object(null, {
  draws: number('How many simulations.'),
  seed: number('Their seed.'),
  inputs: number('Uncertain inputs.'),
  ranges: number('Those of them that the scenario gives as ranges.'),
  pilots: number('Draws decided as a whole to meet plans.'),
  checked: number('Further simulations decided as a whole to check the plans met.'),
  disagreement: number('Fraction of those that advises other deployment types than the plans met.'),
  plans: list('Plans that are priced on the simulations, the likeliest to be best first.', planOdds),
  leastRegret: objectOrNull('The plan of least regret, where it is another than the recommended one.', {
    plan: text('Plan id.'),
    label: text('In words.'),
    regret: usdOrNull('Its regret.'),
  }),
  straddles: list('Ranges that lie on both sides of a rule.', straddle),
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
  measure: list(
    'What is most worth measuring, at most three; none where nothing changes the advice or is worth much.',
    object(null, {
      parameter: text('The input.'),
      worth: usd('What knowing it is worth a month.'),
      swing: usdOrNull('How far it moves the monthly cost.'),
      text: text('In words.'),
    }),
  ),
});

const score = (what: string) => numberOrNull(`${what} 0 to 100; null where not applicable.`);
const scores = object('Factor scores.', {
  volume: score('Cheapest feasible cost over this cost.'),
  sensitivity: score('100 inside the data boundary, 70 with conditions to meet, 0 failed.'),
  capability: score('Smallest probability over the tasks of being capable enough.'),
  team: score('Free people over people needed.'),
  latency: score('Target over predicted p95 latency, the smallest over the tasks.'),
  total: score('Mean with the weights of the scenario.'),
});

/** Rules of choice that may move the advice. */
export const choiceRules = ['quality', 'adjusted'] as const;

const recommendation = object('The advice.', {
  status: oneOf('Infeasible: nothing passes the hard rules, and the rest is null or empty.', [
    'recommended',
    'infeasible',
  ]),
  plan: textOrNull('Plan id: an option id, or `task=option` joined by `;`.'),
  shape: textOrNull(
    'Shape of the plan: single, tiered-routing, cascade, overflow, sensitivity-split, edge-fallback, failover, rag-fine-tuned, dev-prod-split, mixed.',
  ),
  kinds: list('Placement kinds of the plan.', kind),
  label: textOrNull('The plan in words.'),
  monthlyCost: usdOrNull('Mean monthly cost over the horizon, one-offs and people included.'),
  totalCost: usdOrNull('Of a job that ends what all of it costs, as `monthlyCost`, whose month is the job; else null.'),
  monthlyCostRange: orNull('Range of the monthly cost under uncertain inputs; null where none was drawn.', percentiles),
  peopleCost: usdOrNull('The part of it that is people, setting up included: all else is infrastructure.'),
  firstMonthCost: usdOrNull('Cost of the first month, to compare with an invoice.'),
  peakMonthCost: usdOrNull('Cost of the dearest month, one-offs apart.'),
  peakMonthCash: usdOrNull(
    'Cash of the dearest month, which `budget.monthly` limits: people as far as they cost extra, bought machines by what they cost a month unless `budget.upfront` limits one-offs.',
  ),
  upfrontCost: usdOrNull('One-offs: money before the start, and what a commitment takes beyond the horizon.'),
  costPerRequest: usdOrNull('Monthly cost over requests.'),
  costPerMillionTokens: usdOrNull('Monthly cost over tokens, per 1e6.'),
  fteNeeded: numberOrNull('People needed to run the plan, in full-time equivalents.'),
  cashExtra: usdOrNull("Monthly cost of people beyond the team's free time."),
  savingsOverToday: usdOrNull(
    "Today's bill, as stated for the volume of now, and its people, less `monthlyCost`, a mean of the horizon; negative where that is more. Where the volume or prices move, `payback` and `timeline` compare month by month.",
  ),
  today: objectOrNull("Today's way, to compare bill with bill and people with people; null without a bill of today.", {
    bill: usd('The bill as it is written, for the volume of now.'),
    meanBill: usd('The bill in a mean month of the horizon: a plan is billed `monthlyCost` less `peopleCost`.'),
    people: usdOrNull('The people that it takes; null: the tables do not know what is in use.'),
    listBill: usdOrNull('What the tables would bill for it in the first month; null: as above.'),
  }),
  payback: objectOrNull("How the plan pays off against today's bill.", {
    breakEvenMonth: numberOrNull(
      "First month at whose end it has cost no more than today's way; null: not in the horizon.",
    ),
    netPresentValue: usdOrNull('What it saves over the horizon against today, discounted at the cost of capital.'),
    exitCost: usd('Due when the horizon ends.'),
    resaleValue: usd("What hardware of one's own then fetches."),
    capitalCost: usd('Cost of capital over the horizon: in the mean monthly cost, but no payment of the timeline.'),
  }),
  scores: orNull('Factor scores of the plan; null where nothing fits.', scores),
  assignments: list(
    'Which option serves what.',
    object(null, {
      task: text('Task of the scenario.'),
      part: text('Part of the task, or `all`.'),
      share: number('Fraction of all requests; parts of a task that follow one another sum to more than the task.'),
      option: text('Option id.'),
      capabilityNeed: number('Capability index that the task needs.'),
      capability: numberOrNull('That of the option; null: not known.'),
      needText: text('That in words: where it is from.'),
      needLow: number('Low end of what the task may need; the same where the scenario says it.'),
      needHigh: number('High end.'),
      needAssumed: flag('The need is that of a preset or a tier, with a band; else the scenario says it.'),
      closeCall: flag(
        'The scenario says the need, and the model meets it by less than its index is known to: with a probability below assumptions.capabilityConfidence.',
      ),
      goodEnough: numberOrNull('Probability that the model is good enough, 0 to 1; null: not known.'),
      ttftP95Ms: numberOrNull('95th percentile of the time to the first token, predicted; null: not known.'),
      ttftAskedMs: numberOrNull('What is asked of it; null: nothing.'),
      ttftAskedBy: oneOfOrNull('By whom.', ['user', 'preset']),
      isAwaited: flag('Somebody waits for the answer.'),
    }),
  ),
  costParts: list('What the monthly cost is made of.', costPart),
  routes: list(
    'How to route requests, where there is more than one option.',
    object(null, { when: text('Condition on a request.'), to: text('Option id.') }),
  ),
  stages: list(
    'Plans over the horizon, one after the other: one entry where one plan for all months is as good. `plan` and all that is told of it is the first; what it is compared with is compared in its months. `monthlyCost` and what it is made of are means of the whole horizon.',
    object(null, {
      fromMonth: number('First month of it; 1 is the first of the horizon.'),
      months: number('How many.'),
      date: text('Its first month, `YYYY-MM`.'),
      requestsPerDay: number('Volume of its first month.'),
      plan: text('Plan id.'),
      label: text('The plan in words.'),
      kinds: list('Its kinds.', kind),
      monthlyCost: usd('Mean monthly cost over its months, with its set-up.'),
      peopleCost: usd('The part of it that is people.'),
      moveCost: usd('Beside it: a month of both plans at half of the volume; 0 for the first.'),
    }),
  ),
  onePlan: objectOrNull('Where there is more than one stage: the best plan that stays for all months.', {
    plan: text('Plan id.'),
    label: text('The plan in words.'),
    monthlyCost: usd('Its mean monthly cost over the horizon.'),
  }),
  cheapest: objectOrNull('The cheapest plan that the hard rules leave, kept for all months.', {
    plan: text('Plan id.'),
    monthlyCost: usd('Its mean monthly cost.'),
  }),
  moves: list(
    'Rules of choice that moved the advice away from the cheapest plan, in their order.',
    object(null, {
      rule: oneOf('The rule.', [...choiceRules]),
      from: text('Plan id before.'),
      to: text('Plan id after.'),
      extraCost: usd('How much more that is a month.'),
    }),
  ),
  unkept: list(
    'Soft rules that the plan does not keep, to be weighed by the reader.',
    object(null, {
      rule: oneOf('The rule.', ['quality']),
      tasks: texts('Tasks of which it is not kept.'),
      plan: textOrNull('Cheapest plan that keeps it for some of them; null: none does.'),
      extraCost: usdOrNull('How much more that is a month.'),
    }),
  ),
  premium: usdOrNull(
    'Monthly cost above the cheapest plan that stays; less than 0 where plans that follow each other cost less.',
  ),
  whyNotCheaper: objectOrNull(
    'Why not the cheaper one: of a single task, the cheapest plan that is sure enough to be good enough, and what counts against it. Null where the plan is that one, and with `preferences.objective: cost`.',
    {
      plan: text('Plan id of the cheaper one.'),
      label: text('In words.'),
      monthlyCost: usd('What it costs a month.'),
      savesMonthly: usd('How much less that is.'),
      countsMore: usd('How much more its risks count a month: the sum of the lines.'),
      lines: list(
        'What that is made of, the largest first; less than 0 where it counts less.',
        object(null, {
          term: oneOf('The term of the adjusted cost, or several that are small.', [...adjustedTerms, 'others']),
          terms: list('The terms in it.', oneOf(null, adjustedTerms)),
          monthly: usd('Amount a month.'),
        }),
      ),
      figures,
    },
  ),
  adjusted: objectOrNull(
    'What decides for a plan of a single task: its cost, and what no bill shows at the prices of assumptions, USD a month. Null for several tasks, and with `preferences.objective: cost`.',
    {
      redo: usd('Another model, should this one not be good enough.'),
      upkeep: usd('Prompts, guards and evaluation, by how far its quality is below 100.'),
      failed: usd('Failed answers.'),
      wait: usd('The wait for the first token.'),
      notOwned: usd('Leaving machines idle that are owned.'),
      atRisk: usd('What is at risk of the money for machines.'),
      places: usd('Places to run.'),
      total: usd('All of that, and the monthly cost of the plan in its own months.'),
    },
  ),
  failedAnswers: objectOrNull(
    'Answers that may fail: an estimate from the distance of models to what tasks need, which orders plans and forecasts nothing.',
    {
      share: fractionOf('Of all answers.'),
      monthlyCost: usdOrNull(
        'What they cost a month, which is in no bill; null: preferences.failedAnswerCost is not told.',
      ),
    },
  ),
  betterQuality: list(
    'The plan, and what better models cost for its least sure task: of the cheapest plans those on the lower convex hull of failed answers and cost. Empty where there is none, and with --point.',
    object(null, {
      task: text('The task.'),
      plan: text('Plan id.'),
      option: text('Id of the option that serves the task; of several that of the lowest index.'),
      label: text('That option in words.'),
      capability: number('Its capability index.'),
      goodEnough: numberOrNull('Probability that it is good enough, 0 to 1.'),
      ttftP95Ms: numberOrNull('95th percentile of the time to its first token; null: not known.'),
      monthlyCost: usd('Mean monthly cost of the whole plan.'),
      failedShare: fractionOf('Of the answers of the task that may fail.'),
      paysFrom: usdOrNull(
        'It pays against the row above where a failed answer costs more than this; null in the first.',
      ),
    }),
  ),
  onIdle: objectOrNull(
    'The cheapest plan on machines that are owned, where the plan advised leaves all of them idle; null otherwise.',
    {
      plan: text('Plan id.'),
      label: text('In words.'),
      monthlyCost: usd('What it costs a month.'),
      peopleCost: usd('Part of it that is people.'),
    },
  ),
  withoutPeople: objectOrNull(
    'What would be advised if people cost nothing; null where nothing fits, and with --point.',
    {
      plan: text('Plan id.'),
      label: text('In words.'),
      kinds: list('Its kinds.', kind),
      monthlyCost: usd('What it costs a month, people left out.'),
      dedicatedFrom: numberOrNull(
        'Requests a day from which, without people, rented or own machines are best among the plans met; null: nowhere that was looked at.',
      ),
    },
  ),
  margin: objectOrNull('The best plan of different kinds; null where none is feasible.', {
    runnerUp: text('Plan id.'),
    percent: number('How much more it costs, in percent of the recommended plan.'),
  }),
  probabilityBest: numberOrNull('Fraction of simulations in which the plan is best.'),
  probabilityOverBudget: numberOrNull('Fraction of simulations in which the plan exceeds the budget.'),
  regret: usdOrNull(
    'Mean monthly cost above the best plan of each simulation, with what plans of a single task count beyond it.',
  ),
  reasons: texts('Why this plan.'),
  why: list(
    'The reasons with the figures that each is made of.',
    object(null, { code: text('Stable id of the kind of reason.'), text: text('The reason.'), figures }),
  ),
  conditions: texts('What has to be done for it to hold.'),
  flips: list(
    'Nearest values at which the advice is another: another deployment type of some task, of a scenario of one task also another model, or that nothing fits: `--set "<parameter>=<to> <unit>"`.',
    object(null, {
      parameter: text('Path in the scenario.'),
      from: numberOrWord('Value now; `none` where there is no such rule.'),
      to: numberOrWord('Value at which the advice is `becomes`.'),
      means: textOrNull(
        'What `to` means as a condition, where the tables have words for it: which contracts can be signed.',
      ),
      unit: text('Unit of both; empty where there is none.'),
      direction: oneOfOrNull('Which way a number goes; null for a word.', ['up', 'down']),
      becomes: textOrNull('Plan id; null: nothing fits.'),
      becomesLabel: textOrNull('That plan in a few words.'),
      becomesKinds: list('Its kinds in the order of the tasks, each once.', kind),
      monthlyCost: usdOrNull('What it costs a month at that value.'),
      extraCost: usdOrNull('How much more that is than the recommended plan costs now.'),
      month: numberOrNull('Month in which growth brings the volume there; null: never, or it is another input.'),
      distance: numberOrNull(
        'How far away it is: the logarithm of how many times as large a number, or as dear a word, is; null: a word with which nothing fits.',
      ),
      verified: flag('Decided at `to`, and one step before it.'),
    }),
  ),
  noFlips: list(
    'Inputs of which no value was found at which the advice changes.',
    object(null, {
      parameter: text('Path in the scenario.'),
      from: numberOrWord('Value now; `none` where there is no such rule.'),
      low: numberOrNull('Looked at from here; null for words.'),
      high: numberOrNull('Looked at up to here; null for words.'),
      unit: text('Unit of both; empty where there is none.'),
      words: orNull('Words looked at; null for numbers.', texts(null)),
      decided: flag('Decided at the ends; else only plans met were compared.'),
    }),
  ),
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
    'The cheapest plan in which it serves some of the work, where it cannot do all and the plan advised does without it.',
    {
      plan: text('Plan id.'),
      kinds: list('The kinds beside it.', kind),
      monthlyCost: usd('Mean monthly cost of the whole plan.'),
    },
  ),
});

const paretoRow = object('One plan of the front.', {
  plan: text('Plan id.'),
  label: text('The plan in words.'),
  kinds: list('Its kinds.', kind),
  monthlyCost: usd('Mean monthly cost.'),
  capability: score('Capability score: probability of sufficing for every task,'),
  latency: numberOrNull(
    'Largest p95 time to the first token of the tasks somebody waits for, milliseconds; null: not known.',
  ),
  fte: number('People needed, in full-time equivalents.'),
});

const criteriaRow = object('One deployment type.', {
  kind,
  feasible: flag('A plan of it alone passes every hard rule.'),
  plan: textOrNull('Plan id of its best plan; null where nothing of this kind can run the tasks.'),
  startWeeks: objectOrNull('Weeks until it can serve.', {
    low: number('At best.'),
    likely: number('Likely.'),
    high: number('At worst.'),
  }),
  costSmall: usdOrNull('Mean monthly cost of that plan at criteriaSmallVolume times the volume.'),
  costLarge: usdOrNull('The same at criteriaLargeVolume times the volume.'),
  quality: numberOrNull('Capability index, the lowest of its options.'),
  boundary: oneOfOrNull('How far data travel.', boundaries),
  ttftP95Ms: numberOrNull('Largest p95 time to the first token of its tasks, milliseconds.'),
  customization: textOrNull('How far the model can be changed.'),
  burden: textOrNull('How much there is to operate.'),
  lockIn: textOrNull('How hard it is to leave.'),
  scaling: textOrNull('How it grows with the load.'),
  dependency: textOrNull('On whom it depends.'),
  sources: texts('Where the ratings and weeks come from.'),
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

export const resultSchema = object('The decision for one scenario, as `assess --format json` prints it.', {
  ...documentHead('What made the result.', resultSchemaVersion),
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
  pareto: list(
    'Plans of which none is worse than another in all of cost, capability, latency and people; empty with --point.',
    paretoRow,
  ),
  criteria: list('Kinds of place side by side; empty with --point.', criteriaRow),
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
export type ParetoRow = Infer<typeof paretoRow>;
export type CriteriaRow = Infer<typeof criteriaRow>;
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
export type StraddleRow = Infer<typeof straddle>;
export type Measure = Uncertainty['measure'][number];
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
