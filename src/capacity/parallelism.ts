/**
 * How the cards of one system are divided. `tensor × pipeline × data` is the number of cards, but for a layer split, which
 * says nothing of its own count: it is over all of them.
 */
export type Parallel = {
  /** Cards that share every matrix of a layer. */
  tensor: number;
  /** Stages of layers that work on different batches at once. */
  pipeline: number;
  /** Groups that serve requests of their own. */
  data: number;
  /** Cards over which a mixture's experts are spread; 1: experts are divided as all other weights are. */
  expert: number;
  /** Cards hold different layers and take turns: more of them do not speed up one stream. */
  layerSplit: boolean;
  /** Each card runs attention for requests of its own, so that KV is not divided among the cards of a group. */
  dataAttention: boolean;
};

export const oneCard: Parallel = {
  tensor: 1,
  pipeline: 1,
  data: 1,
  expert: 1,
  layerSplit: false,
  dataAttention: false,
};

/** Layers spread over all cards. */
export const layersSpread: Parallel = { ...oneCard, layerSplit: true };

/** Parts of a division as people write them, `tp8`, `pp=4`, `dep-2`; all but `tp` say nothing of the tensor degree. */
const parts: Readonly<Record<string, (degree: number) => Partial<Parallel>>> = {
  tp: (tensor) => ({ tensor }),
  pp: (pipeline) => ({ pipeline }),
  dp: (data) => ({ data }),
  ep: (expert) => ({ expert }),
  tep: (degree) => ({ tensor: degree, expert: degree }),
  dep: (degree) => ({ data: degree, expert: degree, dataAttention: true }),
};
const part = /^(tp|pp|dp|ep|tep|dep)[=-]?(\d{1,5})/i;
const separator = /^[\s+×x*,/_-]+/i;

export type ParallelRead = { parallel: Parallel | null; faults: string[] };

/**
 * A division as written after `par=` or in a column of its own: `layer-split`, `row-split`, `pp8`, `dep4`, `tp4pp2`, `tp=4+dp=2`.
 * Cards that it leaves over are shared by tensor.
 *
 * @param count cards of the system
 */
export function readParallel(written: string, count: number): ParallelRead {
  const text = written.trim().toLowerCase();
  if (/^layer[- ]?split$/.test(text)) return { parallel: layersSpread, faults: [] };
  if (/^(row|tensor)[- ]?split$/.test(text)) return { parallel: { ...oneCard, tensor: count }, faults: [] };
  const degrees = degreesIn(text);
  if (degrees === null)
    return {
      parallel: null,
      faults: [`"${written}" is not a division of cards such as tp8, pp2, tp4pp2 or layer-split`],
    };
  return completed(degrees, count, written);
}

function degreesIn(text: string): Partial<Parallel> | null {
  let found: Partial<Parallel> = {};
  let rest = text;
  while (rest !== '') {
    const [all = '', name = '', digits = ''] = part.exec(rest) ?? [];
    const degree = Number(digits);
    const read = parts[name];
    if (read === undefined || degree < 1) return null;
    found = { ...found, ...read(degree) };
    rest = rest.slice(all.length).replace(separator, '');
  }
  return text === '' ? null : found;
}

/** Fills in the tensor degree, and says where the cards do not come out even. */
function completed(degrees: Partial<Parallel>, count: number, written: string): ParallelRead {
  const { pipeline = 1, data = 1 } = degrees;
  const tensor = degrees.tensor ?? (count % (pipeline * data) === 0 ? count / (pipeline * data) : 1);
  const cards = tensor * pipeline * data;
  // Attention by data inside a tensor group, `tp8dp8`, uses the same cards twice.
  const within = degrees.tensor === data && degrees.tensor === count;
  const parallel = { ...oneCard, ...degrees, tensor, ...(within && data > 1 ? { data: 1, dataAttention: true } : {}) };
  const faults = cards === count || within ? [] : [`"${written}" is for ${cards} accelerators, not for ${count}`];
  return { parallel, faults };
}

const stated = /(?:^|[\s;,(])par(?:allel(?:ism)?)?\s*[=:]\s*([^\s;)]+)/i;
const experts = /(?:^|[\s;,(])ep\s*=\s*(\d{1,5})(?![\d.])/i;
const attention = /\b(?:dp|data[- ]parallel) attention\b/i;
const rows = /\brow[- ]split\b/i;
const layers = /\blayer[- ]split\b/i;

/** The division a note states, null where it states none: `par=pp8`, `ep=4`, `dp attention`, `row-split of that time`. */
export function parallelInNote(note: string, count: number): ParallelRead {
  const word = stated.exec(note)?.[1] ?? rows.exec(note)?.[0] ?? layers.exec(note)?.[0];
  const said = word === undefined ? { parallel: null, faults: [] } : readParallel(word, count);
  const expert = Number(experts.exec(note)?.[1] ?? 1);
  const dataAttention = attention.test(note);
  if (expert <= 1 && !dataAttention) return said;
  const base = said.parallel ?? { ...oneCard, tensor: count };
  return {
    parallel: {
      ...base,
      expert: Math.max(expert, base.expert),
      dataAttention: dataAttention || base.dataAttention,
    },
    faults: said.faults,
  };
}
