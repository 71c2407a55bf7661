import type { ApiRow } from './rows.js';
import type { Tables } from './tables.js';

/** How a row came to answer for a name: surest first. */
type Bond = 'same' | 'alias' | 'writing' | 'release' | 'family';
/** A row of the price list, and how surely it is the one that was named. */
export type NamedApiRow = { row: ApiRow; bond: Bond };

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
