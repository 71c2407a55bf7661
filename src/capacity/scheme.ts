import type { AcceleratorRow, ArchitectureRow, ModelRow, QuantizationRow } from '../tables/rows.js';
import { perObject } from '../units/memo.js';

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
  const known = remembered(architectures);
  const key = `${architecture} ${runsOn}`;
  let support = known.get(key);
  if (support === undefined) {
    support = readSupport(runsOn, architecture, architectures);
    known.set(key, support);
  }
  return support;
}

/** A few hundred answers, asked for hundreds of thousands of times. */
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
