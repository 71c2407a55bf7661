import type { AcceleratorRow, EngineRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { suggestion } from '../units/suggest.js';
import { uncorrected } from './correction.js';
import type { Doubt } from './doubts.js';
import { layoutOf } from './layout.js';
import type { Measurement } from './measurement.js';
import type { Arrivals, Run } from './run.js';
import { schemeSupport } from './scheme.js';
import { schemeNamed } from './scheme-named.js';

const bytesPerGib = 2 ** 30;
const fullCacheBits = 16;

export type RunOf = { run: Run; doubts: Doubt[]; rateCovers: 'decode' | 'whole' };

/** Tables a run is looked up in: those of a snapshot, or the whole catalog. */
export type Catalog = Pick<Tables, 'models' | 'accelerators' | 'engines' | 'quantization' | 'architectures'>;

/** Resolves what was run, or says what the tables do not know of it: an unknown model or accelerator is an error. */
export function runOf(measured: Measurement, catalog: Catalog, slowScheme: number): RunOf | string {
  const model = catalog.models.find(({ family }) => family === measured.modelFamily);
  if (model === undefined)
    return unknown(
      'model',
      measured.modelFamily,
      catalog.models.map(({ family }) => family),
    );
  const accelerator = catalog.accelerators.find((row) => row.accelerator === measured.accelerator);
  if (accelerator === undefined)
    return unknown(
      'accelerator',
      measured.accelerator,
      catalog.accelerators.map((row) => row.accelerator),
    );
  if (model.layers === null) return `the tables have no layers for the model "${model.family}"`;
  const scheme = schemeNamed(measured.quantization, model, catalog.quantization);
  const doubts: Doubt[] = scheme.known ? [] : ['scheme'];
  const { engine, known } = engineNamed(measured.engine, catalog.engines);
  if (!known) doubts.push('engine');
  if (!engine.mature) doubts.push('port');
  if (measured.run.prefixCaching === true && measured.prefixHitRate === null) doubts.push('prefixes');

  const layout = layoutOf(measured.acceleratorCount, measured.parallel, engine, model);
  const support = schemeSupport(scheme.runsOn, accelerator.architecture, catalog.architectures);
  const arrivals = arrivalsOf(measured);
  if (measured.maxNumSeqs === null && arrivals.is === 'backlog') doubts.push('limit');
  const run: Run = {
    model,
    accelerator,
    engine,
    count: measured.acceleratorCount,
    layout,
    bits: scheme.bits,
    embeddingBits: scheme.embeddingBits,
    cacheBits: cacheBitsOf(measured, scheme.compute, engine, catalog),
    // A scheme that was run runs: where the table does not know how, its weights alone are narrow.
    format: {
      compute: scheme.compute,
      support: support === 'none' ? 'weight-only' : support,
      kernels: engine.kernels,
      slow: slowScheme,
    },
    tokens: tokensOf(measured),
    arrivals,
    maxSequences: measured.maxNumSeqs ?? engine.maxSequences,
    cacheBytes: measured.run.kvMemoryGib === null ? null : measured.run.kvMemoryGib * bytesPerGib,
    correction: uncorrected,
    speculation: null,
  };
  return { run, doubts, rateCovers: measured.run.rateCovers ?? streamRate(measured, engine) };
}

/** A single stream's rate is what its engine publishes; a system's is of whole requests. */
const streamRate = ({ concurrency }: Measurement, { streamRate }: EngineRow): 'decode' | 'whole' =>
  concurrency === 1 ? streamRate : 'whole';

function unknown(what: string, name: string, known: readonly string[]): string {
  const longer = known.filter((each) => each.startsWith(`${name}-`));
  const near = longer.length > 0 ? `did you mean ${longer.join(', ')}?` : suggestion(name, known, 'known');
  return `no ${what} "${name}" in the tables${near === null ? '' : `; ${near}`}`;
}

/** The engine of a name, or one about which nothing is known: the usual settings and the mean of all engines. */
function engineNamed(name: string | null, engines: readonly EngineRow[]): { engine: EngineRow; known: boolean } {
  const found = engines.find(({ engine }) => engine === name);
  if (found !== undefined) return { engine: found, known: true };
  const usual = usualEngine(engines);
  return { engine: { ...usual, engine: name ?? '', group: '' }, known: false };
}

/** Kinds of machine that one person uses: schemes without batched serving are no drawback there. */
export const personal: ReadonlySet<AcceleratorRow['kind']> = new Set(['soc', 'phone', 'cpu']);

/** The engine that is meant where none is said, on a kind of machine. */
export function usualEngine(engines: readonly EngineRow[], kind: AcceleratorRow['kind'] = 'datacenter'): EngineRow {
  const wanted = personal.has(kind) ? 'personal' : 'server';
  const found = engines.find(({ usual }) => usual === wanted);
  if (found === undefined) throw new Error(`engines.csv marks no usual ${wanted} engine`);
  return found;
}

function tokensOf({ promptTokens, outputTokens, prefixHitRate, run }: Measurement): Run['tokens'] {
  const ratio = run.lengthRatio === null ? 1 : (run.lengthRatio.low + run.lengthRatio.high) / 2;
  const prompt = promptTokens * ratio;
  const output = outputTokens * ratio;
  if (run.phases !== null) {
    const { decodeDepth, prefillDepth, prefillTokens } = run.phases;
    return { fresh: prefillTokens, before: prefillDepth, context: decodeDepth, output };
  }
  const hit = prompt * (prefixHitRate ?? 0);
  const fresh = Math.max(1, prompt - hit);
  return { fresh, before: Math.max(0, prompt - fresh), context: prompt, output };
}

function arrivalsOf({ run, concurrency, requestRateRps, saturated }: Measurement): Arrivals {
  if (run.arrival === 'static-batch') return { is: 'static', batch: concurrency ?? 1 };
  if (requestRateRps !== null) return { is: 'open', ratePerS: requestRateRps, prompts: run.prompts };
  if (saturated === 'yes' || run.arrival === 'burst' || run.arrival === 'offline')
    return { is: 'backlog', waiting: concurrency };
  return concurrency === null && saturated === 'unknown'
    ? { is: 'closed', clients: 1 }
    : { is: 'closed', clients: concurrency ?? 1 };
}

const [fewestBits, mostBits] = [2, 32];

/** Bits of a cache in a format somebody named; null where the name tells none. */
export function cacheBitsNamed(name: string, quantization: readonly QuantizationRow[]): number | null {
  const said = name.split('/')[0] as string;
  const row = quantization.find(({ appliesTo, scheme }) => appliesTo === 'kv-cache' && scheme === `kv-${said}`);
  if (row !== undefined) return row.kvBits;
  const digits = Number(/\d{1,2}/.exec(said)?.[0]);
  return digits >= fewestBits && digits <= mostBits ? digits : null;
}

const eightBits = 8;

/** Bits of the cache: as said, or 8 where the engine narrows it with the weights. */
function cacheBitsOf(
  { kvCacheDtype }: Measurement,
  compute: string | null,
  engine: EngineRow,
  { quantization }: Catalog,
): number {
  const said = kvCacheDtype === null ? null : cacheBitsNamed(kvCacheDtype, quantization);
  if (said !== null) return said;
  const narrow = compute === 'fp8' || compute === 'fp4';
  return engine.cacheFollowsWeights && narrow ? eightBits : fullCacheBits;
}
