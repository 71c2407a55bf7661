import type { ApiRow, CapabilityRow, DateText } from './columns.js';
import { schemas } from './columns.js';
import type { TableName, Tables } from './tables.js';

/** The cheapest model by tokens at a level: USD for a million input and a million visible output tokens. */
export type CheapestWay = {
  provider: string;
  model: string;
  family: string;
  mode: 'standard' | 'thinking';
  index: number;
  usd: number;
};
export type Level = { tier: number; name: string; fromIndex: number };

const modes = ['standard', 'thinking'] as const;

/** The deployment type of a row of the price list; null: neither of the two. */
export function apiKindOf({ endpointKind, openWeights }: Pick<ApiRow, 'endpointKind' | 'openWeights'>) {
  if (endpointKind === 'open-model-host' || (endpointKind === 'cloud-marketplace' && openWeights))
    return 'open-model-api';
  return endpointKind === 'first-party' || endpointKind === 'cloud-marketplace' ? 'cloud-api' : null;
}

/** Where each tier begins, with a model that many know and its index. */
export const tiersInWords = ({ tiers, capabilityOf }: Pick<Tables, 'tiers' | 'capabilityOf'>): string =>
  tiers
    .map(({ name, fromIndex, known }) => {
      const row = known === null ? undefined : capabilityOf.get(known);
      return `${name} from ${fromIndex}${row === undefined ? '' : ` (${row.family} is ${Math.round(row.index)})`}`;
    })
    .join(', ');

/** Capability levels by tier, each with its cheapest model in the snapshot, or null. */
export function cheapestByLevel(tables: Tables): { level: Level; way: CheapestWay | null }[] {
  const ways = tables.api
    .filter(({ retires }) => retires === null || retires > tables.snapshot.date)
    .flatMap((row) => waysOf(row, tables))
    .sort((a, b) => a.usd - b.usd);
  return tables.tiers.map(({ tier, name, fromIndex }) => ({
    level: { tier, name, fromIndex },
    way: ways.find(({ index }) => index >= fromIndex) ?? null,
  }));
}

/** A model in its modes of known capability. Reasoning is billed as output. */
function waysOf(row: ApiRow, tables: Tables): CheapestWay[] {
  const capability = tables.capabilityOf.get(row.family);
  if (!capability) return [];
  const { provider, modelId: model, family, inputUsdPerMTok, outputUsdPerMTok } = row;
  return modes.flatMap((mode) => {
    const index = gatedIndex(capability, mode);
    const written = mode === 'standard' ? 1 : tokensWritten(capability, tables);
    if (index === null || written === null) return [];
    return [{ provider, model, family, mode, index, usd: inputUsdPerMTok + outputUsdPerMTok * written }];
  });
}

/** The index of a mode; the low end for models that score well above others of their size. */
function gatedIndex(row: CapabilityRow, mode: CheapestWay['mode']): number | null {
  const index = mode === 'standard' ? row.indexStandard : row.indexThinking;
  return index === null || !row.useLow ? index : index - (row.index - row.indexLow);
}

/** Billed tokens per visible one: 1 / (1 - s), s = share of reasoning in the output x the effort of everyday work. */
function tokensWritten({ reasoningTokenShare }: CapabilityRow, { parameterOf }: Tables): number | null {
  const unknownShare = parameterOf.get('reasoningShareUnknown')?.likely;
  const effort = parameterOf.get('reasoningEffort')?.likely;
  const share = reasoningTokenShare ?? unknownShare;
  return share === undefined || effort === undefined ? null : 1 / (1 - share * effort);
}

/**
 * Families of open weights that `name` may mean: written so, ignoring case; else those that a price list of the
 * snapshot sells under that name. Empty: none; several: ambiguous.
 */
export function familiesNamed(tables: Tables, name: string): string[] {
  const asked = plain(name);
  const own = tables.models.filter(({ family }) => plain(family) === asked);
  if (own.length > 0) return own.map(({ family }) => family);
  const sellers = [...new Set(tables.api.map(({ provider }) => provider))];
  const sold = sellers.flatMap((provider) => apiRowsNamed(tables, provider, name.trim()).map(({ row }) => row.family));
  return [...new Set(sold)].filter((family) => tables.modelOf.has(family)).sort();
}

/** Accelerators that `name` may mean: written so, ignoring case; else those whose id begins with it. */
export function acceleratorsNamed(tables: Tables, name: string): string[] {
  const asked = plain(name);
  const ids = tables.accelerators.map(({ accelerator }) => accelerator);
  const own = ids.filter((id) => id === asked);
  return own.length > 0 ? own : ids.filter((id) => id.startsWith(`${asked}-`));
}

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');

/** Whether a row's date is before its snapshot's, as far as written, perhaps only the month. */
export function isOlder(rowDate: DateText, snapshot: DateText): boolean {
  return rowDate !== '' && rowDate < snapshot.slice(0, rowDate.length);
}

/** The key of a row within its table, as text: `provider/model`; the same in every snapshot. */
export function rowName(table: TableName, row: object): string {
  const cells = row as Record<string, unknown>;
  const key = schemas[table].key as readonly string[];
  return key.flatMap((field) => cells[field] ?? []).join('/');
}

