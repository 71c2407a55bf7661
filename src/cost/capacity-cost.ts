import { type CapacityAnswer, type CapacityQuery, type Predictor, predictCapacity } from '../calibration/predict.js';
import type { SizingRule } from '../capacity/fleet-size.js';
import { groupSizes } from '../capacity/hardware.js';
import type { Measurement } from '../capacity/measurement.js';
import { reservesOf, splitsHeads } from '../capacity/memory.js';
import { type Doubt, type Speculation, widens } from '../capacity/model-work.js';
import { type Run, runOf, usualEngine } from '../capacity/run.js';
import { type NamedScheme, schemeNamed, schemeSupport } from '../capacity/scheme.js';
import type { DateText } from '../tables/columns.js';
import { findApiRow } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import { type Call, type CallTier, callTiers, isSentTwice, tierOfCall } from './call.js';
import { ratesAt } from './quote.js';
import { cheapestFor, type ReplicaPrice, usdPerMillion } from './rented.js';
import { priceRatioAt, tierOf } from './token-prices.js';
import { billedParts } from './tokens.js';

/** A call without who serves it and when: that is given once, to `pricer`. */
export type PricedCall = Omit<Call, 'provider' | 'model' | 'at' | 'residency'>;

/**
 * A function that prices calls of one model, in USD: the total of `quote`, without parts and warnings, for millions of
 * calls. It returns null where `quote` has no bill: a batch or tier without a known price, negative tokens, a part of
 * the input larger than the whole. Null: the provider sells no such model, or the name is ambiguous.
 *
 * @param at the day or hour of the calls, as in `Call`; default: the day of the snapshot
 * @example const price = pricer(tables, 'openai', 'gpt-4o-mini'); price?.({ inputTokens: 1000, outputTokens: 200 }) //
 * USD
 */
export function pricer(
  tables: Tables,
  provider: string,
  model: string,
  at: DateText = tables.snapshot.date,
): ((call: PricedCall) => number | null) | null {
  const found = findApiRow(tables, provider, model);
  if (found === null) return null;
  const ratio = at.includes('T') ? priceRatioAt(found, at) : 1;
  const above = found.tierAboveInputTokens === null ? [] : [found.tierAboveInputTokens];
  const prompts = [0, ...above, ...found.furtherTiers.map((step) => step.above)].map((tokens) => tokens + 1);
  /** USD per token of each part, by the tier of the prompt; null: not sold so. */
  const usdPerToken = (tier: CallTier) =>
    prompts.map((prompt) => {
      const rates = ratesAt(found, tier, at, prompt);
      return rates && billedParts.map((part) => (rates[part].usdPerMTok * ratio) / 1e6);
    });
  const usdAt = new Map(callTiers.map((tier) => [tier, usdPerToken(tier)]));

  return ({ inputTokens, cachedTokens = 0, cacheWriteTokens = 0, cacheWrite1hTokens = 0, outputTokens, ...call }) => {
    const { convention, requests = 1 } = call;
    const others = cachedTokens + cacheWriteTokens + cacheWrite1hTokens;
    const fresh = convention === 'exclusive' ? inputTokens : inputTokens - others;
    const rates = usdAt.get(tierOfCall(call))?.[tierOf(found, fresh + others)];
    const least = Math.min(fresh, cachedTokens, cacheWriteTokens, cacheWrite1hTokens, outputTokens, requests);
    if (!rates || !(least >= 0) || isSentTwice(call)) return null;
    const [input = 0, cached = 0, write = 0, write1h = 0, output = 0] = rates;
    const usd =
      fresh * input +
      cachedTokens * cached +
      cacheWriteTokens * write +
      cacheWrite1hTokens * write1h +
      outputTokens * output;
    return Number.isFinite(usd * requests) ? usd * requests : null;
  };
}

/** The question: a run by names, its load and targets. */
export type CapacityQuestion = Omit<CapacityQuery, 'run'> & {
  measured: Measurement;
  rule: SizingRule;
  speculation: Speculation | null;
};

/** What a fleet costs to rent; per million tokens at the rate it carries. */
export type CapacityPrice = {
  rent: ReplicaPrice;
  replicas: number;
  ratePerS: number;
  /** Null: a request has no tokens (of that kind). */
  usdPerMTok: number | null;
  usdPerMOutputTok: number | null;
};

export type PricedCapacity = {
  model: string;
  accelerator: string;
  count: number;
  scheme: string;
  engine: string;
  maxSequences: number;
  cacheBits: number;
  answer: CapacityAnswer;
  /** Doubts that widen a band; measurements with the others show no larger errors. */
  widening: readonly Doubt[];
  /** Null: nobody rents such machines on demand, or nothing is carried. */
  price: CapacityPrice | null;
  warnings: string[];
};

