import { kinds } from '../tables/column.js';
import { isMap } from '../units/amount.js';
import { ranged, single } from '../units/field.js';
import { durationReader, moneyReader, readShare, readSpeed, readTokensOrShare } from '../units/readers.js';
import * as s from '../units/schema.js';
import { countReader, exact, numberReader } from '../units/uncertain.js';
import { readVolume } from '../units/volume.js';
import { enums } from './words.js';

const agreements = s.chosen(
  [
    { when: Array.isArray, use: s.strings.transform((signed) => ({ signed, canSign: [] as string[] })) },
    {
      when: isMap,
      use: s
        .strictObject({
          signed: s.strings.optional().describe('Agreements in force.'),
          canSign: s.strings.optional().describe('Agreements the organization is able and willing to sign.'),
        })
        .transform(({ signed, canSign }) => ({ signed: signed ?? [], canSign: canSign ?? [] })),
    },
  ],
  'write a list of signed agreements, or {signed: [...], canSign: [...]}',
);

/** What the data is and where it may go. */
export const data = s.strictObject({
  sensitivity: s
    .enum(enums.sensitivity)
    .optional()
    .describe('How sensitive the data is; decides how far it may go unless `boundary` says so. Default: internal.'),
  boundary: s
    .enum(enums.boundary)
    .optional()
    .describe(
      'How far the data may go, strictest first. Derived from the sensitivity when absent; under-contract, written, asks for a contract with everybody who gets them.',
    ),
  kinds: s.strings
    .optional()
    .describe('Kinds of data, as the compliance table names them: phi, personal, cardholder-data …'),
  regimes: s.strings
    .optional()
    .describe('Rules that apply, as the compliance table names them: hipaa, gdpr, pci-dss …'),
  ownRegimes: s
    .list(
      s.strictObject({
        name: s.token.describe('What the report calls it.'),
        requires: s
          .line(500)
          .optional()
          .describe(
            'What a place must have, in tokens of the compliance table: region:br & (agreement:dpa | reach:own-account).',
          ),
        only: s.list(s.enum(kinds)).optional().describe('Kinds of place that it allows. Default: all.'),
      }),
    )
    .optional()
    .describe('Rules of your own, for laws and policies that the tables do not have.'),
  residency: s.list(s.regionToken).optional().describe('Regions that data must stay in: us, eea (or eu), uk …'),
  agreements: agreements.optional().describe('Agreements signed, or that can be signed: baa, dpa, baa:<provider> …'),
  declared: s.strings.optional().describe('What the organization has done, as the compliance table names it: dpia …'),
  ownRoom: s.regionToken
    .optional()
    .describe(
      'Where machines of your own would stand: the region of your room, or of a colocation. Default: the first of `residency`.',
    ),
});

const reserved = ['constructor', 'prototype'];
const inName = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const taskName = s
  .line(64)
  .limit(
    (name) => inName.test(name),
    'a task name has letters (a to z, A to Z), digits, - and _, and starts with a letter or digit',
    { pattern: inName.source },
  )
  .refine((name) => !/^\d+$/.test(name), 'a task name cannot be only digits: paths use them for positions')
  .refine((name) => !reserved.includes(name), 'this name is reserved')
  .meta({ not: { anyOf: [{ pattern: '^\\d+$' }, { enum: reserved }] } });

export const volume = ranged(readVolume);

