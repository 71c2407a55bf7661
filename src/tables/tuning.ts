import type { TuningRow } from './rows.js';
import type { Tables } from './tables.js';

/** Methods of tuning by example; others need preferences, graders or code. */
const byExample: ReadonlySet<string> = new Set(['sft', 'lora', 'full']);

/** Whether a model is tuned to examples. */
export const learnsFromExamples = ({ methods }: TuningRow): boolean => methods.some((method) => byExample.has(method));

/** `up to 16B`, `17B-69B`, `above 300B`: parameters of an open model, 1e9. */
const sizes = /^(?:(up to|above) ([\d.]+)B|([\d.]+)B-([\d.]+)B)$/;

const isOfSize = (words: string, paramsB: number): boolean => {
  const [, side, end, from, to] = sizes.exec(words) ?? [];
  if (side !== undefined) return side === 'up to' ? paramsB <= Number(end) : paramsB > Number(end);
  return from !== undefined && paramsB >= Number(from) && paramsB <= Number(to);
};

/** How closely a row names a model: by family, by size, or with all others; 0: not at all. */
function closeness({ model }: TuningRow, family: string, paramsB: number | null): number {
  if (model.split(';').includes(family)) return 3;
  if (paramsB !== null && isOfSize(model, paramsB)) return 2;
  return model === '*' ? 1 : 0;
}

/** Whether a model is known to be trained and kept outside of all required regions. */
export const leavesRegions = ({ dataInRegion }: TuningRow, residency: readonly string[]): boolean =>
  residency.length > 0 && (dataInRegion === 'no' || (dataInRegion === 'us_only' && !residency.includes('us')));

/** USD per 1e6 training tokens on examples, the highest of a range; null: not in the tables. */
export const trainingUsdPerMTok = (row: TuningRow): number | null =>
  row.trainingUnit === 'usd_per_mtok' && learnsFromExamples(row) ? row.trainingUsdHigh : null;

/** The training price and its row: the given one, else the highest of all. Null: none. */
export function trainingPrice(
  row: TuningRow | null,
  { tuning }: Pick<Tables, 'tuning'>,
): { usdPerMTok: number; row: TuningRow } | null {
  const priced = (one: TuningRow) => {
    const usdPerMTok = trainingUsdPerMTok(one);
    return usdPerMTok === null ? [] : [{ usdPerMTok, row: one }];
  };
  const [own] = row === null ? [] : priced(row);
  const [first, ...others] = tuning.flatMap(priced);
  if (own !== undefined || first === undefined) return own ?? null;
  return others.reduce((most, one) => (one.usdPerMTok > most.usdPerMTok ? one : most), first);
}

/**
 * The tables' row on tuning a model at a provider: of those that name it most closely the cheapest that keeps the data
 * in the required regions, tunes by example and has a price. Null: none.
 */
export function tuningOf(
  { provider, family }: { provider: string; family: string },
  residency: readonly string[],
  { tuning, modelOf }: Pick<Tables, 'tuning' | 'modelOf'>,
): TuningRow | null {
  const paramsB = modelOf.get(family)?.paramsTotalB ?? null;
  const rank = (row: TuningRow): number[] => [
    -closeness(row, family, paramsB),
    Number(leavesRegions(row, residency)),
    Number(!learnsFromExamples(row)),
    trainingUsdPerMTok(row) ?? Number.MAX_VALUE,
  ];
  const [first] = tuning
    .filter((row) => row.provider === provider && closeness(row, family, paramsB) > 0)
    .map((row) => ({ row, rank: rank(row) }))
    .sort((a, b) => a.rank.reduce((sign, own, i) => sign || own - (b.rank[i] as number), 0));
  return first?.row ?? null;
}
