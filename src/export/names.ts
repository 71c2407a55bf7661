import type { ModelRow, QuantizationRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';

/** A placeholder for names that the tables lack, to be replaced on deployment. */
export const replaceMe = 'REPLACE-ME';

/** What a tool calls something of our tables; null: not known. */
export const nameAt = ({ deployNames }: Pick<Tables, 'deployNames'>, tool: string, kind: string, name: string) =>
  deployNames.find((row) => row.tool === tool && row.kind === kind && row.name === name)?.theirs ?? null;

/** Where an engine loads weights from. */
export type Checkpoint = {
  /** `organization/repository` on Hugging Face, or a placeholder. */
  id: string;
  /** What the engine makes of them while it loads; null: they are as they run. */
  onLoad: string | null;
  /** What to mind; null: nothing. */
  remark: string | null;
};

/**
 * Published weights of a model in a scheme: those of the scheme, else the released ones if of the scheme, or if the
 * engine converts them as it loads; else a placeholder.
 */
export function checkpointOf(model: ModelRow, { scheme }: QuantizationRow, tables: Tables): Checkpoint {
  const idOf = (wanted: string | null) =>
    tables.checkpoints.find((row) => row.family === model.family && row.scheme === wanted)?.huggingfaceId ?? null;
  const released = idOf(null);
  const own = idOf(scheme) ?? (isReleased(model, scheme) ? released : null);
  if (own !== null) return { id: own, onLoad: null, remark: null };
  const onLoad = nameAt(tables, 'vllm', 'on-load', scheme);
  if (onLoad !== null && released !== null) return { id: released, onLoad, remark: `made ${scheme} as it loads` };
  return {
    id: `${replaceMe}/${model.family}-${scheme}`,
    onLoad: null,
    remark: `no published ${scheme} weights of ${model.family} are in the tables: name or make some${released === null ? '' : ` from ${released}`}`,
  };
}

/** The repository of GGUF files of a model; null: not known. */
export const ggufOf = ({ family }: ModelRow, tables: Tables): string | null =>
  tables.checkpoints.find((row) => row.family === family && row.scheme === 'gguf')?.huggingfaceId ?? null;

/** What needs no rounding of the weights: a type of 16 bits is loaded as another. */
const isReleased = ({ nativeDtype }: ModelRow, scheme: string): boolean =>
  nativeDtype === scheme || (halves.has(scheme) && (nativeDtype === null || halves.has(nativeDtype)));
const halves: ReadonlySet<string> = new Set(['bf16', 'fp16']);

const longestSlug = 40;

/** Names in lower case, digits and dashes for every target, in order, each once. */
export function slugsOf(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const plain = name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, longestSlug)
      .replace(/^-+|-+$/g, '');
    const base = /^[a-z]/.test(plain) ? plain : `task-${plain || index + 1}`;
    let slug = base;
    for (let n = 2; taken.has(slug); n++) slug = `${base}-${n}`;
    taken.add(slug);
    return slug;
  });
}

/** The name of a variable of the environment: `faq-peak` is `FAQ_PEAK`. */
export const variable = (...parts: string[]): string =>
  parts
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_');
