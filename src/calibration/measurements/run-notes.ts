import { type Arrival, plainRun, type Run } from '../../capacity/measurement.js';

/** What a note says of the run, as far as a prediction depends on it. */
type NoteInputs = {
  run: Run;
  maxNumSeqs: number | null;
  prefixHitRate: number | null;
  kvCacheDtype: string | null;
};

/** Kinds of arrival by the words for them, the most specific first. */
const arrivals: readonly [RegExp, Arrival][] = [
  [/\bstatic (?:offline )?batch|\bbatched-bench\b/i, 'static-batch'],
  [/\boffline (?:maximum|max)\b|\bmaximum load\b/i, 'offline'],
  [/\bat once\b|\bburst of\b|\ball[- ]at[- ]once\b/i, 'burst'],
  [/\bopen[- ]loop\b|\bpoisson\b/i, 'open-loop'],
  [/\bclosed[- ]loop\b/i, 'closed-loop'],
];

/** What the time of the output rate covers, by the words for it. */
const covers: readonly [RegExp, Run['rateCovers']][] = [
  [/\bincludes prefill\b|\bprefill (?:time )?included\b/i, 'whole'],
  [/\bprefill (?:time )?excluded\b|\bdecode (?:rate|phase|speed)\b|\bphase-only\b/i, 'decode'],
  [/\bllama-bench\b|\bmlx_lm\.benchmark\b|\b(?:mean )?speed of generating\b|(?:^|;)\s*decode of \d/i, 'decode'],
];

const digits = String.raw`(\d+(?:\.\d+)?)`;
const patterns = {
  chunkTokens: /\bn_ubatch ?= ?(\d+)/i,
  prompts: /(?<![-\w])(\d+) (?:prompts|requests)\b/i,
  kvMemoryGib: new RegExp(String.raw`\b(?:memory for kv|kv memory|kv cache)\b[^;]{0,20}? ${digits} ?gib\b`, 'i'),
  maxNumSeqs:
    /\b(?:max[-_ ]num[-_ ]seqs|max sequences)(?: ?[=:] ?| )(\d+)|\bengine limit (?:of )?(?:about )?(\d+) sequences/i,
  prefixHitRate: new RegExp(String.raw`\bprefix(?:[- ]cache)? hit rate ?(?:of|[=:])? ?${digits} ?(%?)`, 'i'),
} as const;
const lengths = new RegExp(String.raw`\breal lengths are ${digits} ?(?:-|to|\.\.) ?${digits} ?x the nominal`, 'i');
const atDepth = /\bat context depth (\d+)\b[^;]*\bprefill of (\d+)\b/i;
const emptyContext = /\btg(\d+)\b[^;]*\bpp(\d+)\b/i;
const speculation =
  /\bspeculat\w*|\bspec(?:[-_ ]?decod\w*)\b|\bmtp\b|\bmulti-token prediction\b|\beagle\d?\b|\bmedusa\b|\bdraft model\b/i;
const prefixes = /\b(?:automatic )?prefix[-_ ]cach(?:e|ing)\b/i;
const dtypes = String.raw`(fp8(?:_?e\dm\d)?|fp16|bf16|f16|int8|int4|nvfp4|q\d_[\dk](?:_[msl])?)`;
const dtypeIf = new RegExp(String.raw`\b(\w+) runs use an? ${dtypes}[- ]kv[- ]cache`, 'i');
const dtype = new RegExp(
  String.raw`\b${dtypes}[- ]kv[- ]cache|\bkv[-_ ]cache(?:[-_ ]dtype)?(?: in | ?[=:] ?| )${dtypes}\b`,
  'i',
);

/**
 * Reads facts of a run from a note; all else is prose.
 *
 * @param quantization scheme of the weights, for notes that tell of runs of one scheme only
 */
export function readNote(note: string, quantization: string): NoteInputs {
  const first = <Value>(table: readonly [RegExp, Value][]): Value | null =>
    table.find(([words]) => words.test(note))?.[1] ?? null;
  const figure = (form: RegExp): number | null => {
    const digits = form
      .exec(note)
      ?.slice(1)
      .find((group) => group !== undefined);
    return digits === undefined ? null : Number(digits);
  };
  const ratio = lengths.exec(note);
  const hits = patterns.prefixHitRate.exec(note);
  const hitRate = hits === null ? null : Number(hits[1]) / (hits[2] === '%' ? 100 : 1);
  return {
    maxNumSeqs: positive(figure(patterns.maxNumSeqs)),
    prefixHitRate: hitRate !== null && hitRate <= 1 ? hitRate : null,
    kvCacheDtype: kvCacheDtype(note, quantization),
    run: {
      ...plainRun,
      arrival: first(arrivals),
      prompts: positive(figure(patterns.prompts)),
      sameLengths: !/\breal (?:lengths are|mean)\b/i.test(note),
      lengthRatio: ratio === null ? null : { low: Number(ratio[1]), high: Number(ratio[2]) },
      rateCovers: first(covers),
      phases: phasesIn(note),
      chunkTokens: positive(figure(patterns.chunkTokens)),
      kvMemoryGib: positive(figure(patterns.kvMemoryGib)),
      speculative: switched(note, speculation),
      prefixCaching: switched(note, prefixes),
    },
  };
}

function positive(figure: number | null): number | null {
  return figure !== null && figure > 0 ? figure : null;
}

/** Whether a named thing was on, by the words next to it. */
function switched(note: string, thing: RegExp): boolean | null {
  const found = thing.exec(note);
  if (found === null) return null;
  const before = note.slice(0, found.index).split(/[;,.]/).at(-1) ?? '';
  const after = note.slice(found.index + found[0].length).split(/[;,.]/)[0] ?? '';
  const off =
    /\b(?:no|without|not)\s*$/i.test(before) ||
    /^\s*(?:is |was |were |[=:] ?)?(?:off|disabled|false|no|0)\b/i.test(after);
  return !off;
}

function phasesIn(note: string): Run['phases'] {
  const deep = atDepth.exec(note);
  if (deep !== null) {
    const depth = Number(deep[1]);
    return { decodeDepth: depth, prefillDepth: depth, prefillTokens: Number(deep[2]) };
  }
  const empty = emptyContext.exec(note);
  return empty === null ? null : { decodeDepth: 0, prefillDepth: 0, prefillTokens: Number(empty[2]) };
}

function kvCacheDtype(note: string, quantization: string): string | null {
  const conditional = dtypeIf.exec(note);
  if (conditional !== null) {
    const [, scheme = '', cache = ''] = conditional;
    return quantization.toLowerCase().split('-')[0] === scheme.toLowerCase() ? cache.toLowerCase() : null;
  }
  const found = dtype.exec(note);
  return (found?.[1] ?? found?.[2])?.toLowerCase() ?? null;
}