const tokens = s.strictObject({
  input: ranged(countReader('tokens', { aboveZero: true }))
    .optional()
    .describe('Input tokens per request, in all.'),
  maxInput: single(exact(countReader('tokens', { aboveZero: true })))
    .optional()
    .describe(
      'Input tokens of the longest request: a model must hold it with its answer. Default: the high end of `input`.',
    ),
  output: ranged(countReader('tokens', { aboveZero: true }))
    .optional()
    .describe('Visible output tokens per request.'),
  cacheablePrefix: ranged(readTokensOrShare)
    .optional()
    .describe('Leading part of the input that was sent before: tokens, or a share such as 60%.'),
  images: single(exact(countReader('images')))
    .optional()
    .describe(
      'Images per request, beside the input tokens: each model counts tokens of its own for one. Default: of a task with images one, within the input.',
    ),
  imageSize: s
    .enum(enums.imageSize)
    .optional()
    .describe('Width x height of them in pixels; a page is 1700x2200. Default: 1024x1024.'),
  audioSeconds: single(exact(durationReader('s')))
    .optional()
    .describe(
      'Audio per request that the model hears, beside the input tokens, such as 90 or 2 min; a bare number is in seconds. Each model counts tokens of its own for a second.',
    ),
  reasoning: ranged(countReader('tokens')).optional().describe('Reasoning tokens per request when a model thinks.'),
  cacheHitRate: ranged(readShare)
    .optional()
    .describe(
      'Share of requests that find the prefix cached, at a provider or on machines of one’s own. Derived when absent.',
    ),
  sessionPrefix: ranged(readTokensOrShare)
    .optional()
    .describe(
      'What of the cacheable prefix only the request’s own session sent before, such as what an agent has read: tokens, or a share of the input. All requests share the rest. Default: that of the type, most often none.',
    ),
});

/** What a tier is; numbers and models of each are the tables' own. */
export const tierText = 'A tier of the capability index, and no less than the low floor of the task’s type:';

const capability = s.oneKeyOf({
  atLeast: s.token.describe('As capable as this model; `<model>+thinking` asks for its thinking mode.'),
  tier: s.enum(enums.tier).describe(tierText),
  minIndex: ranged(numberReader(null, { least: 0, most: 100 })).describe('Smallest capability index, 0 to 100.'),
  relative: ranged(readShare).describe('Share of the best index on sale, such as 95%.'),
});

const latency = s.strictObject({
  ttftP95: s
    .chosen(
      [
        { when: (value) => value === 'any', use: s.enum(['any']) },
        { when: () => true, use: single(exact(durationReader('ms', { aboveZero: true }))) },
      ],
      'write a time such as 800ms, or any',
    )
    .optional()
    .describe(
      '95th percentile of the time to the first token, such as 800ms or 2s; a bare number is in milliseconds. `any`: however long it takes, also where nobody would wait so long.',
    ),
  tokensPerSecond: single(exact(readSpeed)).optional().describe('Speed of one answer, such as 20 tokens/s.'),
  totalP95: single(exact(durationReader('ms', { aboveZero: true })))
    .optional()
    .describe('95th percentile of the time to the whole answer, such as 10s; a bare number is in milliseconds.'),
});

export const serviceTier = s
  .enum(enums.serviceTier)
  .describe(
    'At which service tier of a closed API the requests are sent: flex costs less, may take minutes and may be refused; priority costs more. Default: standard; where the deadline takes batch tariffs and no latency target is written, the cheapest of standard, batch and flex.',
  );
export const availability = single(exact(readShare)).describe('Share of time in service, such as 99.5%.');

/** Parts of a task that may go to places of their own. */
const easy = s
  .strictObject({
    share: ranged(readShare).describe('Share of the requests that a lesser model answers well enough.'),
    capability: capability
      .optional()
      .describe('What that model must be capable of. Default: the low floor of the task’s type.'),
    told: s
      .enum(enums.told)
      .optional()
      .describe(
        'Whether a rule of your own tells easy requests before they are sent, or only the lesser model’s answer does, so that hard ones are paid for twice. Default: after.',
      ),
  })
  .describe('Easy requests among those of the task.');

