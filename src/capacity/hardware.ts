import type { AcceleratorRow, ArchitectureRow, ModelRow, QuantizationRow, RentalRow } from '../tables/columns.js';
import { cheapestOnDemand, perCard, pricedLater } from '../tables/offers.js';
import type { Tables } from '../tables/tables.js';
import { type MeasuredPoint, measuredBy } from './measurement.js';
import { usableBytes } from './memory.js';
import { type Engine, engineOf, sequencesThatFit, weightsOf } from './replica.js';
import { personal } from './run.js';
import { peakFlops, type SchemeSupport, schemeSupport, schemesOfModel } from './scheme.js';

/** Terms of the fit of a model on cards. `contextTokens`: room of each sequence. */
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
  /** Fewest cards in one tensor-parallel group, and sequences in memory then; null unless it fits. */
  cards: number | null;
  sequences: number | null;
};

const linked = [1, 2, 4, 8] as const;

/** Sizes of a group of such cards; those without a link stand alone. */
export const groupSizes = ({ interconnect }: Pick<AcceleratorRow, 'interconnect'>): readonly number[] =>
  interconnect === 'none' ? linked.slice(0, 1) : linked;

/** Whether it is fit to serve: it runs, and is shared by many requests or belongs to one user. */
export const isServed = (
  { runs, batchedServing }: Pick<CardFit, 'runs' | 'batchedServing'>,
  { kind }: Pick<AcceleratorRow, 'kind'>,
): boolean => runs !== 'none' && (batchedServing || personal.has(kind));

/** Whether a model may hold a context: within its stated limit, if any. */
export const holdsContext = ({ maxContext }: Pick<ModelRow, 'maxContext'>, contextTokens: number): boolean =>
  maxContext === null || contextTokens <= maxContext;

/** The fewest cards, at most `most`, on which the model fits in the scheme with one full-length sequence. */
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
  // An engine takes no more of shared memory than the machine leaves it.
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

/** What one line says of a kind of hardware, as JSON has it; null is unknown. */
export type HardwareSummary = ReturnType<typeof summarizeHardware>;

/** A hardware sheet as JSON, beyond its line; null: unknown, or not applicable. */
export type HardwareSheet = ReturnType<typeof hardwareSheet>;

const bytesPerGib = 2 ** 30;
const giga = 1e9;
const tera = 1e12;
const bitsPerByte = 8;

/** A kind of hardware in one line. */
export function summarizeHardware(machine: AcceleratorRow, { rental, snapshot }: Pick<Tables, 'rental' | 'snapshot'>) {
  const { row: _, confidence: __, ...facts } = machine;
  const rentals = rental.filter(({ accelerator }) => accelerator === machine.accelerator);
  return {
    ...facts,
    /** On that date nobody could have known it. */
    listPriceIsLaterThanSnapshot: pricedLater(machine, snapshot),
    rentalRows: rentals.length,
    cheapestOnDemand: cheapestOffer(rentals),
    cheapestOnDemandCloud: cheapestOffer(rentals.filter(({ tenancy }) => tenancy === 'cloud')),
  };
}

function cheapestOffer(rentals: readonly RentalRow[]) {
  const row = cheapestOnDemand(rentals);
  if (row === null) return null;
  const { provider, instanceType, gpuCount, region, tenancy } = row;
  return { usdPerGpuHour: perCard(row).onDemand, provider, instanceType, gpuCount, region, tenancy };
}

/** All else that follows from the row of one kind of hardware. */
export function hardwareSheet(
  machine: AcceleratorRow,
  tables: Tables,
  terms: FitTerms,
  measurements: readonly MeasuredPoint[],
) {
  return {
    memory: groupSizes(machine).map((cards) => ({
      cards,
      bytes: cards * machine.memoryGib * bytesPerGib,
      usableBytes: usableBytes(machine, cards, terms.engine),
    })),
    /** Operations at 16 bit for each byte of bandwidth. */
    opsPerByteFp16: (machine.fp16Tflops * tera) / (machine.bandwidthGBs * giga),
    schemes: schemesOnHardware(machine, tables, terms),
    /** Their layers are not in the tables. */
    modelsWithUnknownFit: tables.models.filter(({ layers }) => layers === null).length,
    rentals: tables.rental
      .filter(({ accelerator }) => accelerator === machine.accelerator)
      .map((row) => {
        const { provider, instanceType, gpuCount, region, tenancy, asOf, soldIn } = row;
        return { provider, instanceType, gpuCount, region, tenancy, asOf, soldIn, usdPerGpuHour: perCard(row) };
      }),
    measurements: measuredBy(
      measurements,
      tables.snapshot.date,
      (each) => each.accelerator === machine.accelerator && tables.modelOf.has(each.family),
    ),
  };
}

/**
 * The batch at which a machine's limit turns from memory to its matrix units.
 *
 * FLOP/s x bytes per weight / (2 x bandwidth)
 */
export const criticalBatch = (flops: number, bitsPerWeight: number, { bandwidthGBs }: AcceleratorRow): number =>
  (flops * (bitsPerWeight / bitsPerByte)) / (2 * bandwidthGBs * giga);

/** Every scheme, with the figures that it has for large models. */
function schemesOnHardware(accelerator: AcceleratorRow, tables: Tables, terms: FitTerms) {
  const ofLargeModels = tables.quantization.filter((row) => row.appliesTo === 'weights' && row.upToB === null);
  const largestFirst = [...tables.models]
    .sort((a, b) => b.paramsTotalB - a.paramsTotalB)
    .map((model) => ({ model, schemes: schemesOfModel(tables.quantization, model, 'weights') }));
  return ofLargeModels.map(({ scheme, compute, bitsPerWeight, batchedServing, runsOn }) => {
    const runs = schemeSupport(runsOn, accelerator.architecture, tables.architectures);
    const flops = runs === 'none' ? null : peakFlops(accelerator, compute, runs);
    const needed = largestFirst.flatMap(({ model: { family, paramsTotalB }, model, schemes }) => {
      const row = schemes.find((each) => each.scheme === scheme);
      const cards = row ? cardFit(model, row, accelerator, terms).cards : null;
      return cards === null ? [] : [{ cards, largest: { family, paramsTotalB } }];
    });
    return {
      scheme,
      runs,
      batchedServing,
      bitsPerWeight,
      /** Peak operations a second of the matrix units; null unless it runs. */
      flops,
      /** Tokens in a step for which reading the weights takes as long as computing. */
      criticalBatch: flops === null || bitsPerWeight === null ? null : criticalBatch(flops, bitsPerWeight, accelerator),
      /** Number of models that fit on so many cards, and the one with most parameters. */
      models: groupSizes(accelerator).map((cards) => {
        const fitting = needed.filter((each) => each.cards <= cards);
        return { cards, models: fitting.length, largest: fitting[0]?.largest ?? null };
      }),
    };
  });
}
