import { adjustedTerms } from '../core/adjusted.js';
import {
  flag,
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
  text,
  textOrNull,
  texts,
  usd,
  usdOrNull,
} from './json-schema.js';

/** The advice as plain JSON, with what a decision says of other plans alike: see `decision.ts`. */
const costPartKeys = {
  part: text(
    'Id of the part: tokens.*, compute.*, people.run, people.setup, storage.*, network.*, power.*, capital.*, other.*.',
  ),
  label: text('The part in words.'),
  monthly: usd('Mean amount a month, its share of one-offs included.'),
  upfront: usd('One-off amount in it.'),
};
export const costPart = object('One part of the cost.', costPartKeys);
export const explainedCostPart = object('One part of the cost, with its working.', {
  ...costPartKeys,
  formula: text('How the amount is worked out.'),
  sources: texts('Where the figures come from.'),
});

export const figures = numbers('Every number that the text names; USD are a month.');

export const fraction = (what: string) => number(`${what} Fraction of the simulations.`);
export const fractionOrNull = (what: string) => numberOrNull(`${what} Fraction of the simulations.`);
/** 0 to 1. */
const fractionOf = (what: string) => number(`${what} 0 to 1.`);
export const percentiles = object(null, {
  p5: usd('5th percentile.'),
  p50: usd('Median.'),
  p95: usd('95th percentile.'),
});

export const score = (what: string) => numberOrNull(`${what} 0 to 100; null where not applicable.`);
export const scores = object('Factor scores.', {
  volume: score('Cheapest feasible cost over this cost.'),
  sensitivity: score('100 inside the data boundary, 70 with conditions to meet, 0 failed.'),
  capability: score('Smallest probability over the tasks of being capable enough.'),
  team: score('Free people over people needed.'),
  latency: score('Target over predicted p95 latency, the smallest over the tasks.'),
  total: score('Mean with the weights of the scenario.'),
});

export const recommendation = object('The advice.', {
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
      cause: oneOfOrNull(
        'Why it changes there: both plans cost the same, a cost jumps, or a hard rule excludes one of them; null for a word.',
        ['cost', 'step', 'rule'],
      ),
      beyond: numberOrNull('A value from which on staying costs clearly more; null for a word.'),
      becomes: textOrNull('Plan id; null: nothing fits.'),
      becomesLabel: textOrNull('That plan in a few words.'),
      becomesKinds: list('Its kinds in the order of the tasks, each once.', kind),
      monthlyCost: usdOrNull('What it costs a month at that value.'),
      extraCost: usdOrNull('How much more that is than the recommended plan costs now.'),
      month: numberOrNull('Month in which growth brings the volume there; null: never, or it is another input.'),
      distance: numberOrNull(
        'How far away it is: the logarithm of how many times as large a number, or as dear a word, is; null: a word with which nothing fits.',
      ),
      verified: flag('Proven by a whole decision; else only plans that the report came across were compared.'),
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
      decided: flag(
        'Proven by whole decisions at the ends; else only plans that the report came across were compared.',
      ),
    }),
  ),
  flipSearch: objectOrNull('How far changes were looked for; null: they were not.', {
    inputs: number('Inputs that may change the recommendation.'),
    searched: number('Those that were searched.'),
    unproven: number('Changes that no whole decision has proven, as their number is limited (`reportProofs`).'),
  }),
});
