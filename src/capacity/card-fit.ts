import type { AcceleratorRow, ArchitectureRow, ModelRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { type Engine, engineOf, sequencesThatFit, weightsOf } from './replica.js';
import { personal } from './run-of.js';
import { type SchemeSupport, schemeSupport } from './scheme.js';

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
  if (runs === 'none') return { ...fit, fits: false };
  if (weights === null) return { ...fit, fits: null };
  if (holdsContext(model, contextTokens)) {
    for (const cards of groupSizes(accelerator).filter((size) => size <= most)) {
      const sequences = sequencesThatFit(weights, accelerator, cards, contextTokens, engine);
      if (sequences >= 1) return { ...fit, fits: true, cards, sequences };
    }
  }
  return { ...fit, fits: false };
}
