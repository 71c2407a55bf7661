import * as z from 'zod';
import type { BreakEvenAnswer } from '../analyses/break-even/answer.js';
import type { Decision } from '../decide/decision.js';
import type { Explanation } from '../decide/explain.js';
import * as s from '../decide/json-schema.js';
import { breakEvenTable } from '../report/breakeven.js';
import { pricingShowTable } from '../report/pricing.js';
import {
  pricesSchema,
  shortAnswer,
  shortAnswerSchema,
  shortBreakEven,
  shortBreakEvenSchema,
  shortExplanation,
  shortExplanationSchema,
  shortText,
} from '../report/short-answer.js';
import { isDay } from '../units/month.js';
import { assessCommand, breakEvenCommand, explainCommand } from './analysis-commands.js';
import { capacityCommand, pricingQuoteCommand, pricingShowCommand } from './catalog-commands.js';
import { type CommandWords, flagOf, haveErrors } from './command-entry.js';
import { pricesShown } from './commands/pricing.js';
import { type Io, usageProblem } from './io.js';
import type { Values } from './problems.js';
import { renderProblems } from './problems.js';

/** A tool's answer: a text for people and models, and data; or the command's problems. */
export type Answered = { text: string; data: object } | { problems: string };

/** A tool: words, its command, the arguments and options it takes, and the answer. */
export type Tool = {
  title: string;
  description: string;
  command: CommandWords;
  required?: readonly string[];
  optional: readonly string[];
  defaults?: Values;
  /** Notes on an argument for agents, beyond the command's help. */
  notes?: Readonly<Record<string, string>>;
  /** It needs a scenario, as a file or as text. */
  ofScenario?: true;
  output: s.Schema<unknown>;
} & (CommandTool | { answer(io: Io, args: Values): Promise<Answered> });

/** It runs the command, loaded on demand. */
type CommandTool = {
  load: () => Promise<{ run(io: Io, given: never): Promise<void> }>;
  /** Makes the answer from the command's JSON; absent: all of it. Without a text, clients get the command's table. */
  answerOf?: (printed: unknown, args: Values, warnings: readonly string[]) => { text?: string; data: object };
};

const band = s.objectOrNull('Factors on the prediction that hold 80 % of measurements; null: not known.', {
  ...{ low: s.number(null), high: s.number(null) },
});
const percentiles = s.object('Seconds.', { p50: s.number(null), p95: s.number(null), p99: s.number(null) });
const most = 100;

/** Every tool by its name. */
export const tools: Readonly<Record<string, Tool>> = {
  assess: {
    title: 'Where a workload should run',
    description:
      'Decides where an LLM workload should run (closed API, hosted open model, managed endpoint, serverless, rented or own GPUs, device, or a mix), what it costs a month and why not elsewhere. Call this first.',
    command: assessCommand,
    load: () => import('./commands/assess.js'),
    ofScenario: true,
    optional: ['set', 'asOf'],
    defaults: { point: true },
    notes: { point: '; false adds ranges, confidence and what changes the answer, which takes up to a minute' },
    output: shortAnswerSchema,
    answerOf: (printed, _, warnings) => {
      const decision = printed as Decision;
      const told = warnings.map((message) => ({ message }));
      const text = [shortText(decision), ...warnings.map((line) => `${line}\n`)].join('');
      return { text, data: shortAnswer(decision, told) };
    },
  },
  breakeven: {
    title: 'From which volume or value another way is cheaper',
    description:
      'The best plan by volume, and where the cheaper of two plans changes along an axis: volume, months, prices of tokens. Takes seconds to a minute.',
    command: breakEvenCommand,
    load: () => import('./commands/breakeven.js'),
    ofScenario: true,
    optional: ['set', 'axis', 'asOf'],
    output: shortBreakEvenSchema,
    answerOf: (printed) => {
      const found = printed as BreakEvenAnswer;
      return { text: breakEvenTable(found, false), data: shortBreakEven(found) };
    },
  },
  explain: {
    title: 'Where a figure comes from',
    description:
      'Takes a figure of a plan apart, down to rows of price tables with source and date, assumptions and the scenario. Takes seconds.',
    command: explainCommand,
    load: async () => ({ run: (await import('./commands/analyses.js')).runExplain }),
    ofScenario: true,
    optional: ['set', 'plan', 'figure', 'asOf'],
    defaults: { depth: '3' },
    output: shortExplanationSchema,
    answerOf: (printed, args) => ({ data: shortExplanation(printed as Explanation, Number(args.depth)) }),
  },
  quote: {
    title: 'What calls cost by a price list',
    description: 'The exact bill of a call, of many, or of a month at one provider, part by part. No decision is made.',
    command: pricingQuoteCommand,
    load: () => import('./commands/pricing-quote.js'),
    required: ['provider', 'model'],
    optional: ['input', 'cached', 'output', 'requests', 'batch', 'tier', 'at'],
    output: s.object(null, {
      ...{ total: s.usd('All calls together.'), requests: s.number('How many.') },
      parts: s.list(
        null,
        s.object(null, {
          ...{ part: s.text(null), quantity: s.number('Tokens of all calls.'), rate: s.number('USD per 1e6 tokens.') },
          ...{ amount: s.usd('The product.'), source: s.text('Row of the price table, source and date.') },
        }),
      ),
      ...{ provider: s.text(null), model: s.text('Id in the tables.'), batch: s.flag('At the batch tariff.') },
      tier: s.text('The service tier, or batch.'),
      ...{ snapshot: s.text('Date of the prices.'), at: s.text('Day the calls are billed on.') },
      note: s.textOrNull('What the tables note of the row.'),
      warnings: s.list(null, s.object(null, { code: s.text(null), message: s.text(null) })),
    }),
  },
  capacity: {
    title: 'What a GPU carries, and at what latency',
    description:
      'Predicts whether an open model fits on a GPU, throughput, latency, replicas for a load and their rent, with 80 % bands.',
    command: capacityCommand,
    load: () => import('./commands/capacity.js'),
    required: ['model', 'accelerator', 'input', 'output'],
    optional: ['count', 'quantization', 'rate', 'users', 'ttftP95', 'tpotP95', 'totalP95', 'engine', 'asOf'],
    output: s.object(null, {
      ...{ accelerator: s.text(null), count: s.number('Of one replica.'), engine: s.text(null) },
      scheme: s.text('Of the weights.'),
      fits: s.flag('Weights and one request fit into memory.'),
      alone: s.object('One request at a time.', {
        ...{ ttftS: s.number('First token, seconds.'), tokensPerS: s.number('Then.') },
        prefillTokensPerS: s.number(null),
      }),
      held: s.object('What one replica carries within the targets.', {
        ...{ requestsPerS: s.number(null), outputTokensPerS: s.number(null) },
      }),
      fleet: s.objectOrNull('For the load asked about; null: none asked, or not carried.', {
        ...{ serving: s.number('Replicas.'), installed: s.number('With spares.'), utilization: s.number('0 to 1.') },
        latency: s.object(null, { ttftS: percentiles, tpotS: percentiles, requestS: percentiles }),
      }),
      unmet: s.textOrNull('Why the load is not carried.'),
      bands: s.object(null, { throughput: band, ttft: band, single: band }),
      price: s.objectOrNull(
        'The cheapest rent on demand of all replicas; null: none is known, or nothing is carried.',
        {
          ...{ usdPerHour: s.usd('An hour.'), usdPerMTok: s.usdOrNull('Per 1e6 tokens.') },
          ...{ provider: s.text(null), instance: s.text(null), replicas: s.number(null) },
        },
      ),
      warnings: s.texts(null),
      prices: pricesSchema,
    }),
  },
  prices: {
    title: 'Rows of the price tables',
    description: `Prices of tokens, rented GPUs and managed endpoints, each row with its date and source. Name a model, a provider or an accelerator; at most ${most} rows.`,
    command: pricingShowCommand,
    optional: ['model', 'provider', 'accelerator', 'asOf'],
    output: s.object(null, {
      rows: s.list(
        null,
        s.object(null, {
          ...{ table: s.text(null), kind: s.kind, provider: s.text(null), name: s.text(null) },
          unit: s.text('What a price buys.'),
          prices: s.numbers('USD by name; one that is not known is left out.'),
          ...{ date: s.text(null), source: s.text(null), confidence: s.text(null) },
          region: s.textOrNull('Null: none is told.'),
        }),
      ),
      rowsInAll: s.number('How many there are.'),
      prices: pricesSchema,
    }),
    answer: fewPrices,
  },
};

