import * as z from 'zod';
import { resultSchemaVersion } from '../decide/schema-version.js';
import { phases } from '../tables/playbook-words.js';
import { identity } from '../tables/published-schema.js';
import { kind, numberOrWord, text, textOrNull, usd, usdOrNull } from './schema-parts.js';

/**
 * The published shape of `assess --format json`. `schema/result.json` is generated from it; a test keeps it equal to
 * the type `Decision`. Every key is required; more keys may come, so readers must not refuse them.
 */
const costPartKeys = {
  part: text(
    'Id of the part: tokens.*, compute.*, people.run, people.setup, storage.*, network.*, power.*, capital.*, other.*.',
  ),
  label: text('The part in words.'),
  monthly: usd('Mean amount a month, its share of one-offs included.'),
  upfront: usd('One-off amount in it.'),
};
const costPart = z.object(costPartKeys).describe('One part of the cost.');
const explainedCostPart = z
  .object({
    ...costPartKeys,
    formula: text('How the amount is worked out.'),
    sources: z.array(z.string()).describe('Where the figures come from.'),
  })
  .describe('One part of the cost, with its working.');

const figures = z.record(z.string(), z.number()).describe('Every number that the text names; USD are a month.');

const fraction = (what: string) => z.number().describe(`${what} Fraction of the draws.`);
const fractionOrNull = (what: string) => z.number().nullable().describe(`${what} Fraction of the draws.`);
const percentiles = z.object({
  p5: usd('5th percentile.'),
  p50: usd('Median.'),
  p95: usd('95th percentile.'),
});

const tornadoRow = z
  .object({
    parameter: text('The input: a path of the scenario, a price, or a capacity.'),
    unit: text('Unit of its values.'),
    origin: z.enum(['user', 'tables']).describe('Whose range it is.'),
    low: z.number().describe('Its 10th percentile.'),
    likely: z
      .number()
      .describe('Its likely value; outside low to high where it lies at an end of the range or close to one.'),
    high: z.number().describe('Its 90th percentile.'),
    costAtLow: usdOrNull('Monthly cost at the 10th percentile; null where the plan cannot run.'),
    costAtHigh: usdOrNull('Monthly cost at the 90th percentile; null where the plan cannot run.'),
    swing: usdOrNull('Difference of the two.'),
    flips: z.boolean().describe('Another kind of place is best at one of the two.'),
    becomes: textOrNull('Plan id that is best there.'),
    worth: usd('What knowing it exactly is worth a month before choosing a plan.'),
  })
  .describe('One input at its 10th and 90th percentile, all others at their likely values.');

const basisRow = z
  .object({
    table: text('Table of the figure.'),
    row: text('The row, by what tells it from others.'),
    figure: text('What the figure is.'),
    value: z.number().describe('The figure.'),
    unit: text('Its unit.'),
    source: text('Where it was published.'),
    date: text('When.'),
    plans: z.array(z.string()).describe('Ids of the plans it is part of.'),
  })
  .describe('One figure of the tables.');

const planOdds = z
  .object({
    plan: text('Plan id.'),
    label: text('The plan in words.'),
    kinds: z.array(kind).describe('Placement kinds of the plan.'),
    monthlyCost: usd('Mean monthly cost at likely values.'),
    monthlyCostRange: percentiles.nullable().describe('Range of its monthly cost; null where it never can run.'),
    probabilityBest: fraction('It would be advised among these plans.'),
    probabilityKindsBest: fraction('A plan of the same kinds of place for every task would.'),
    probabilityCheapest: fraction('None of them that may run costs less.'),
    probabilityOverBudget: fractionOrNull(
      'Its dearest month or its upfront cost exceeds the budget; null where it is best in no draw.',
    ),
    probabilityBelowFloor: fractionOrNull('Some model is less capable than its task needs; null: not known.'),
    probabilityRuledOut: fraction('A rule turns it down, or it cannot run.'),
    regret: usdOrNull('Mean monthly cost above the cheapest of each draw.'),
  })
  .describe('A plan over the draws.');