const sensitive = s
  .strictObject({
    share: ranged(readShare).describe('Share of the requests to which the data rules of the task apply.'),
    rest: data
      .optional()
      .describe('Sensitivity, kinds, regimes and boundary of all other requests. Default: internal data, no regime.'),
    redaction: s
      .strictObject({
        type: s.token.describe('The preset of the task table that does it, such as personal-data-redaction.'),
        leaves: data.optional().describe('What the data is once it is redacted. Default: as `rest`.'),
      })
      .optional()
      .describe('Sensitive requests may be redacted first, by a model within the boundary, and then go with the rest.'),
  })
  .describe('Sensitive requests among those of the task, where you can tell them apart.');

const tuned = s
  .strictObject({
    capability: capability
      .optional()
      .describe('What the model must be capable of before it is tuned. Default: `distilledIndexGain` points less.'),
    cost: ranged(moneyReader(null)).optional().describe('What tuning costs once, USD. Default: `distillationUsd`.'),
  })
  .describe('A model that is fine-tuned to this task would do as well.')
  .transform(({ cost, ...rest }) => ({ ...rest, ...(cost !== undefined && { costUsd: cost }) }));

/** USD of one call or request. */
const fee = ranged(moneyReader(null));

const fees = s
  .strictObject({
    perRequest: fee.optional().describe('USD for each request, such as $0.01, wherever the task runs.'),
    perToolCall: s
      .record(s.token, fee)
      .optional()
      .describe('USD for a call of a tool wherever the provider publishes no fee for it: `{web-search: $0.005}`.'),
  })
  .describe('Fees of your own beside tokens and machines.');

export const task = s
  .strictObject({
    name: taskName.optional().describe('Short name, unique; paths use it: tasks.<name>.share. Default: the type.'),
    type: s.token.describe('A preset of the task table (faq-chat, summarization …); any field here overrides it.'),
    share: ranged(readShare).optional().describe('Share of all requests of `workload.volume`.'),
    volume: volume.optional().describe('Own volume, instead of a share.'),
    deadline: single(exact(durationReader('hours', { aboveZero: true })))
      .optional()
      .describe(
        'An answer may take this long from when its request comes in, so the work may wait for a free hour; from a day up it takes batch tariffs. What comes at night and must be done by 6: `profile: batch-nightly` with a deadline of 1h. A bare number is in hours.',
      ),
    tokens: tokens.optional().describe('Tokens per request.'),
    capability: capability.optional().describe('What the model must be capable of: exactly one key.'),
    latency: latency.optional().describe('Latency targets; a target written here is a hard rule.'),
    thinking: s.enum(enums.thinking).optional().describe('Whether a model may think before it answers.'),
    needs: s.list(s.enum(enums.needs)).optional().describe('What the model must be able to do.'),
    availability: availability.optional(),
    serviceTier: serviceTier.optional(),
    easy: easy.optional(),
    sensitive: sensitive.optional(),
    tuned: tuned.optional(),
    tools: s
      .record(s.token, ranged(numberReader(null, { least: 0 })))
      .optional()
      .describe(
        'Calls of tools per request: `{web-search: 2}`. Billed at the provider’s fee; where it publishes none, at your own in `fees`, else at the highest that is known.',
      ),
    fees: fees.optional(),
    data: data
      .optional()
      .describe('Data rules of this task alone: what is given here replaces the scenario’s field of that name.'),
  })
  .describe('One class of requests.')
  .transform(({ deadline, latency, ...rest }) => ({
    ...rest,
    ...(deadline !== undefined && { deadlineHours: deadline }),
    ...(latency && { latency: latencyInMs(latency) }),
  }));

type LatencyInMs = { ttftP95Ms?: number; anyTtft?: true; tokensPerSecond?: number; totalP95Ms?: number };

function latencyInMs({ ttftP95, tokensPerSecond, totalP95 }: s.output<typeof latency>): LatencyInMs {
  return {
    ...(ttftP95 === 'any' ? { anyTtft: true } : ttftP95 !== undefined && { ttftP95Ms: ttftP95 }),
    ...(tokensPerSecond !== undefined && { tokensPerSecond }),
    ...(totalP95 !== undefined && { totalP95Ms: totalP95 }),
  };
}