/** Predicts and prices one machine; a text says why not. */
export function capacityOn(question: CapacityQuestion, tables: Tables, predictor: Predictor): PricedCapacity | string {
  const { measured: asked, rule, speculation, ...query } = question;
  const { kind } = tables.acceleratorOf.get(asked.accelerator) ?? {};
  const measured = { ...asked, engine: asked.engine ?? usualEngine(tables.engines, kind).engine };
  const of = runOf(measured, tables, predictor.assumed.slowScheme);
  if (typeof of === 'string') return of;
  const { run, doubts } = of;
  const answer = predictCapacity(
    { ...query, run: { ...run, speculation } },
    { ...predictor, reserves: reservesOf(predictor.assumed, predictor.memoryError ?? 0, tables), doubts },
    rule,
  );
  if (answer === null) return `the layers are not known of the model "${run.model.family}"`;
  const scheme = schemeNamed(measured.quantization, run.model, tables.quantization);
  return {
    model: run.model.family,
    accelerator: run.accelerator.accelerator,
    count: run.count,
    scheme: scheme.name,
    engine: run.engine.engine,
    maxSequences: run.maxSequences,
    cacheBits: run.cacheBits,
    answer,
    widening: answer.doubts.filter((doubt) => widens(doubt, predictor.bands)),
    price: priceOf(answer, question, tables),
    warnings: warningsOf(question, run, scheme, answer, tables),
  };
}

/** What a user should know before relying on an answer. */
function warningsOf(
  { measured, contextTokens, targets }: CapacityQuestion,
  { model, accelerator, layout: { tensor }, count }: Run,
  scheme: NamedScheme,
  { fleet }: CapacityAnswer,
  { architectures }: Tables,
): string[] {
  const longest = contextTokens ?? measured.promptTokens + measured.outputTokens;
  const { architecture } = accelerator;
  return [
    schemeSupport(scheme.runsOn, architecture, architectures) === 'none' &&
      `the tables know of no kernels for ${scheme.name} on ${architecture}: predicted as if its weights alone were narrow`,
    !splitsHeads(model, tensor) &&
      `${model.attentionHeads} attention heads do not divide over ${tensor} cards: engines refuse that`,
    count > 1 && accelerator.interconnect === 'none' && `${accelerator.accelerator} has no link to others`,
    model.maxContext !== null &&
      longest > model.maxContext &&
      `requests of ${longest} tokens are longer than the ${model.maxContext} the model was made for`,
    measured.outputTokens <= 1 &&
      targets.some(({ of }) => of === 'tpot') &&
      'no token follows the first: the target on the time per further token asks nothing',
    fleet?.latency.kvOvercommitted === true &&
      'the room for the cache is over-committed: requests are computed again, and no p95 can be relied on',
  ].filter((text) => text !== false);
}

function priceOf(
  { fits, held, fleet }: CapacityAnswer,
  { measured, load }: CapacityQuestion,
  tables: Tables,
): CapacityPrice | null {
  if (!fits || (load !== null && fleet === null)) return null;
  const replicas = fleet?.installed ?? 1;
  const ratePerS = fleet?.ratePerS ?? held.requestsPerS;
  const rent = cheapestFor(tables.rental, measured.accelerator, measured.acceleratorCount, replicas);
  if (rent === null || ratePerS === 0) return null;
  const { promptTokens, outputTokens } = measured;
  const perMillion = (tokens: number) => (tokens === 0 ? null : usdPerMillion(rent.usdPerHour, ratePerS * tokens));
  return {
    rent,
    replicas,
    ratePerS,
    usdPerMTok: perMillion(promptTokens + outputTokens),
    usdPerMOutputTok: perMillion(outputTokens),
  };
}

/**
 * All hardware for a model and a load, with the number of cards to a replica that costs least: priced hardware that
 * carries it first, the cheapest for the load; then unpriced, the fastest first.
 */
export function rankHardware(question: CapacityQuestion, tables: Tables, predictor: Predictor): PricedCapacity[] {
  const best: PricedCapacity[] = [];
  for (const row of tables.accelerators) {
    const { accelerator } = row;
    const all = groupSizes(row).flatMap((acceleratorCount) => {
      const measured = { ...question.measured, accelerator, acceleratorCount };
      const found = capacityOn({ ...question, measured }, tables, predictor);
      const carries =
        typeof found !== 'string' && found.answer.fits && (question.load === null || found.answer.fleet !== null);
      return carries && found.answer.held.requestsPerS > 0 ? [found] : [];
    });
    const [first] = all.sort(byCost(question));
    if (first !== undefined) best.push(first);
  }
  return best.sort(byCost(question));
}

/**
 * By cost of the load, or per token at full replicas without a load. On faster hardware the same users send more
 * requests: less per token, perhaps more in all.
 */
function byCost({ load }: CapacityQuestion) {
  const cost = ({ price }: PricedCapacity) =>
    (load === null ? price?.usdPerMTok : price?.rent.usdPerHour) ?? Number.POSITIVE_INFINITY;
  const speed = ({ answer, count }: PricedCapacity) => answer.held.requestsPerS / count;
  return (a: PricedCapacity, b: PricedCapacity): number =>
    (cost(a) === cost(b) ? 0 : cost(a) - cost(b)) || speed(b) - speed(a);
}