const straddle = z
  .object({
    plan: text('Plan id.'),
    parameter: text('The input.'),
    unit: text('Unit of its values.'),
    low: z.number().describe('Low end of its range.'),
    high: z.number().describe('High end of its range.'),
    turnsAt: z.number().describe('From here on the rule says something else than at the likely value.'),
    side: z.enum(['below', 'above']).describe('Towards which end.'),
    gate: text('The rule.'),
    task: textOrNull('The task; null: the plan as a whole.'),
    reason: text('Why the rule turns the plan down.'),
    stands: z.boolean().describe('The plan keeps the rule beyond, and breaks it at the likely value.'),
    probability: fraction('The input lies beyond.'),
  })
  .describe('A rule that a plan keeps in one part of a range and breaks in the other.');

const uncertainty = z.object({
  draws: z.number().describe('How many draws.'),
  seed: z.number().describe('Their seed.'),
  inputs: z.number().describe('Uncertain inputs.'),
  ranges: z.number().describe('Those of them that the scenario gives as ranges.'),
  pilots: z.number().describe('Draws decided as a whole to meet plans.'),
  checked: z.number().describe('Further draws decided as a whole to check the plans met.'),
  disagreement: z.number().describe('Fraction of those that advises other kinds of place than the plans met.'),
  plans: z.array(planOdds).describe('Plans that are priced on the draws, the likeliest to be best first.'),
  leastRegret: z
    .object({ plan: text('Plan id.'), label: text('In words.'), regret: usdOrNull('Its regret.') })
    .nullable()
    .describe('The plan of least regret, where it is another than the recommended one.'),
  straddles: z.array(straddle).describe('Ranges that lie on both sides of a rule.'),
  measure: z
    .array(
      z.object({
        parameter: text('The input.'),
        worth: usd('What knowing it is worth a month.'),
        swing: usdOrNull('How far it moves the monthly cost.'),
        text: text('In words.'),
      }),
    )
    .describe('What is most worth measuring, at most three.'),
});

const score = (what: string) => z.number().nullable().describe(`${what} 0 to 100; null where not applicable.`);
const scores = z
  .object({
    volume: score('Cheapest feasible cost over this cost.'),
    sensitivity: score('100 inside the data boundary, 70 with conditions to meet, 0 failed.'),
    capability: score('Smallest probability over the tasks of being capable enough.'),
    team: score('Free people over people needed.'),
    latency: score('Target over predicted p95 latency, the smallest over the tasks.'),
    total: score('Mean with the weights of the scenario.'),
  })
  .describe('Factor scores.');

