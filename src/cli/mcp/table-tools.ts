import * as z from 'zod';
import * as s from '../../decide/json-schema.js';
import { pricingShowTable } from '../../report/pricing-show.js';
import { pricesSchema } from '../../report/short-answer.js';
import { priceList, selectOffers, unanswered, type Wanted } from '../../tables/offers.js';
import type { Values } from '../arguments.js';
import { priceDate } from '../catalog-answer.js';
import { capacityCommand } from '../catalog-commands.js';
import type { CommandEntry } from '../command-entry.js';
import { runCapacity } from '../commands/capacity.js';
import { runPricingQuote } from '../commands/pricing-quote.js';
import { noSuch } from '../commands/pricing-show.js';
import { fileProblem, type Io } from '../io.js';
import { pricingQuoteCommand, pricingShowCommand } from '../pricing-commands.js';
import { readPriced } from '../read-workload.js';
import { type Answered, captured, common, refused, type Tool } from './tool.js';

type Args = Readonly<Record<string, unknown>>;

/** Arguments as a command line has them. */
const valuesOf = (args: Args): Values =>
  Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) =>
      value === undefined || value === false ? [] : [[name, value === true ? value : String(value)]],
    ),
  );

type Command = (io: Io, argument: undefined, values: Values) => Promise<void>;

/** What a command prints for people, and again as JSON. */
async function answered(io: Io, run: Command, args: Args): Promise<Answered> {
  const printed = (format: string) =>
    captured(io, (own) => run(own, undefined, { ...valuesOf(args), format, color: false }));
  const { out: text, problems } = await printed('table');
  return problems === null ? { text, data: JSON.parse((await printed('json')).out) } : { problems };
}

/** Options of a command as arguments, `--ttft-p95` as `ttftP95`: texts or numbers, checked and described as there. */
function inputOf({ options }: CommandEntry, required: readonly string[], optional: readonly string[]) {
  const argument = (name: string): z.ZodType => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const option = options.find(({ flags }) => flags.split(/[ ,]+/).includes(flag));
    if (option === undefined) throw new Error(`${flag} is no option`);
    const wrong = (value: unknown): string | null => option.check?.(String(value)) ?? null;
    const given = z.union([z.string(), z.number()]).refine((value) => wrong(value) === null, {
      error: ({ input }) => wrong(input) ?? '',
    });
    return (option.flags.includes('<') ? given : z.boolean()).describe(option.help);
  };
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, argument(name)]));
  return z.strictObject({ ...named(required), ...z.object(named(optional)).partial().shape, pricing: common.pricing });
}

const quoteInput = inputOf(
  pricingQuoteCommand,
  ['provider', 'model'],
  ['input', 'cached', 'output', 'requests', 'batch', 'tier', 'at'],
);

export const quoteTool: Tool<typeof quoteInput> = {
  name: 'quote',
  title: 'What calls cost by a price list',
  description: 'The exact bill of a call, of many, or of a month at one provider, part by part. No decision is made.',
  input: quoteInput,
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
  run: (io, args) => answered(io, runPricingQuote, args),
};

const capacityInput = inputOf(
  capacityCommand,
  ['model', 'accelerator', 'input', 'output'],
  ['count', 'quantization', 'rate', 'users', 'ttftP95', 'tpotP95', 'totalP95', 'engine', 'asOf'],
);
const percentiles = s.object('Seconds.', { p50: s.number(null), p95: s.number(null), p99: s.number(null) });
const band = s.objectOrNull('Factors on the prediction that hold 80 % of measurements; null: not known.', {
  ...{ low: s.number(null), high: s.number(null) },
});

export const capacityTool: Tool<typeof capacityInput> = {
  name: 'capacity',
  title: 'What a GPU carries, and at what latency',
  description:
    'Predicts whether an open model fits on a GPU, throughput, latency, replicas for a load and their rent, with 80 % bands.',
  input: capacityInput,
  output: s.object(null, {
    ...{ accelerator: s.text(null), count: s.number('Of one replica.'), engine: s.text(null) },
    scheme: s.text('Of the weights.'),
    fits: s.flag('Weights and one request fit into memory.'),
    alone: s.object('One request at a time.', {
      ...{ ttftS: s.number('First token, seconds.'), tokensPerS: s.number('Then.'), prefillTokensPerS: s.number(null) },
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
    price: s.objectOrNull('The cheapest rent on demand of all replicas; null: none is known, or nothing is carried.', {
      ...{ usdPerHour: s.usd('An hour.'), usdPerMTok: s.usdOrNull('Per 1e6 tokens.') },
      ...{ provider: s.text(null), instance: s.text(null), replicas: s.number(null) },
    }),
    warnings: s.texts(null),
    prices: pricesSchema,
  }),
  run: (io, args) => answered(io, runCapacity, args),
};

const most = 100;
const pricesInput = inputOf(pricingShowCommand, [], ['model', 'provider', 'accelerator', 'asOf']);

export const pricesTool: Tool<typeof pricesInput> = {
  name: 'prices',
  title: 'Rows of the price tables',
  description: `Prices of tokens, rented GPUs and managed endpoints, each row with its date and source. Name a model, a provider or an accelerator; at most ${most} rows.`,
  input: pricesInput,
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
  async run(io, args) {
    const { pricing, asOf, ...named } = valuesOf(args) as Wanted & { pricing?: string; asOf?: string };
    if (Object.keys(named).length === 0)
      return refused([fileProblem('usage', '', 'name a model, a provider or an accelerator')]);
    const { tables, prose, problems } = await readPriced(io, pricing === undefined ? {} : { pricing }, true);
    if (tables === null) return refused(problems);
    const missing = unanswered(tables, named).map((one) =>
      noSuch(one.part, one.asked, one.names, tables.snapshot.date),
    );
    if (missing.length > 0) return refused(missing);
    const all = priceList(tables, prose, selectOffers(tables, named), null);
    const offers = all.slice(0, most);
    const listing = { prices: priceDate(tables, io, asOf === undefined ? {} : { asOf }), offers };
    const left = all.length - offers.length;
    const rows = offers.map((offer) => ({
      ...offer,
      prices: Object.fromEntries(offer.prices.flatMap(({ name, usd: each }) => (each === null ? [] : [[name, each]]))),
    }));
    const text = pricingShowTable(listing, false);
    return {
      text: left > 0 ? `${text}${left} more rows: name more of what is wanted\n` : text,
      data: { rows, rowsInAll: all.length, prices: listing.prices },
    };
  },
};
