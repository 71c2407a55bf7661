import { cheapestOnDemand, pricedLater } from '../tables/offers.js';
import type { AcceleratorRow, ArchitectureRow, ModelRow, QuantizationRow, RentalRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { type MeasuredPoint, measuredBy } from './measurement.js';
import { usableBytes } from './memory.js';
import { schemesOfModel } from './model-schemes.js';
import { type Engine, engineOf, sequencesThatFit, weightsOf } from './replica.js';
import { personal } from './run.js';
import { peakFlops, type SchemeSupport, schemeSupport } from './scheme.js';

/** What the fit of a model on cards depends on beside the two. `contextTokens`: what each sequence may hold. */
export type FitTerms = { architectures: readonly ArchitectureRow[]; contextTokens: number; engine: Engine };

/** The terms as the tables assume them. */
export function fitTerms(tables: Tables, contextTokens: number): FitTerms {
  const { architectures, parameterOf } = tables;
  const likely = (name: string): number => {
    const row = parameterOf.get(name);
    if (row === undefined) throw new Error(`no parameter ${name} in the tables`);
    return row.likely;
  };
  return { architectures, contextTokens, engine: engineOf({ assume: likely }, tables) };
}

/** A model in a scheme on some cards. */
export type CardFit = {
  scheme: string;
  bitsPerWeight: number | null;
  /** Whether many requests can share it; else it serves one user at a time. */
  batchedServing: boolean;
  runs: SchemeSupport;
  /** Null: the tables do not have the layers of the model. */
  fits: boolean | null;
  /** Fewest cards in one tensor-parallel group, and the sequences that memory then holds; null unless it fits. */
  cards: number | null;
  sequences: number | null;
};

const linked = [1, 2, 4, 8] as const;

/** Sizes of a group of such cards; those without a link stand alone. */
export const groupSizes = ({ interconnect }: Pick<AcceleratorRow, 'interconnect'>): readonly number[] =>
  interconnect === 'none' ? linked.slice(0, 1) : linked;

/** Whether one would serve from it: it runs, and many requests can share it or one user has the machine. */
export const isServed = (
  { runs, batchedServing }: Pick<CardFit, 'runs' | 'batchedServing'>,
  { kind }: Pick<AcceleratorRow, 'kind'>,
): boolean => runs !== 'none' && (batchedServing || personal.has(kind));

/** A context longer than the model's own never fits; one of a model without a stated limit may. */
export const holdsContext = ({ maxContext }: Pick<ModelRow, 'maxContext'>, contextTokens: number): boolean =>
  maxContext === null || contextTokens <= maxContext;

/** The fewest of at most `most` cards on which the model fits in the scheme, with one sequence of full length at least. */
export function cardFit(
  model: ModelRow,
  scheme: QuantizationRow,
  accelerator: AcceleratorRow,
  { architectures, contextTokens, engine }: FitTerms,
  most = Number.POSITIVE_INFINITY,
): CardFit {
  const runs = schemeSupport(scheme.runsOn, accelerator.architecture, architectures);
  const { scheme: name, bitsPerWeight, batchedServing } = scheme;
  const fit = { scheme: name, bitsPerWeight, batchedServing, runs, cards: null, sequences: null };
  const weights = weightsOf(model, scheme);
  // No engine takes more of a memory that it shares with all else than the machine leaves it.
  const shared = personal.has(accelerator.kind);
  const fitted = shared ? { ...engine, row: { ...engine.row, memoryFraction: null } } : engine;
  if (runs === 'none') return { ...fit, fits: false };
  if (weights === null) return { ...fit, fits: null };
  if (holdsContext(model, contextTokens)) {
    for (const cards of groupSizes(accelerator).filter((size) => size <= most)) {
      const sequences = sequencesThatFit(weights, accelerator, cards, contextTokens, fitted);
      if (sequences >= 1) return { ...fit, fits: true, cards, sequences };
    }
  }
  return { ...fit, fits: false };
}

/** What one line says of a kind of hardware. */
export type HardwareSummary = {
  accelerator: AcceleratorRow;
  /** Rows of the snapshot that rent it out. */
  rentals: readonly RentalRow[];
  /** The least price on demand, and the least of those that are not a marketplace's. */
  cheapest: RentalRow | null;
  cheapestCloud: RentalRow | null;
  /** Its list price is of a later month than the snapshot. */
  priceIsLater: boolean;
};

/** What so many cards hold. */
export type UsableMemory = { cards: number; bytes: number; usable: number };

/** A scheme on this hardware. */
export type SchemeOnHardware = {
  scheme: string;
  runs: SchemeSupport;
  batchedServing: boolean;
  /** Of large models. */
  bitsPerWeight: number | null;
  /** Peak operations a second of the matrix units; null unless it runs. */
  flops: number | null;
  /** Tokens in one step at which reading the weights takes as long as computing with them. */
  criticalBatch: number | null;
  models: readonly ModelsThatFit[];
};

/** How many models fit on so many cards, and which of them has most parameters. */
export type ModelsThatFit = { cards: number; models: number; largest: ModelRow | null };

/** All that follows from the row of one kind of hardware. */
export type HardwareSheet = {
  summary: HardwareSummary;
  contextTokens: number;
  memory: readonly UsableMemory[];
  /** Operations at 16 bit for each byte of bandwidth. */
  opsPerByte: number;
  schemes: readonly SchemeOnHardware[];
  /** Models whose layers the tables do not have: whether they fit is unknown. */
  unknownModels: number;
  measurements: readonly MeasuredPoint[];
};

const bytesPerGib = 2 ** 30;
const giga = 1e9;
const tera = 1e12;
const bitsPerByte = 8;

/** A kind of hardware in one line. */
export function summarizeHardware(
  accelerator: AcceleratorRow,
  { rental, snapshot }: Pick<Tables, 'rental' | 'snapshot'>,
): HardwareSummary {
  const rentals = rental.filter((row) => row.accelerator === accelerator.accelerator);
  return {
    accelerator,
    rentals,
    cheapest: cheapestOnDemand(rentals),
    cheapestCloud: cheapestOnDemand(rentals.filter(({ tenancy }) => tenancy === 'cloud')),
    priceIsLater: pricedLater(accelerator, snapshot),
  };
}

/** All about one kind of hardware. */
export function hardwareSheet(
  accelerator: AcceleratorRow,
  tables: Tables,
  terms: FitTerms,
  measurements: readonly MeasuredPoint[],
): HardwareSheet {
  return {
    summary: summarizeHardware(accelerator, tables),
    contextTokens: terms.contextTokens,
    memory: groupSizes(accelerator).map((cards) => ({
      cards,
      bytes: cards * accelerator.memoryGib * bytesPerGib,
      usable: usableBytes(accelerator, cards, terms.engine),
    })),
    opsPerByte: (accelerator.fp16Tflops * tera) / (accelerator.bandwidthGBs * giga),
    schemes: schemesOnHardware(accelerator, tables, terms),
    unknownModels: tables.models.filter(({ layers }) => layers === null).length,
    measurements: measuredBy(
      measurements,
      tables.snapshot.date,
      (each) => each.accelerator === accelerator.accelerator && tables.modelOf.has(each.family),
    ),
  };
}

/**
 * The batch at which a machine turns from waiting for memory to waiting for its matrix units.
 *
 *     FLOP/s x bytes per weight / (2 x bandwidth)
 */
export const criticalBatch = (flops: number, bitsPerWeight: number, { bandwidthGBs }: AcceleratorRow): number =>
  (flops * (bitsPerWeight / bitsPerByte)) / (2 * bandwidthGBs * giga);

function schemesOnHardware(accelerator: AcceleratorRow, tables: Tables, terms: FitTerms): SchemeOnHardware[] {
  const ofLargeModels = tables.quantization.filter((row) => row.appliesTo === 'weights' && row.upToB === null);
  const schemesOf = tables.models.map((model) => ({
    model,
    byName: new Map(schemesOfModel(tables.quantization, model, 'weights').map((row) => [row.scheme, row])),
  }));
  return ofLargeModels.map(({ scheme, compute, bitsPerWeight, batchedServing, runsOn }) => {
    const runs = schemeSupport(runsOn, accelerator.architecture, tables.architectures);
    const flops = runs === 'none' ? null : peakFlops(accelerator, compute, runs);
    return {
      scheme,
      runs,
      batchedServing,
      bitsPerWeight,
      flops,
      criticalBatch: flops === null || bitsPerWeight === null ? null : criticalBatch(flops, bitsPerWeight, accelerator),
      models: modelsThatFit(
        schemesOf.map(({ model, byName }) => ({ model, row: byName.get(scheme) ?? null })),
        accelerator,
        terms,
      ),
    };
  });
}

function modelsThatFit(
  models: readonly { model: ModelRow; row: QuantizationRow | null }[],
  accelerator: AcceleratorRow,
  terms: FitTerms,
): ModelsThatFit[] {
  const needed = models
    .map(({ model, row }) => ({ model, cards: row && cardFit(model, row, accelerator, terms).cards }))
    .sort((a, b) => b.model.paramsTotalB - a.model.paramsTotalB);
  return groupSizes(accelerator).map((cards) => {
    const fitting = needed.filter((each) => each.cards !== null && each.cards <= cards);
    return { cards, models: fitting.length, largest: fitting[0]?.model ?? null };
  });
}