const recommendation = z
  .object({
    status: z
      .enum(['recommended', 'infeasible'])
      .describe('Infeasible: nothing passes the hard rules, and the rest is null or empty.'),
    plan: textOrNull('Plan id: an option id, or `task=option` joined by `;`.'),
    shape: textOrNull(
      'Shape of the plan: single, tiered-routing, cascade, overflow, sensitivity-split, edge-fallback, failover, rag-fine-tuned, dev-prod-split, mixed.',
    ),
    kinds: z.array(kind).describe('Placement kinds of the plan.'),
    label: textOrNull('The plan in words.'),
    monthlyCost: usdOrNull('Mean monthly cost over the horizon, one-offs and people included.'),
    monthlyCostRange: z
      .object({ p5: usd('5th percentile.'), p50: usd('Median.'), p95: usd('95th percentile.') })
      .nullable()
      .describe('Range of the monthly cost under uncertain inputs; null where none was drawn.'),
    firstMonthCost: usdOrNull('Cost of the first month, to compare with an invoice.'),
    peakMonthCost: usdOrNull('Cost of the dearest month, which a budget has to bear.'),
    upfrontCost: usdOrNull('One-offs: money before the start, and what a commitment takes beyond the horizon.'),
    costPerRequest: usdOrNull('Monthly cost over requests.'),
    costPerMillionTokens: usdOrNull('Monthly cost over tokens, per 1e6.'),
    fteNeeded: z.number().nullable().describe('People needed to run the plan, in full-time equivalents.'),
    cashExtra: usdOrNull("Monthly cost of people beyond the team's free time."),
    payback: z
      .object({
        breakEvenMonth: z
          .number()
          .nullable()
          .describe("First month at whose end it has cost no more than today's way; null: not in the horizon."),
        netPresentValue: usdOrNull('What it saves over the horizon against today, discounted at the cost of capital.'),
        exitCost: usd('Due when the horizon ends.'),
        resaleValue: usd("What hardware of one's own then fetches."),
        capitalCost: usd('Cost of capital over the horizon: in the mean monthly cost, but no payment of the timeline.'),
      })
      .nullable()
      .describe("How the plan pays off against today's bill."),
    savingsOverToday: usdOrNull(
      "Today's bill, as stated for the volume of now, and its people, less `monthlyCost`, a mean of the horizon; negative where that is more. Where the volume or prices move, `payback` and `timeline` compare month by month.",
    ),
    scores: scores.nullable().describe('Factor scores of the plan; null where nothing fits.'),
    assignments: z
      .array(
        z.object({
          task: text('Task of the scenario.'),
          part: text('Part of the task, or `all`.'),
          share: z
            .number()
            .describe('Fraction of all requests; parts of a task that follow one another sum to more than the task.'),
          option: text('Option id.'),
          capabilityNeed: z.number().describe('Capability index that the task needs.'),
          capability: z.number().nullable().describe('That of the option; null: not known.'),
        }),
      )
      .describe('Which option serves what.'),
    costParts: z.array(costPart).describe('What the monthly cost is made of.'),
    routes: z
      .array(z.object({ when: text('Condition on a request.'), to: text('Option id.') }))
      .describe('How to route requests, where there is more than one option.'),
    cheapest: z
      .object({ plan: text('Plan id.'), monthlyCost: usd('Its mean monthly cost.') })
      .nullable()
      .describe('The cheapest feasible plan.'),
    premium: usdOrNull('Monthly cost above the cheapest plan.'),
    margin: z
      .object({
        runnerUp: text('Plan id.'),
        percent: z.number().describe('How much more it costs, in percent of the recommended plan.'),
      })
      .nullable()
      .describe('The best plan of different kinds; null where none is feasible.'),
    probabilityBest: z.number().nullable().describe('Fraction of draws in which the plan is best.'),
    probabilityOverBudget: z.number().nullable().describe('Fraction of draws in which the plan exceeds the budget.'),
    regret: usdOrNull('Mean monthly cost above the best plan of each draw.'),
    reasons: z.array(z.string()).describe('Why this plan.'),
    why: z
      .array(z.object({ code: text('Stable id of the kind of reason.'), text: text('The reason.'), figures }))
      .describe('The reasons with the figures that each is made of.'),
    conditions: z.array(z.string()).describe('What has to be done for it to hold.'),
    flips: z
      .array(
        z.object({
          parameter: text('Path in the scenario.'),
          from: numberOrWord('Value now; `none` where there is no such rule.'),
          to: numberOrWord('Value at which the advice is `becomes`.'),
          unit: text('Unit of both; empty where there is none.'),
          direction: z.enum(['up', 'down']).nullable().describe('Which way a number goes; null for a word.'),
          becomes: text('Plan id.'),
          becomesLabel: text('That plan in a few words.'),
          becomesKinds: z.array(kind).describe('Its kinds in the order of the tasks, each once.'),
          monthlyCost: usd('What it costs a month at that value.'),
          extraCost: usd('How much more that is than the recommended plan costs now.'),
          month: z
            .number()
            .nullable()
            .describe('Month in which growth brings the volume there; null: never, or it is another input.'),
          distance: z
            .number()
            .describe('How far away it is: the logarithm of how many times as large a number, or as dear a word, is.'),
          verified: z.boolean().describe('Decided at `to`, and one step before it.'),
        }),
      )
      .describe(
        'Nearest values at which some task would be advised another kind of place: `--set "<parameter>=<to> <unit>"`.',
      ),
    noFlips: z
      .array(
        z.object({
          parameter: text('Path in the scenario.'),
          from: numberOrWord('Value now; `none` where there is no such rule.'),
          low: z.number().nullable().describe('Looked at from here; null for words.'),
          high: z.number().nullable().describe('Looked at up to here; null for words.'),
          unit: text('Unit of both; empty where there is none.'),
          words: z.array(z.string()).nullable().describe('Words looked at; null for numbers.'),
          decided: z.boolean().describe('Decided at the ends; else only plans met were compared.'),
        }),
      )
      .describe('Inputs of which no value was found at which the advice changes.'),
  })
  .describe('The advice.');

