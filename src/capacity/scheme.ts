import type { AcceleratorRow, ArchitectureRow, ModelRow, QuantizationRow } from '../tables/rows.js';

/** How a scheme runs on an architecture: in its own number format, only its weights narrow, or slowly. */
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
  let known = remembered.get(architectures);
  if (known === undefined) {
    known = new Map();
    remembered.set(architectures, known);
  }
  const key = `${architecture} ${runsOn}`;
  let support = known.get(key);
  if (support === undefined) {
    support = readSupport(runsOn, architecture, architectures);
    known.set(key, support);
  }
  return support;
}

/** A few hundred answers, asked for hundreds of thousands of times. */
const remembered = new WeakMap<readonly ArchitectureRow[], Map<string, SchemeSupport>>();

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

/** Of the rows of one scheme the one for a model's size, if the scheme may be used with the model at all. */
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

/** Dense peak rate of the matrix units for a scheme, in FLOP/s (or integer operations a second). */
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

/** Weights in a scheme somebody named: real bits per weight, and what else a prediction needs. */
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
/** Scales and offsets that come with each weight, by what a scheme's name begins or holds; otherwise `plainOverhead`. */
const overheads: readonly [RegExp, number][] = [
  [/^gguf-.*_(?:k_)?xl$/, 0.8],
  [/^(?:gguf|mlx)-/, 0.5],
  [/^nvfp/, 0.5],
  [/^(?:mxfp|int4)/, 0.25],
];
const plainOverhead = 0.1;

/**
 * The scheme of a name, for a model: its own name, a name the table completes (`mxfp4` is `mxfp4-native` for a model that
 * was released so; `awq` is `int4-awq`), the model's native one where none is said, or bits read off the name (`gguf-q4_0`:
 * 4 + 0.5). A name without a number of bits is taken for the native one.
 */
export function schemeNamed(name: string, model: ModelRow, table: readonly QuantizationRow[]): NamedScheme {
  const asked = name === unnamed ? nativeName(model) : name;
  const weights = table.filter((row) => row.appliesTo === 'weights');
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

const completes = (scheme: string, asked: string): boolean =>
  scheme.startsWith(`${asked}-`) || scheme.endsWith(`-${asked}`);

/** A release format as the table names schemes: its first word. */
const nativeName = ({ nativeDtype }: ModelRow): string => /^[a-z]+\d+/.exec(nativeDtype ?? '')?.[0] ?? 'bf16';

/** `int4-mlc-q4f16` 4, `mlx-q6` 6, `fp8-w8a16` 8, `gguf-f16` 16: the first number behind the letters that tell a format. */
export function bitsInName(name: string): number | null {
  const found = /(?:int|fp|bf|q|f|w)(\d{1,2})(?!\d)/.exec(name)?.[1] ?? /(\d{1,2})-?bit/.exec(name)?.[1];
  return found === undefined ? null : Number(found);
}
