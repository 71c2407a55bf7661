import { type Engine, engineOf, sequencesThatFit, type Weights, weightsOf } from '../../src/capacity/replica.js';
import { schemeFor, schemeSupport } from '../../src/capacity/scheme.js';
import type { AcceleratorRow, ModelRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { likelyIn } from './scenario.js';

export function modelOf(tables: Tables, family: string): ModelRow {
  const row = tables.modelOf.get(family);
  if (row === undefined) throw new Error(`no model ${family}`);
  return row;
}

export function acceleratorOf(tables: Tables, name: string): AcceleratorRow {
  const row = tables.acceleratorOf.get(name);
  if (row === undefined) throw new Error(`no accelerator ${name}`);
  return row;
}

/** A shipped model in a scheme; null where the scheme is not for it. */
export function weightsIn(tables: Tables, family: string, scheme: string): Weights | null {
  const model = modelOf(tables, family);
  const rows = tables.quantization.filter((row) => row.scheme === scheme);
  const row = schemeFor(rows, model);
  return row === null ? null : weightsOf(model, row);
}

/** The serving engine as the likely assumptions have it. */
export const engineIn = (tables: Tables): Engine => engineOf({ assume: likelyIn(tables) }, tables);

/** Sequences of `contextTokens` on `gpus` cards in one group; 0: does not fit, or does not run. */
export function sequences(
  tables: Tables,
  [family, scheme, accelerator, gpus]: readonly [string, string, string, number],
  contextTokens: number,
): number {
  const weights = weightsIn(tables, family, scheme);
  const card = acceleratorOf(tables, accelerator);
  if (weights === null) return 0;
  if (schemeSupport(weights.scheme.runsOn, card.architecture, tables.architectures) === 'none') return 0;
  return sequencesThatFit(weights, card, gpus, contextTokens, engineIn(tables));
}