const scorecardRow = z.object({
  kind,
  feasible: z.boolean().describe('The option passes every hard rule.'),
  monthlyCost: usdOrNull('Mean monthly cost.'),
  scores,
  option: textOrNull('Option or plan id of the best of this kind; null where nothing of this kind can run the tasks.'),
  verdict: text('The rule that turns it down, or what it costs beside the plan advised.'),
  figures,
});

const paretoRow = z
  .object({
    plan: text('Plan id.'),
    label: text('The plan in words.'),
    kinds: z.array(kind).describe('Its kinds.'),
    monthlyCost: usd('Mean monthly cost.'),
    capability: score('Capability score: probability of sufficing for every task,'),
    latency: z
      .number()
      .nullable()
      .describe('Largest p95 time to the first token of the tasks somebody waits for, milliseconds; null: not known.'),
    fte: z.number().describe('People needed, in full-time equivalents.'),
  })
  .describe('One plan of the front.');

const criteriaRow = z
  .object({
    kind,
    feasible: z.boolean().describe('A plan of it alone passes every hard rule.'),
    plan: textOrNull('Plan id of its best plan; null where nothing of this kind can run the tasks.'),
    startWeeks: z
      .object({
        low: z.number().describe('At best.'),
        likely: z.number().describe('Likely.'),
        high: z.number().describe('At worst.'),
      })
      .nullable()
      .describe('Weeks until it can serve.'),
    costSmall: usdOrNull('Mean monthly cost of that plan at criteriaSmallVolume times the volume.'),
    costLarge: usdOrNull('The same at criteriaLargeVolume times the volume.'),
    quality: z.number().nullable().describe('Capability index, the lowest of its options.'),
    boundary: z
      .enum(['device', 'own-premises', 'own-account', 'under-contract', 'anywhere'])
      .nullable()
      .describe('How far data travel.'),
    ttftP95Ms: z.number().nullable().describe('Largest p95 time to the first token of its tasks, milliseconds.'),
    customization: textOrNull('How far the model can be changed.'),
    burden: textOrNull('How much there is to operate.'),
    lockIn: textOrNull('How hard it is to leave.'),
    scaling: textOrNull('How it grows with the load.'),
    dependency: textOrNull('On whom it depends.'),
    sources: z.array(z.string()).describe('Where the ratings and weeks come from.'),
  })
  .describe('One kind of place.');

const failedGate = z.object({
  gate: text('Id of the hard rule.'),
  task: text('Task it failed for.'),
  need: text('What the task needs.'),
  have: text('What the option has.'),
  reason: text('In words.'),
  figures,
});

const askedRow = z
  .object({
    id: text('Option or plan id.'),
    label: textOrNull('It in words; null: not on sale.'),
    kinds: z.array(kind).describe('Its kinds.'),
    feasible: z.boolean().describe('Passes every hard rule.'),
    monthlyCost: usdOrNull('Mean monthly cost of the whole scenario on it.'),
    verdict: text('The rule that turns it down, or what it costs beside the plan advised.'),
    figures,
    failedGates: z.array(failedGate).describe('Hard rules it fails or leaves unknown.'),
  })
  .describe('One that was asked for.');

