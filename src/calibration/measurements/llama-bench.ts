import { layersSpread, oneCard, type Parallel, plainRun } from '../../capacity/measurement.js';
import type { BenchForm, BenchRead, BenchResult } from './bench.js';
import { type JsonPlace, type PlaceReader, textAt, under } from './bench.js';

/** Tests of `llama-bench -o json` or `-o jsonl`: one stream; prefill, decode, or both in turn. */
export const llamaBench: BenchForm = {
  title: 'a result of llama-bench -o json',
  signs: ['n_prompt', 'n_gen', 'avg_ts', 'model_n_params'],
  read,
};

const engine = 'llama.cpp';

function read(test: JsonPlace, reader: PlaceReader): BenchRead {
  const at = (key: string): JsonPlace => under(test, key);
  const cards = textAt(at('gpu_info'))
    ?.split(',')
    .map((card) => card.trim())
    .filter((card) => card !== '');
  const split = textAt(at('split_mode'));
  const count = cards === undefined || cards.length === 0 ? null : split === 'none' ? 1 : cards.length;
  const said = { model: textAt(at('model_type')), accelerator: cards?.[0] ?? textAt(at('cpu_info')), count };
  const prompt = reader.needed(at('n_prompt'));
  const written = reader.needed(at('n_gen'));
  const speed = reader.needed(at('avg_ts'));
  const depth = reader.number(at('n_depth')) ?? 0;
  if (prompt === null || written === null || speed === null) return { results: [], said };
  if (prompt + written === 0) {
    reader.fault(at('n_gen'), 'a test of no tokens', 'no-tokens');
    return { results: [], said };
  }
  return {
    said,
    results: [
      {
        ...resultOf(prompt, written, depth, speed),
        engine,
        engineVersion: versionOf(at('build_number'), at('build_commit')),
        quantization: schemeOf(textAt(at('model_filename')), textAt(at('model_type'))),
        kvCacheDtype: cacheType(textAt(at('type_k')), textAt(at('type_v'))),
        parallel: parallelOf(split, count),
        concurrency: 1,
        metricScope: 'per-user',
        saturated: 'no',
      },
    ],
  };
}

/** A test of prefill, of decode (on a context of `depth` tokens), or of both, whose speed counts all tokens. */
function resultOf(prompt: number, written: number, depth: number, speed: number): BenchResult {
  const run = { ...plainRun, prompts: 1 };
  if (written === 0)
    return {
      promptTokens: prompt,
      outputTokens: 0,
      prefillTokensPerS: speed,
      run: { ...run, phases: { decodeDepth: depth + prompt, prefillDepth: depth, prefillTokens: prompt } },
    };
  if (prompt === 0)
    return {
      promptTokens: depth,
      outputTokens: written,
      outputTokensPerS: speed,
      run: { ...run, rateCovers: 'decode', phases: { decodeDepth: depth, prefillDepth: 0, prefillTokens: depth } },
    };
  return {
    promptTokens: prompt,
    outputTokens: written,
    totalTokensPerS: speed,
    outputTokensPerS: (speed * written) / (prompt + written),
    run: {
      ...run,
      rateCovers: 'whole',
      phases: { decodeDepth: depth + prompt, prefillDepth: depth, prefillTokens: prompt },
    },
  };
}

/** The division over the named cards; layers can be spread over an unknown number. */
function parallelOf(split: string | null, count: number | null): Parallel | null {
  if (count === 1 || split === 'none') return oneCard;
  if (split !== 'row' && split !== 'tensor') return layersSpread;
  return count === null ? null : { ...oneCard, tensor: count };
}

function versionOf(number: JsonPlace, commit: JsonPlace): string | null {
  return number.node?.kind === 'number' ? `b${number.node.text}` : textAt(commit);
}

/** The type of the KV cache if keys and values have the same, else both. */
function cacheType(keys: string | null, values: string | null): string | null {
  return keys === values ? keys : [keys, values].filter((each) => each !== null).join('/');
}

const inFileName = /(?:^|[-._])((?:iq|q|tq)\d(?:_[a-z0-9]+)*|bf16|f16|f32|mxfp4)(?=[-.]|$)/gi;
const inModelType = /\b((?:IQ|Q|TQ)\d(?:_[A-Z0-9]+)*|BF16|F16|F32|MXFP4)\b(?: - (Small|Medium|Large))?/;

/** The weights' scheme: from the file name, else the model's type; empty: unknown. */
function schemeOf(filename: string | null, type: string | null): string {
  const named = [...(filename ?? '').replace(/^.*[\\/]/, '').matchAll(inFileName)].at(-1)?.[1];
  const [, typed, size] = inModelType.exec(type ?? '') ?? [];
  const scheme = named ?? (typed === undefined ? undefined : `${typed}${size === undefined ? '' : `_${size[0]}`}`);
  if (scheme === undefined) return '';
  const plain = scheme.toLowerCase();
  return plain === 'mxfp4' || plain === 'bf16' ? plain : `gguf-${plain}`;
}
