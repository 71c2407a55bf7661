import { kinds } from '../tables/column.js';
import { prices } from '../tables/price-book/schema.js';
import { isMap } from '../units/amount.js';
import { ranged, single } from '../units/field.js';
import { minutesPerDay } from '../units/month.js';
import {
  durationReader,
  moneyReader,
  parameterReader,
  readFte,
  readGrowth,
  readNamedTokens,
  readRatio,
  readShare,
} from '../units/readers.js';
import * as s from '../units/schema.js';
import { countReader, exact, numberReader, times, type Uncertain } from '../units/uncertain.js';
import type { Volume } from '../units/volume.js';
import { availability, data, serviceTier, task, volume } from './schema-task.js';
import { enums } from './words.js';
import { shapes } from './workload.js';

const maxTasks = 200;
const maxMonths = 120;

const kind = s.enum(kinds);

const whole = (noun: string) => single(exact(countReader(noun, { least: 1 }), { wholeOf: noun }));

const hourly = s
  .array(s.fromZero)
  .refine(
    ({ length }) => length === 24 || length === 168,
    'a profile has 24 numbers (a day) or 168 (a week from Monday)',
  )
  .refine((hours) => hours.some((hour) => hour > 0), 'a profile needs an hour above 0')
  .meta({
    anyOf: [24, 168].map((length) => ({ minItems: length, maxItems: length })),
    contains: { type: 'number', exclusiveMinimum: 0 },
  });

const bursts = s.strictObject({
  perDay: single(exact(countReader('bursts', { aboveZero: true, most: minutesPerDay }))).describe('How many a day.'),
  requests: ranged(countReader('requests', { aboveZero: true }))
    .optional()
    .describe('Requests of one burst.'),
  within: single(exact(durationReader('min', { aboveZero: true })))
    .optional()
    .describe(
      'How long the requests of one burst keep coming; a bare number is in minutes. Default: assumptions.burstMinutes.',
    ),
});

/** The same work as a mean volume. */
const volumeOf = ({ perDay, requests }: { perDay: number; requests: Uncertain }): Volume => ({
  amount: times(requests, perDay),
  of: 'requests',
  per: 'day',
  atPeak: false,
});

const workload = s
  .strictObject({
    volume: volume
      .optional()
      .describe(
        'Mean volume of the first month, or of its busiest hour with "at peak". A bare number is requests/day; so is any noun, as in 4k notes/day, and calls, tickets or sessions are conversations where `turns` is given. Needed but with bursts, which have requests of their own: a volume beside them is a mistake unless it is their sum.',
      ),
    bursts: bursts
      .optional()
      .describe(
        'All requests, where they come together a few times a day and between them nothing; a base load with peaks is a volume with a profile.',
      ),
    once: s
      .boolean()
      .optional()
      .describe(
        'Whether the volume is a job that ends, all of it: `volume: 1M requests`. Costs are then those of the whole job. Default: false.',
      ),
    turns: ranged(numberReader('requests', { least: 1 }))
      .optional()
      .describe('Requests per conversation. Default: 1.'),
    requestsPerUser: ranged(countReader('requests', { aboveZero: true }))
      .optional()
      .describe('Requests per user and day; needed when the volume is in users.'),
    profile: s
      .chosen(
        [
          { when: (value) => typeof value === 'string', use: s.token },
          { when: Array.isArray, use: hourly },
          {
            when: isMap,
            use: s.strictObject({
              peakToMean: ranged(numberReader(null, { least: 1, most: 168 })).describe(
                'Highest hour of the week over the mean hour.',
              ),
            }),
          },
        ],
        'write the name of a profile, 24 or 168 numbers, or {peakToMean: 3}',
      )
      .optional()
      .describe(
        'Hourly shape of the load: business-hours, batch-nightly, consumer-chat, flat, spiky …, 24 or 168 numbers, or {peakToMean: 3}. Default: business-hours.',
      ),
    growth: ranged(readGrowth).optional().describe('Growth, such as 5% per month. Default: 0.'),
    horizon: single(
      exact(durationReader('months', { most: maxMonths, aboveZero: true, forms: '24 months, 2 years' }), {
        wholeOf: 'months',
      }),
    )
      .optional()
      .describe('How far to look, in whole months. Default: 12 months.'),
    sites: whole('sites')
      .optional()
      .describe('Places that must each be able to work on their own; own hardware stands at each of them. Default: 1.'),
  })
  .refine(({ volume, bursts }) => volume !== undefined || bursts?.requests !== undefined, {
    path: ['volume'],
    message: 'is needed, as `20k requests/day`, or `bursts: {perDay: 4, requests: 500}` in its place',
  })
  .meta({
    anyOf: [
      { required: ['volume'] },
      {
        required: ['bursts'],
        properties: { bursts: { type: 'object', required: ['requests'], description: 'In place of a volume.' } },
      },
    ],
  })
  .transform(({ horizon, volume, bursts, ...rest }) => ({
    volume: volume ?? volumeOf(bursts as { perDay: number; requests: Uncertain }),
    ...(bursts !== undefined && { bursts }),
    ...rest,
    ...(horizon !== undefined && { horizonMonths: horizon }),
  }));

