import type { ModelRow, QuantizationRow } from '../tables/rows.js';
import { nativeScheme, schemeFor, schemesOfModel } from './scheme.js';

/** Weights in a named scheme: real bits per weight, and what else a prediction needs. */
export type NamedScheme = {
  /** As the table has it, or as it was said. */
  name: string;
  bits: number;
  embeddingBits: number;
  runsOn: string;
  compute: QuantizationRow['compute'];
  /** Whether the table has it; else its bits follow from its name. */
  known: boolean;
};

const full = 16;
const unnamed = '';
/** Overhead bits of scales and offsets, by the scheme's name; else `plainOverhead`. */
const overheads: readonly [RegExp, number][] = [
  [/^gguf-.*_(?:k_)?xl$/, 0.8],
  [/^(?:gguf|mlx)-/, 0.5],
  [/^nvfp/, 0.5],
  [/^(?:mxfp|int4)/, 0.25],
];
const plainOverhead = 0.1;

/**
 * The scheme of a name, for a model: its own name, a name the table completes (`mxfp4` is `mxfp4-native` for a model
 * released so; `awq` is `int4-awq`), or bits in the name (`gguf-q4_0`: 4 + 0.5). Without a name or number of bits the
 * model's native one.
 */
export function schemeNamed(name: string, model: ModelRow, table: readonly QuantizationRow[]): NamedScheme {
  const weights = table.filter((row) => row.appliesTo === 'weights');
  const asked = name === unnamed ? releasedIn(model, table) : name;
  const longer = weights.map(({ scheme }) => scheme).filter((each) => completes(each, asked));
  const names = [asked, ...new Set(longer)];
  for (const each of names) {
    const row = schemeFor(
      weights.filter(({ scheme }) => scheme === each),
      model,
    );
    if (row === null || row.bitsPerWeight === null) continue;
    const { bitsPerWeight: bits, batchedServing, runsOn, compute } = row;
    // Files for one machine narrow the embedding too; served models keep it whole.
    return { name: each, bits, embeddingBits: batchedServing ? full : bits, runsOn, compute, known: true };
  }
  const nominal = bitsInName(asked);
  if (nominal === null) {
    return { ...schemeNamed(unnamed, model, table), name: asked, known: false };
  }
  const overhead = overheads.find(([form]) => form.test(asked))?.[1] ?? plainOverhead;
  const bits = nominal >= full ? nominal : nominal + overhead;
  return { name: asked, bits, embeddingBits: bits, runsOn: 'any=weight-only', compute: 'fp16', known: false };
}

/** The scheme of a model's release; 16 bits if not in the tables. */
const releasedIn = (model: ModelRow, table: readonly QuantizationRow[]): string =>
  nativeScheme(schemesOfModel(table, model, 'weights'), model)?.scheme ?? 'bf16';

const completes = (scheme: string, name: string): boolean =>
  scheme.startsWith(`${name}-`) || scheme.endsWith(`-${name}`);

/** `int4-mlc-q4f16` 4, `mlx-q6` 6, `fp8-w8a16` 8, `gguf-f16` 16: the first number after a format's letters. */
export function bitsInName(name: string): number | null {
  const found = /(?:int|fp|bf|q|f|w)(\d{1,2})(?!\d)/.exec(name)?.[1] ?? /(\d{1,2})-?bit/.exec(name)?.[1];
  return found === undefined ? null : Number(found);
}