const option = z
  .object({
    id: text('kind/provider/model[+thinking][@scheme]/[instance|product|NxGPU]/[region]/[purchase]; look up whole.'),
    kind,
    provider: text('Who sells it.'),
    model: text("The model, by the provider's own id."),
    mode: z.enum(['standard', 'thinking']).describe('Whether the model reasons before it answers.'),
    quantization: textOrNull('Weight format.'),
    hardware: textOrNull('Accelerator.'),
    instance: textOrNull('Machine as sold.'),
    region: textOrNull('Region.'),
    purchase: textOrNull('Purchase form.'),
    feasible: z.boolean().describe('Passes every hard rule for every task.'),
    verdict: text('The rule that turns it down, or what everything on it costs beside the plan advised.'),
    figures,
    failedGates: z.array(failedGate).describe('Hard rules it fails or leaves unknown.'),
    conditions: z.array(z.string()).describe('What has to be done for it to hold.'),
    unpriced: textOrNull('Why there is no price.'),
    monthlyCost: usdOrNull('Mean monthly cost of the whole scenario on this option alone.'),
    upfrontCost: usdOrNull('One-offs of that: money before the start, and what a commitment takes beyond the horizon.'),
    costParts: z.array(explainedCostPart).describe('What that monthly cost is made of.'),
    capability: z.number().nullable().describe('Capability index, 0 to 100.'),
    judgedCapability: z
      .number()
      .nullable()
      .describe('Index that rules judge it by: the low end of its band where the tables say so, else the index.'),
    capabilityNote: textOrNull('What the tables note of its index.'),
    ttftP95Ms: z.number().nullable().describe('95th percentile of the time to the first token, milliseconds.'),
    tokensPerSecond: z.number().nullable().describe('Output speed of one request.'),
    replicas: z
      .number()
      .nullable()
      .describe(
        'Machines as sold at the busiest hour, spares included: of the plan advised where the option runs a part of it, else with the whole scenario on it; null where no fleet runs it.',
      ),
    copiesPerReplica: z
      .number()
      .nullable()
      .describe('Copies of the model on one of those machines; null where no fleet runs it.'),
    utilization: z
      .number()
      .nullable()
      .describe(
        'Fraction of the time these replicas are busy, in the plan advised where the option runs a part of it.',
      ),
    devices: z
      .object({
        count: z.number().describe('Devices in the field.'),
        shareAble: z.number().describe('Fraction of them that serves every task within its targets.'),
      })
      .nullable()
      .describe("The users' devices it runs on; null where it runs elsewhere."),
    fte: z
      .number()
      .nullable()
      .describe('People needed with the whole scenario on this option alone, in full-time equivalents.'),
    lockIn: textOrNull('How hard it is to leave.'),
    burden: textOrNull('How much there is to operate.'),
  })
  .describe(
    'One option of the shortlist: costs and people of the whole scenario on it alone, replicas as the plan advised has them.',
  );

const nearestMiss = z.object({
  option: text('Option id.'),
  task: text('Task it failed for.'),
  gate: text('Id of the hard rule.'),
  need: text('What the task needs.'),
  have: text('What the option has.'),
  reason: text('In words.'),
  figures,
  monthlyCost: usdOrNull('What it would cost a month.'),
  turnsAt: z
    .object({
      path: text('Field of the scenario.'),
      value: numberOrWord('As `--set` takes it.'),
    })
    .nullable()
    .describe('A value of one field at which this rule would let it through; null where no one field does.'),
  stillFails: z
    .array(z.object({ gate: text('Id of the hard rule.'), task: text('Task it fails for; `all` for the whole plan.') }))
    .describe(
      'Rules that turn it down at that value all the same, some perhaps only there; where there is none, the others that do now. Empty: that value alone lets it through.',
    ),
});