/**
 * The tables with some of them replaced. All else comes from the original on demand: an index of replaced rows has to
 * be replaced too.
 */
export const withRows = (tables: Tables, replaced: Partial<Tables>): Tables =>
  Object.create(
    tables,
    Object.fromEntries(Object.entries(replaced).map(([name, value]) => [name, { value, enumerable: true }])),
  );

/** The regime in regimes.csv with a name; null: none. */
export const regimeNamed = ({ regimes }: Pick<Tables, 'regimes'>, name: string): string | null =>
  regimes.find(({ regime, aliases }) => regime === name || aliases.includes(name))?.regime ?? null;

/** The middle of the numbers, or the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

const originals = new WeakMap<object, object>();

/** A copy of a row, to be written into. */
export function copied<Row extends object>(row: Row): Row {
  const copy = { ...row };
  originals.set(copy, originalOf(row));
  return copy;
}

/** The row that one was copied from, or that row itself. */
export const originalOf = <Row extends object>(row: Row): Row => (originals.get(row) as Row | undefined) ?? row;

/** How a row came to answer for a name: surest first. */
type Bond = 'same' | 'alias' | 'writing' | 'release' | 'family';
/** A row of the price list, and how surely it is the one that was named. */
type NamedApiRow = { row: ApiRow; bond: Bond };

/** A name without parts common to all models, and its release. */
type Parts = { stem: string; release: string };

/** Release dates at the end of a name; groups: year, month and day if written. */
const releases = [
  /^(?<stem>.+)-(?<year>20\d\d)-(?<month>\d\d)-(?<day>\d\d)$/,
  /^(?<stem>.+)-(?<year>20\d\d)(?<month>0[1-9]|1[0-2])(?<day>[0-3]\d)$/,
  /^(?<stem>.+)-(?<month>0[1-9]|1[0-2])-(?<year>20\d\d)$/,
];
/** Four digits stand for month and day at some makers, for year and month at others. */
const shortRelease = /^(?<stem>.+)-(?<digits>\d{4})$/;
/** The newest release under a name, whichever it is. */
const newest = /-latest$/;

/**
 * Rows of a provider's price list that `model` may mean, by the surest match: the id as written; a listed alias; the id
 * in other writing (case, maker before it, marketplace version after it); the model with or without its release date;
 * the only family of that name. Several rows are releases of one name.
 */
export function apiRowsNamed(tables: Tables, provider: string, model: string): NamedApiRow[] {
  const rows = tables.api.filter((row) => row.provider === provider);
  const asked = parts(model);
  const undated = (name: Parts): boolean => name.release === '';
  const ways: readonly [Bond, (row: ApiRow) => boolean][] = [
    ['same', (row) => row.modelId === model],
    ['alias', (row) => row.aliases.includes(model)],
    ['writing', (row) => spelling(row.modelId) === spelling(model)],
    [
      'release',
      (row) =>
        [row.modelId, ...row.aliases].some((name) => {
          const known = parts(name);
          if (known.stem !== asked.stem) return false;
          return known.release === asked.release || undated(asked) || (undated(known) && isFullDate(asked.release));
        }),
    ],
    ['family', (row) => row.family === model.toLowerCase()],
  ];
  for (const [bond, is] of ways) {
    const found = rows.filter(is);
    if (found.length > 0) return found.map((row) => ({ row, bond }));
  }
  return [];
}

/**
 * The row of a provider's price list that `model` means: the newest of releases with equal prices; null if there is
 * none, or prices differ: see `apiRowsNamed`.
 */
export function findApiRow(tables: Tables, provider: string, model: string): ApiRow | null {
  const rows = apiRowsNamed(tables, provider, model).map(({ row }) => row);
  if (new Set(rows.map(priceText)).size > 1) return null;
  const release = (row: ApiRow): string => parts(row.modelId).release;
  return [...rows].sort((a, b) => (release(a) < release(b) ? 1 : -1))[0] ?? null;
}

/** An id in lower case, without a maker or host before it and a marketplace version after it. */
function spelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^([a-z0-9]+\.)+(?=[a-z])/, '')
    .replace(/-v1$|-v\d+:0$/, '')
    .replace(/@default$|-maas$/, '')
    .replace('@', '-');
}

function parts(name: string): Parts {
  const spelled = spelling(name).replace(newest, '');
  for (const form of releases) {
    const found = form.exec(spelled)?.groups;
    if (found) return { stem: found.stem ?? '', release: `${found.year}${found.month}${found.day ?? ''}` };
  }
  const { stem = spelled, digits = '' } = shortRelease.exec(spelled)?.groups ?? {};
  return { stem, release: digits };
}

/**
 * A full date may match an undated row, which covers releases without a row. Four digits may not: they often are
 * another model.
 */
function isFullDate(release: string): boolean {
  return release.length >= 6;
}

/** All that is charged, as one text. */
function priceText({ row, confidence, modelId, aliases, contextWindow, maxOutput, ...rest }: ApiRow): string {
  const charged = Object.entries(rest).filter(([field, value]) => typeof value === 'number' && field !== 'row');
  return JSON.stringify(charged);
}
