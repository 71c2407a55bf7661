import type { AcceleratorRow, ArchitectureRow, ModelRow, QuantizationRow } from '../tables/columns.js';
import { perObject } from '../units/memo.js';

/** Support of a scheme on an architecture: native, weights alone, or slow. */
export type SchemeSupport = 'native' | 'weight-only' | 'slow' | 'none';

/**
 * Reads `runsOn` of the quantization table: `;` between entries, `+` = and newer of the same line, `=weight-only`,
 * `=slow`, `any`. The best entry that covers the architecture counts.
 */
export function schemeSupport(
  runsOn: string,
  architecture: string,
  architectures: readonly ArchitectureRow[],
): SchemeSupport {
  const known = remembered(architectures);
  const key = `${architecture} ${runsOn}`;
  let support = known.get(key);
  if (support === undefined) {
    support = readSupport(runsOn, architecture, architectures);
    known.set(key, support);
  }
  return support;
}

/** A cache: a few hundred answers, read hundreds of thousands of times. */
const remembered = perObject((_: readonly ArchitectureRow[]) => new Map<string, SchemeSupport>());

function readSupport(runsOn: string, architecture: string, architectures: readonly ArchitectureRow[]): SchemeSupport {
  const own = architectures.find((row) => row.architecture === architecture);
  let best: SchemeSupport = 'none';
  const rank: SchemeSupport[] = ['none', 'slow', 'weight-only', 'native'];
  for (const entry of runsOn.split(';')) {
    const [target = '', grade = 'native'] = entry.trim().split('=');
    const newer = target.endsWith('+');
    const name = newer ? target.slice(0, -1) : target;
    const from = architectures.find((row) => row.architecture === name);
    const covers =
      name === 'any' ||
      name === architecture ||
      (newer && own !== undefined && from !== undefined && own.line === from.line && own.generation >= from.generation);
    if (covers && rank.indexOf(grade as SchemeSupport) > rank.indexOf(best)) best = grade as SchemeSupport;
  }
  return best;
}

/** A scheme's row for a model's size, if it may be used with the model. */
export function schemeFor(
  rows: readonly QuantizationRow[],
  { paramsTotalB, nativeDtype }: ModelRow,
): QuantizationRow | null {
  for (const row of rows) {
    if (paramsTotalB <= row.aboveB || (row.upToB !== null && paramsTotalB > row.upToB)) continue;
    return row.onlyNativeDtype === null || nativeDtype?.includes(row.onlyNativeDtype) ? row : null;
  }
  return null;
}

/** Dense peak rate of the matrix units for a scheme, FLOP/s (or integer operations a second). */
export function peakFlops(
  accelerator: AcceleratorRow,
  compute: QuantizationRow['compute'],
  support: SchemeSupport,
): number {
  const tera = 1e12;
  if (support !== 'native') return accelerator.fp16Tflops * tera;
  const byFormat = {
    fp16: accelerator.fp16Tflops,
    fp8: accelerator.fp8Tflops ?? accelerator.fp16Tflops,
    int8: accelerator.int8Tops ?? accelerator.fp16Tflops,
    fp4: accelerator.fp4Tflops ?? accelerator.fp8Tflops ?? accelerator.fp16Tflops,
  };
  return byFormat[compute ?? 'fp16'] * tera;
}

/** A model loses nothing in the format it was released in. */
export const losesNothing = (
  { nativeDtype }: Pick<ModelRow, 'nativeDtype'>,
  { scheme }: Pick<QuantizationRow, 'scheme'>,
): boolean => nativeDtype?.startsWith(scheme) === true;

/**
 * Index points lost by a model of capability `index`, from the loss at index 50: least at both ends.
 *
 * loss = lossAt50 x index x (100 - index) / 2500
 */
export const lossAtIndex = (lossAt50: number, index: number): number => (lossAt50 * index * (100 - index)) / 2500;

/** Schemes for the model, by the row for its size, in table order. */
export function schemesOfModel(
  rows: readonly QuantizationRow[],
  model: ModelRow,
  appliesTo: QuantizationRow['appliesTo'],
): QuantizationRow[] {
  const byScheme = new Map<string, QuantizationRow[]>();
  for (const row of rows) {
    if (row.appliesTo === appliesTo) byScheme.set(row.scheme, [...(byScheme.get(row.scheme) ?? []), row]);
  }
  return [...byScheme.values()].map((own) => schemeFor(own, model)).filter((row) => row !== null);
}

/**
 * The scheme of a model's release among its possible ones: one that only such models have, else the one that its format
 * begins with. Null: not in the tables.
 */
export const nativeScheme = (
  schemes: readonly QuantizationRow[],
  { nativeDtype }: Pick<ModelRow, 'nativeDtype'>,
): QuantizationRow | null =>
  schemes.find(({ onlyNativeDtype }) => onlyNativeDtype !== null) ??
  schemes.find(({ scheme }) => nativeDtype?.startsWith(scheme)) ??
  null;

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