/** The first rows that match. */
async function fewPrices(io: Io, args: Values): Promise<Answered> {
  if (!['model', 'provider', 'accelerator'].some((name) => args[name] !== undefined))
    return refused(usageProblem('name a model, a provider or an accelerator'));
  const { listing: found, problems } = await pricesShown(io, args as Parameters<typeof pricesShown>[1]);
  if (found === null || haveErrors(problems)) return refused(...problems);
  const { prices, offers: all } = found;
  const listing = { prices, offers: all.slice(0, most) };
  const rows = listing.offers.map((offer) => ({
    ...offer,
    prices: Object.fromEntries(offer.prices.flatMap(({ name, usd }) => (usd === null ? [] : [[name, usd]]))),
  }));
  const more = all.length > most ? `${all.length - most} more rows: name more of what is wanted\n` : '';
  return { text: pricingShowTable(listing, false) + more, data: { rows, rowsInAll: all.length, prices } };
}

/** Problems as lines `file:line:column  error  code  message`. */
export const refused = (...problems: Parameters<typeof renderProblems>[0]): { problems: string } => ({
  problems: renderProblems(problems, { color: false }),
});

/** Arguments and options of the command as those of the tool, `--ttft-p95` as `ttftP95`, with checks and help. */
export function inputOf({
  command,
  required = [],
  optional,
  defaults = {},
  notes = {},
  ofScenario,
}: Tool): z.ZodObject {
  const argument = (name: string): z.ZodType => {
    const positional = command.arguments.find((one) => one.name === `[${name}]`);
    if (positional !== undefined) return z.string().describe(positional.help);
    const flag = flagOf(name);
    const option = command.options.find(({ flags }) => flags.split(/[ ,]+/).includes(flag));
    if (option === undefined) throw new Error(`${flag} is no option`);
    const wrong = (value: unknown): string | null => option.check?.(String(value)) ?? null;
    const given = z.union([z.string(), z.number()]).refine((value) => wrong(value) === null, {
      error: ({ input }) => wrong(input) ?? '',
    });
    const one = option.flags.includes('<') ? given : z.boolean();
    return (option.repeatable ? z.array(z.string()) : one).describe(`${option.help}${notes[name] ?? ''}`);
  };
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, argument(name)]));
  const set = Object.entries(defaults).map(([name, value]) => [name, argument(name).default(value)]);
  return z.strictObject({
    ...(ofScenario && {
      scenario: z.string().optional().describe('The scenario itself, YAML or JSON text; or name a file'),
      file: z.string().optional().describe('A scenario file in the working folder or below it'),
    }),
    ...named(required),
    ...z.object(named(optional)).partial().shape,
    ...Object.fromEntries(set),
    pricing: z
      .string()
      .refine(isDay, 'Expected a date as YYYY-MM-DD.')
      .optional()
      .describe('Date of a shipped price snapshot (default: the newest)'),
  });
}