const side = (what: string) => z.enum(['a', 'b']).describe(what);
const breakEven = z
  .object({
    a: text('Plan id.'),
    b: text('Plan id.'),
    axis: text('What is varied.'),
    unit: text('Its unit.'),
    upTo: z.number().describe('Looked for up to here.'),
    crossings: z
      .array(
        z.object({
          at: z.number().describe('First value at which `cheaperAbove` holds.'),
          cheaperBelow: side('Cheaper one below.'),
          cheaperAbove: side('Cheaper one from there on.'),
        }),
      )
      .describe('Where the cheaper one changes.'),
    alternates: z
      .array(z.object({ from: z.number().describe('First value.'), to: z.number().describe('Last value.') }))
      .describe('Where the two take turns.'),
    never: textOrNull('Why they never cross; null where they do.'),
  })
  .describe('Two plans along an axis.');

const rung = z
  .object({
    from: z.number().describe('First whole requests a day.'),
    to: z.number().nullable().describe('Last one; null: and on.'),
    plan: textOrNull('Plan id; null: nothing fits.'),
    label: textOrNull('That plan in words.'),
    kinds: z.array(kind).describe('Its kinds.'),
    monthlyCost: usdOrNull('Mean monthly cost at `from`.'),
  })
  .describe('The cheapest plan in a range of volumes.');

const guide = z
  .object({
    id: text('Id of the framework; `guides` tells more.'),
    verdict: z
      .array(kind)
      .describe('Kinds it names, those of all branches of a hybrid; empty where it leaves it open.'),
    shape: z.enum(['hybrid']).nullable().describe('Whether it names a hybrid.'),
    agrees: z.boolean().describe('Every recommended kind is among the verdict.'),
    points: z.number().describe("The framework's own count or score."),
    unmet: z.array(z.string()).describe('Factors that argue for other places.'),
    unknown: z.array(z.string()).describe('Inputs that the scenario does not tell.'),
    because: text('Why, in words.'),
  })
  .describe('The opinion of a published framework.');

const monthRow = z
  .object({
    month: z.number().describe('0: before the start.'),
    date: text('Month of the calendar; month 1 is that of the prices.'),
    requestsPerDay: z
      .number()
      .describe('Volume of the month, without tasks that have a volume of their own and development.'),
    paid: usd('Paid in it.'),
    cumulative: usd('Paid so far.'),
    today: usdOrNull("What today's way would have cost in it."),
    cumulativeToday: usdOrNull('The same so far.'),
  })
  .describe('One month.');