const team = s
  .strictObject({
    devops: ranged(readFte).optional().describe('People who run services.'),
    mlInfra: ranged(readFte).optional().describe('People who run GPUs and model servers.'),
    free: ranged(readFte).optional().describe('How much of them is free for this. Default: all.'),
    yearlyCost: ranged(moneyReader('years')).optional().describe('Full cost of one person a year, USD.'),
    mayHire: s.boolean().optional().describe('Whether people may be hired. Default: true.'),
    onCall: s
      .boolean()
      .optional()
      .describe(
        'Whether somebody is on call around the clock for machines of your own. Default: as availability asks.',
      ),
    launchWithin: single(exact(durationReader('weeks', { aboveZero: true })))
      .optional()
      .describe('Time until it must run; a bare number is in weeks.'),
  })
  .transform(({ free, yearlyCost, launchWithin, ...rest }) => ({
    ...rest,
    ...(free !== undefined && { freeFte: free }),
    ...(yearlyCost !== undefined && { yearlyCostUsd: yearlyCost }),
    ...(launchWithin !== undefined && { launchWithinWeeks: launchWithin }),
  }));

const today = s
  .strictObject({
    option: s
      .line(2000)
      .describe('Id of the option in use, kind/provider/model…, or of a plan, task=<option>;task=<option>.'),
    bill: ranged(moneyReader('months')).optional().describe('What it costs, USD per month.'),
  })
  .transform(({ option, bill }) => ({ option, ...(bill !== undefined && { billUsdPerMonth: bill }) }));

const budget = s
  .strictObject({
    monthly: single(exact(moneyReader('months', { aboveZero: true })))
      .optional()
      .describe(
        'Most cash a month, USD: people as far as they cost extra, bought machines by what they cost a month unless `upfront` is given.',
      ),
    upfront: single(exact(moneyReader(null)))
      .optional()
      .describe('Most cash for one-offs, USD: before the start, and for what a commitment takes beyond the horizon.'),
  })
  .transform(({ monthly, upfront }) => ({
    ...(monthly !== undefined && { monthlyUsd: monthly }),
    ...(upfront !== undefined && { upfrontUsd: upfront }),
  }));

const weight = s.fromZero;
const weights = s
  .strictObject({
    volume: weight.optional().describe('Cost against the cheapest.'),
    sensitivity: weight.optional().describe('How far inside the data boundary.'),
    capability: weight.optional().describe('Chance to be capable enough.'),
    team: weight.optional().describe('Free people against people needed.'),
    latency: weight.optional().describe('Latency target against prediction.'),
  })
  .refine(
    (given) => Object.keys(given).length === 0 || Object.values(given).some((value) => (value ?? 0) > 0),
    'one weight must be above 0',
  )
  .meta({ not: { type: 'object', minProperties: 1, additionalProperties: { const: 0 } } });

const flag = s.boolean();

const retrieved = ranged(countReader('tokens'))
  .optional()
  .describe('Tokens of what is found, added to every prompt. Default: the input tokens of a task have them already.');
const inTokens = s.strictObject({
  documents: ranged(readNamedTokens).describe(
    'Tokens of all documents, or with `tokensPerDocument` how many there are.',
  ),
  retrieved,
});
const counted = s
  .strictObject({
    documents: ranged(countReader('documents', { aboveZero: true })).describe('How many documents there are.'),
    tokensPerDocument: single(exact(countReader('tokens', { aboveZero: true }))).describe(
      'Tokens of a document; a page of text is about 600.',
    ),
    retrieved,
  })
  .transform(({ documents, tokensPerDocument, ...rest }) => ({
    ...rest,
    documents: times(documents, tokensPerDocument),
  }));
/** How many documents there are, of a size that nobody gave. */
const unsized = s
  .strictObject({
    documents: ranged(countReader('documents', { aboveZero: true })).describe(
      'How many documents there are, each of `assumptions.tokensPerDocument` tokens.',
    ),
    retrieved,
  })
  .transform((given) => ({ ...given, areCounted: true as const }));
const isCounted = ({ documents: asked }: Record<string, unknown>): boolean =>
  asked !== undefined && !/tokens?\b/i.test(JSON.stringify(asked));
const documents = s.chosen(
  [
    { when: (value) => isMap(value) && Object.hasOwn(value, 'tokensPerDocument'), use: counted },
    { when: (value) => isMap(value) && isCounted(value), use: unsized },
    { when: () => true, use: inTokens },
  ],
  'write {documents: 20k, tokensPerDocument: 1500}',
);

const development = s
  .strictObject({
    share: ranged(readShare).describe('Requests of developers and tests beside each task, as a share of its own.'),
    data: data.optional().describe('Rules for their data. Default: internal data, no regime.'),
  })
  .describe('Requests of developers and tests, which may run elsewhere than those of users.');

