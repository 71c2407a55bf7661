import type { AcceleratorRow, ArchitectureRow, ModelRow, QuantizationRow } from '../tables/rows.js';
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