const lever = z
  .object({
    id: text('Stable id; `all-api-levers` is all of them together on the cheapest plan on APIs.'),
    label: text('The lever in words.'),
    applies: z.boolean().describe('It can be pulled.'),
    reason: textOrNull('Why it cannot be pulled.'),
    alreadyIn: z.boolean().describe('The plan has it already, as far as it goes.'),
    savesNow: usdOrNull('What it saves a month in the plan already; null where that is not known.'),
    change: textOrNull('The changed inputs in words.'),
    changes: z
      .array(
        z.object({
          path: text(
            'Path in the scenario, as `--set "<path>=<to> <unit>"` takes it; of a lever on the plan, what changes in words.',
          ),
          from: numberOrWord('Value now; `none` where there is no such rule.'),
          to: numberOrWord('Value with the lever; the same where it is held while what it follows from changes.'),
          unit: text('Unit of both; empty where there is none.'),
        }),
      )
      .describe(
        'The changed and the held inputs that were run through the engine: all of them, set, cost the plan `monthlyCost` less `extraCost`.',
      ),
    appliesTo: z.array(z.string()).describe('Tasks it changes.'),
    monthlyCost: usdOrNull('Mean monthly cost with the lever, its own cost included.'),
    saves: usdOrNull('That below the cost without it; negative where it costs more.'),
    percent: z.number().nullable().describe('The same in percent.'),
    extraCost: usd('What the lever itself costs a month.'),
    plan: textOrNull('Plan id of what wins with the lever; null: the same plan as without it.'),
    planLabel: textOrNull('That plan in words.'),
    latency: z
      .object({
        task: text('Task of the scenario.'),
        what: text('Which wait.'),
        fromMs: z.number().describe('Milliseconds without the lever.'),
        toMs: z.number().describe('Milliseconds with it.'),
      })
      .nullable()
      .describe('A wait that gets shorter; null where none is told.'),
    comparison: z
      .object({
        apiPlan: text('Plan id of the cheapest plan on APIs alone.'),
        apiCost: usd('Its mean monthly cost.'),
        optimizedApiPlan: text('Plan id of the cheapest with the levers.'),
        optimizedApiLabel: text('That plan in words.'),
        optimizedApiCost: usd('Its mean monthly cost, that of the levers included.'),
        pulled: z.array(z.string()).describe('Ids of the levers pulled, in this order.'),
        leftOut: z
          .array(z.string())
          .describe(
            'Ids of levers that would not have lowered the bill after those before them, or had nothing left to do.',
          ),
        selfHostedPlan: textOrNull("Plan id of the cheapest plan in the team's own account or closer."),
        selfHostedCost: usdOrNull('Its mean monthly cost.'),
        optimizedSelfHostedCost: usdOrNull('The cheapest such plan under the same levers.'),
        todayOption: textOrNull('Option in use today.'),
        todayCost: usdOrNull("Today's bill a month."),
      })
      .nullable()
      .describe('Self-hosting beside the optimized bill; null for single levers.'),
    caveat: text('What it costs elsewhere.'),
    sources: z.array(z.string()).describe('Where the lever and its figures come from.'),
  })
  .describe('One lever.');

const amountOrNull = (what: string) => z.number().nullable().describe(what);
const playbookStep = z
  .object({
    step: z.number().describe('Counted from 1.'),
    id: text('Stable id of the kind of step; several may share one.'),
    phase: z.enum(phases).describe('Part of the way it belongs to.'),
    when: text('The day it begins; where no day is known, what it waits for.'),
    date: textOrNull('The day it begins.'),
    trigger: textOrNull('What it waits for beside the day.'),
    do: text('What to do.'),
    cost: usdOrNull('Amount the step is about, in the sense of its text.'),
    fromShare: amountOrNull('Fraction of the requests moved before it.'),
    toShare: amountOrNull('Fraction of the requests moved when it is done.'),
    volume: amountOrNull('Requests a day it is about, or what its text counts.'),
    month: amountOrNull(
      'Month it is about; the day of the decision lies in month 1, which of the timeline is the month of the prices.',
    ),
    days: amountOrNull('Days it takes.'),
    fte: amountOrNull('People it is about, in full-time equivalents.'),
    figures: z.record(z.string(), z.number()).describe('Every figure of its texts by name; shares as fractions.'),
    source: text('Where the step comes from.'),
  })
  .describe('One step.');

const checklistItem = z
  .object({
    item: text('What to see to.'),
    because: text('The rule and what it is about.'),
    source: text('Where the rule comes from; empty: not said.'),
  })
  .describe('One point to see to.');

