import { pricedLater } from '../tables/hindsight.js';
import { cheapestOnDemand } from '../tables/rentals.js';
import type { AcceleratorRow, ModelRow, QuantizationRow, RentalRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { cardFit, type FitTerms, groupSizes } from './card-fit.js';
import { type MeasuredPoint, measuredBy } from './measured-point.js';
import { usableBytes } from './memory.js';
import { schemesOfModel } from './model-schemes.js';
import { peakFlops, type SchemeSupport, schemeSupport } from './scheme.js';

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