/** Version 1 of the scenario, the only definition of its types, messages and JSON Schema. */
export const scenarioSchema = s
  .strictObject({
    version: s.literal(1, 'write version: 1').describe('Version of this format.'),
    name: s.line(200).optional().describe('Short name, shown as the title of the report.'),
    workload: workload.describe('How much work there is, and when.'),
    tasks: s
      .array(task)
      .limit(({ length }) => length <= maxTasks, `a scenario has at most ${maxTasks} tasks`, { maxItems: maxTasks })
      .limit(({ length }) => length > 0, 'a scenario needs at least one task', { minItems: 1 })
      .describe('What must be served, one entry per class of requests.'),
    data: data.optional().describe('Rules for the data; a task may have its own.'),
    needs: s
      .strictObject({
        rag: s
          .chosen(
            [
              { when: (value) => typeof value === 'boolean', use: flag },
              { when: isMap, use: documents },
            ],
            'write true, false, or {documents: 20k, tokensPerDocument: 1500, retrieved: 3000}',
          )
          .optional()
          .describe('Answers draw on documents found for the request; with their size, finding them is priced.'),
        fineTuning: flag.optional().describe('The model must be fine-tuned.'),
        offline: flag.optional().describe('It must work without a network.'),
        availability: availability.optional(),
        serviceTier: serviceTier.optional(),
      })
      .optional()
      .describe('What the service as a whole needs.'),
    development: development.optional(),
    team: team.optional().describe('Who runs it.'),
    today: today.optional().describe('What is in use now; savings and payback start here.'),
    existing: s
      .list(
        s.strictObject({
          accelerator: s.token.describe('As the accelerator table names it.'),
          count: whole('GPUs').describe('How many.'),
        }),
      )
      .optional()
      .describe('Hardware already owned.'),
    measured: s
      .list(
        s.strictObject({
          model: s.token.describe('As the table of models names it.'),
          accelerator: s.token.describe('As the accelerator table names it.'),
          ofPredicted: ranged(readRatio).describe('What it serves over what is predicted, as `capacity` tells it.'),
        }),
      )
      .optional()
      .describe('What models reach on cards of your own or rented ones, where you measured it.'),
    devices: s
      .strictObject({
        count: ranged(countReader('devices', { aboveZero: true })).describe('Devices in the field.'),
        classes: s.byName(single(exact(readShare))).describe('Share of each device class.'),
        owner: s
          .enum(enums.owner)
          .optional()
          .describe(
            'Whose they are. company: this work bears a share of their price, and somebody manages them; users: it is software shipped to them. Default: company.',
          ),
      })
      .optional()
      .describe('Devices that could run a model themselves.'),
    budget: budget.optional().describe('Hard limits on cash.'),
    preferences: s
      .strictObject({
        objective: s
          .enum(enums.objective)
          .optional()
          .describe(
            'What plans are chosen by. advice: least adjusted cost of a single task, and of several least cost, once quality is sure enough and waits are bearable, owned machines first; cost: least cost alone. Default: advice.',
          ),
        failedAnswerCost: single(exact(moneyReader(null)))
          .optional()
          .describe(
            'What an answer costs you that is not good enough, USD. The plan is then chosen by its bill and these costs together, of which the bill holds none. Default: none.',
          ),
        weights: weights.optional().describe('Weights of the five factor scores in their total, which ranks nothing.'),
        only: s.strings
          .optional()
          .describe(
            'Consider nothing else: of the deployment types named one, of the providers (or sites of hardware of one’s own: own-room, colocation, devices) one, of the forms of purchase one, of the models one (by family or id; * at the end stands for any rest).',
          ),
        exclude: s.strings
          .optional()
          .describe('Do not consider these, such as spot, a provider or a model; * at the end stands for any rest.'),
        include: s.strings
          .optional()
          .describe('Consider these too: marketplace; spot also where somebody waits or data are protected.'),
        maxDeployments: whole('deployments').optional().describe('Most deployments a plan may have.'),
      })
      .optional()
      .describe('Wishes beyond the hard rules.'),
    prices: prices.optional().describe('Prices of your own, as in a price book; they win over one.'),
    assumptions: s
      .byName(ranged(parameterReader(null)))
      .describe(
        'Other values for named parameters, each in the parameter’s own unit; they hold for parameters that take that value too.',
      ),
    expect: s
      .strictObject({
        kinds: s.list(kind).optional().describe('Placement kinds the recommendation must consist of.'),
        maxMonthlyCost: single(exact(moneyReader('months')))
          .optional()
          .describe('Most the recommendation may cost, USD per month.'),
        plan: s.line(2000).optional().describe('Plan id the recommendation must be.'),
        shape: s.token.optional().describe(`Shape the recommendation must have: ${shapes.join(', ')}.`),
      })
      .optional()
      .describe('What `check` verifies.'),
  })
  .describe('A workload to be placed.');

/** A scenario as read: every number in its unit, ranges kept, nothing filled in. */
export type Scenario = s.output<typeof scenarioSchema>;
export type ScenarioTask = Scenario['tasks'][number];
export type ScenarioData = NonNullable<Scenario['data']>;
export type { Volume } from '../units/volume.js';