export const Result = z
  .object({
    schemaVersion: z
      .string()
      .regex(/^1\.\d+\.\d+$/)
      .describe('Semantic version of this shape: more keys may come in 1.x.'),
    tool: z.object({ name: z.string(), version: z.string() }).describe('What made the result.'),
    scenario: z
      .object({
        name: text('Name of the scenario.'),
        file: text('File it was read from.'),
        sha256: text('Hash of what was read.'),
        horizonMonths: z.number().describe('Months the costs are averaged over.'),
        given: z
          .array(
            z.object({ path: text('Path in the scenario, tasks by name.'), value: text('What is written there.') }),
          )
          .describe('What the scenario and --set say.'),
        assumed: z
          .array(
            z.object({
              path: text('Path in the scenario.'),
              value: text('Value taken.'),
              share: amountOrNull(
                'Share of the monthly cost that is worked out with it; null: it is part of no amount, or --point.',
              ),
            }),
          )
          .describe('What the scenario leaves out.'),
      })
      .describe('What was asked.'),
    tables: z
      .object({
        snapshot: text('Date of the prices.'),
        asOf: text('Day the answer is for.'),
        ageDays: z.number().describe('Days between the two.'),
        sha256: text('Hash of the tables.'),
        priceBook: textOrNull("The user's own prices, where given."),
      })
      .describe('What was known.'),
    considered: z
      .object({
        total: z.number().describe('Options considered.'),
        feasible: z
          .number()
          .describe(
            'Options that no hard rule turns down; of rented machines before they are sized, so latency is not among them.',
          ),
        rejectedBy: z.record(z.string(), z.number()).describe('Options by the first hard rule that turns them down.'),
        gap: z.number().describe('Proven distance from the optimum as a fraction; 0: the search was complete.'),
      })
      .describe('How much was searched.'),
    recommendation,
    scorecard: z.array(scorecardRow).describe('The best of each placement kind.'),
    pareto: z
      .array(paretoRow)
      .describe(
        'Plans of which none is worse than another in all of cost, capability, latency and people; empty with --point.',
      ),
    criteria: z.array(criteriaRow).describe('Kinds of place side by side; empty with --point.'),
    basis: z
      .array(basisRow)
      .describe(
        'Figures of the tables that the bills of the plan, of the best of each kind and of what was asked for are made of; empty with --point.',
      ),
    asked: z.array(askedRow).describe('Options and plans asked for by id, in that order.'),
    options: z.array(option).describe('The shortlist.'),
    breakEven: z.array(breakEven).describe('Where the cheaper of two plans changes; empty with --point.'),
    ladder: z
      .array(rung)
      .describe(
        'The cheapest plan by volume among those of this decision and of its decisions at other volumes; `breakeven` looks for more. Empty with --point.',
      ),
    ladderAlternates: z
      .array(
        z.object({
          from: z.number().describe('First of them, requests a day.'),
          to: z.number().describe('Last of them.'),
        }),
      )
      .describe(
        'Volumes at which the ladder does not tell which of those plans is the cheapest: they take turns. Empty with --point.',
      ),
    guides: z.array(guide).describe('What published rules of thumb say; empty with --point.'),
    playbook: z.array(playbookStep).describe('Steps from today to the plan, by their days; empty with --point.'),
    checklist: z
      .array(checklistItem)
      .describe('What has to be seen to: conditions, reminders of the rules, security of what is self-hosted.'),
    timeline: z.array(monthRow).describe('What is paid month by month; empty with --point.'),
    tornado: z
      .array(tornadoRow)
      .describe('Inputs by how far each alone moves the cost of the recommendation; empty with --point.'),
    uncertainty: uncertainty.nullable().describe('How sure the advice is; null with --point.'),
    levers: z
      .array(lever)
      .describe('What each lever would save; all API levers together come last. Empty unless asked for.'),
    nearestMisses: z
      .array(nearestMiss)
      .describe(
        'What comes closest: the cheapest options that miss one hard rule for a task, with the API that misses it by least; if none, the APIs that miss fewest.',
      ),
    warnings: z
      .array(z.object({ code: text('Stable id.'), message: text('In words.'), figures }))
      .describe('What deserves a second look.'),
  })
  .meta({
    description: 'The decision for one scenario, as `assess --format json` prints it.',
  });

/** The shape as JSON Schema 2020-12, additional properties allowed. */
export function resultJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(Result, { io: 'input' });
  return { $schema, ...identity('result', Number.parseInt(resultSchemaVersion, 10)), ...rest };
}
