import type { Measurement } from '../capacity/measurements/measurement.js';
import type { SizingRule } from '../capacity/fleet-size.js';
import { type CapacityAnswer, type CapacityQuery, predictCapacity } from '../capacity/predict-capacity.js';
import type { Predictor } from '../capacity/predict-rows.js';
import { runOf } from '../capacity/run-of.js';
import { schemeSupport } from '../capacity/scheme.js';
import { schemeNamed } from '../capacity/scheme-named.js';
import type { Tables } from '../tables/tables.js';
import { cheapestFor, type ReplicaPrice, usdPerMillion } from './replica-price.js';

/** What is asked: a run by names, its load and targets. */
export type CapacityQuestion = Omit<CapacityQuery, 'run'> & { measured: Measurement; rule: SizingRule };

/** What a fleet costs to rent; per million tokens at the rate it carries. */
export type CapacityPrice = {
  rent: ReplicaPrice;
  replicas: number;
  ratePerS: number;
  usdPerMTok: number;
  usdPerMOutputTok: number;
};

export type PricedCapacity = {
  accelerator: string;
  count: number;
  scheme: string;
  engine: string;
  maxSequences: number;
  cacheBits: number;
  answer: CapacityAnswer;
  /** Null: nobody rents such machines on demand, or nothing is carried. */
  price: CapacityPrice | null;
  warnings: string[];
};

/** Predicts and prices one machine; a text says why not. */
export function capacityOn(question: CapacityQuestion, tables: Tables, predictor: Predictor): PricedCapacity | string {
  const { measured, rule, ...query } = question;
  const of = runOf(measured, tables, predictor.assumed.slowScheme);
  if (typeof of === 'string') return of;
  const { run, doubts } = of;
  const answer = predictCapacity({ ...query, run }, { ...predictor, doubts }, rule);
  if (answer === null) return `the tables have no layers for the model "${run.model.family}"`;
  const scheme = schemeNamed(measured.quantization, run.model, tables.quantization);
  const supported =
    scheme === null ? 'none' : schemeSupport(scheme.runsOn, run.accelerator.architecture, tables.architectures);
  const warnings = [
    ...(supported === 'none'
      ? [
          `the tables know of no kernels for this scheme on ${run.accelerator.architecture}: predicted as if its weights alone were narrow`,
        ]
      : []),
    ...(answer.fleet?.latency.kvOvercommitted === true
      ? ['the room for the cache is over-committed: requests are computed again, and no p95 can be relied on']
      : []),
  ];
  return {
    accelerator: run.accelerator.accelerator,
    count: run.count,
    scheme: scheme?.name ?? measured.quantization,
    engine: run.engine.engine,
    maxSequences: run.maxSequences,
    cacheBits: run.cacheBits,
    answer,
    price: priceOf(answer, question, tables),
    warnings,
  };
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
  return {
    rent,
    replicas,
    ratePerS,
    usdPerMTok: usdPerMillion(rent.usdPerHour, ratePerS * (promptTokens + outputTokens)),
    usdPerMOutputTok: usdPerMillion(rent.usdPerHour, ratePerS * outputTokens),
  };
}

/** Cards of one replica that are looked at. */
const sizes = [1, 2, 4, 8];

/**
 * All hardware for a model and a load, each with the number of cards to a replica that costs least: those that carry it at
 * a known price first, the cheapest for the load; then those without a price, the fastest first.
 */
export function rankHardware(question: CapacityQuestion, tables: Tables, predictor: Predictor): PricedCapacity[] {
  const best: PricedCapacity[] = [];
  for (const { accelerator, interconnect } of tables.accelerators) {
    const counts = interconnect === 'none' ? [1] : sizes;
    const all = counts.flatMap((acceleratorCount) => {
      const measured = { ...question.measured, accelerator, acceleratorCount };
      const found = capacityOn({ ...question, measured }, tables, predictor);
      const carries =
        typeof found !== 'string' && found.answer.fits && (question.load === null || found.answer.fleet !== null);
      return carries && found.answer.held.requestsPerS > 0 ? [found] : [];
    });
    const [first] = all.sort(byCost);
    if (first !== undefined) best.push(first);
  }
  return best.sort(byCost);
}

function byCost(a: PricedCapacity, b: PricedCapacity): number {
  const cost = ({ price }: PricedCapacity) => price?.usdPerMTok ?? Number.POSITIVE_INFINITY;
  const speed = ({ answer, count }: PricedCapacity) => answer.held.requestsPerS / count;
  return (cost(a) === cost(b) ? 0 : cost(a) - cost(b)) || speed(b) - speed(a);
}
