import type { Problem } from '../units/problem.js';
import type { DateText } from './columns.js';
import { tableNames } from './columns.js';
import type { ParsedTables } from './parse.js';
import { rowName } from './query.js';
import { bareWord, judge } from './rules.js';
import type { RowsByTable, TableName } from './tables.js';

/** Families without a measured capability, or without a published architecture, by the manifests. */
type KnownGaps = { unrated: readonly string[]; unsized: readonly string[] };
type Check = (parsed: ParsedTables, rows: RowsByTable, gaps: KnownGaps) => Problem[];

/** What names must be found in. */
type Target = {
  /** The tables with the names; if one is incomplete, nothing counts as missing. */
  into: readonly TableName[];
  among: (rows: RowsByTable, known: KnownGaps) => Iterable<string>;
  /** Ends the sentence `"x" is not …`. */
  what: string;
  /** A warning where the row is of use without it. */
  severity?: Problem['severity'];
};

/** Cells of one table that name keys of others. */
const reference =
  <Table extends TableName>(
    table: Table,
    header: string,
    names: (row: RowsByTable[Table][number]) => readonly (string | null)[],
    { into, among, what, severity = 'error' }: Target,
  ): Check =>
  (parsed, rows, gaps) => {
    const file = parsed[table];
    if (!file || !into.every((target) => isWhole(parsed, rows, target))) return [];
    const known = new Set(among(rows, gaps));
    return (file.rows as RowsByTable[Table][number][]).flatMap((row) =>
      names(row)
        .filter((name) => name !== null && !known.has(name))
        .map((name) => ({
          ...file.problemAt(
            row.row,
            header,
            'unknown-reference',
            `"${name}" is not ${what}`,
            nearest(`${name}`, known),
          ),
          severity,
        })),
    );
  };

function isWhole(parsed: ParsedTables, rows: RowsByTable, table: TableName): boolean {
  const file = parsed[table];
  return file ? file.problems.every(({ severity }) => severity !== 'error') : rows[table].length > 0;
}

/** The rows of a table by the first field of its key. */
const keyOf = (table: TableName, what: string, severity: Problem['severity'] = 'error'): Target => ({
  ...{ into: [table], what, severity },
  among: (rows) => (rows[table] as object[]).map((row) => rowName(table, row)),
});
const provider = keyOf('providers', 'a provider of providers.csv');
const accelerator = keyOf('accelerators', 'an accelerator of accelerators.csv');
const architecture = keyOf('architectures', 'in architectures.csv');
const region = keyOf('regions', 'a region of regions.csv: where it lies is unknown', 'warning');
const claim = keyOf('claims', 'a token of claims.csv: it has no name', 'warning');
const rated: Target = {
  into: ['capability'],
  among: (rows, { unrated }) => [...rows.capability.map(({ family }) => family), ...unrated],
  what: 'a family of capability.csv: what it can do is unknown',
  severity: 'warning',
};
const sized: Target = {
  into: ['models'],
  among: (rows, { unsized }) => [...rows.models.map(({ family }) => family), ...unsized],
  what: 'a family of models.csv, as open weights should be',
  severity: 'warning',
};
const offered: Target = {
  into: ['providers', 'impliedTokens', 'regions'],
  among: offeredTokens,
  what: 'a token that any provider has, could have or is known not to have',
  severity: 'warning',
};
const orAny: Target = { ...architecture, among: (rows, gaps) => ['any', ...architecture.among(rows, gaps)] };
const sellers = [
  ...(['api', 'rental', 'hosting', 'services'] as const),
  ...(['provisionedThroughput', 'provisionedOffers', 'serviceTiers', 'fees'] as const),
] as const;

/** Every name in one table that must be a key of another. */
const references: readonly Check[] = [
  ...sellers.map((table) => reference(table, 'provider', (row) => [row.provider], provider)),
  reference('rental', 'accelerator', (row) => [row.accelerator], accelerator),
  reference('hosting', 'accelerator', (row) => [row.accelerator], accelerator),
  reference('api', 'family', ({ family }) => [family], rated),
  reference('models', 'family', ({ family }) => [family], rated),
  reference('api', 'family', ({ family, openWeights }) => (openWeights ? [family] : []), sized),
  reference('rental', 'region', (row) => [row.region], region),
  reference('accelerators', 'architecture', (row) => [row.architecture], architecture),
  reference('quantization', 'runs_on', ({ runsOn }) => runsOn.split(';').map(bareArchitecture), orAny),
  reference('regimes', 'condition', ({ condition }) => conditionTokens(condition), offered),
  reference('regimes', 'condition', ({ condition }) => namedTokens(condition), claim),
  reference('regions', 'tokens', ({ tokens }) => tokens.map((token) => `region:${token}`), offered),
  reference('levers', 'tasks', ({ tasks }) => tasks, keyOf('tasks', 'a preset of tasks.csv')),
  reference('levers', 'parameters', (row) => row.parameters, keyOf('assumptions', 'a parameter of assumptions.csv')),
];

function bareArchitecture(place: string): string {
  return place.replace(/\+?(=weight-only|=slow)?$/, '');
}

/**
 * Tokens of a condition that providers may have; `org:` tokens are declared by the user, and `reach:` follows from the
 * place.
 */
export function conditionTokens(condition: string): string[] {
  return condition.split(/[\s&|()]+/).filter((token) => token !== '' && !/^(org|reach):/.test(token));
}

/** Tokens of a condition that people sign, arrange, check or declare. */
function namedTokens(condition: string): string[] {
  return condition.split(/[\s&|()]+/).filter((token) => /^(agreement|cert|option|org):/.test(token));
}

/** All tokens that some provider has, may have or surely lacks, with their kind; regions also by their name alone. */
export function offeredTokens(rows: Pick<RowsByTable, 'providers' | 'impliedTokens' | 'regions'>): Set<string> {
  return new Set([
    ...rows.regions.map(({ region }) => `region:${region}`),
    ...rows.impliedTokens.map(({ token }) => token),
    ...rows.providers.flatMap(({ regions, certs, agreements, options, operatorCountry }) => [
      ...regions.map((token) => `region:${bareWord(token)}`),
      ...certs.map((token) => `cert:${bareWord(token)}`),
      ...agreements.map((token) => `agreement:${bareWord(token)}`),
      ...options.map((token) => `option:${bareWord(token)}`),
      `operator:${operatorCountry}`,
    ]),
  ]);
}

/** A known name that begins like the one written, as a suggestion. */
function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  let best: string | undefined;
  let bestLength = 3;
  for (const candidate of known) {
    let same = 0;
    while (same < name.length && name[same] === candidate[same]) same++;
    if (same > bestLength) [best, bestLength] = [candidate, same];
  }
  return best === undefined ? undefined : `did you mean "${best}"?`;
}

/**
 * Checks across tables: names resolve, ranges are in order, rows do not contradict. Rows of the given files (`parsed`)
 * are checked against all rows.
 */
export function checkIntegrity(
  parsed: ParsedTables,
  rows: RowsByTable,
  { date, ...gaps }: KnownGaps & { date: DateText | '' },
): Problem[] {
  const problems = references.flatMap((check) => check(parsed, rows, gaps));
  for (const table of tableNames)
    for (const { row, complaint } of judge(table, parsed, rows, date)) {
      const { header, code, message, severity } = complaint;
      const problem = parsed[table]?.problemAt(row, header, code, message);
      if (problem) problems.push({ ...problem, severity: severity ?? 'error' });
    }
  return [...problems, ...sharedNames(parsed, rows)];
}

/** Users set owning, latency and assumptions by name alone, so a name is in only one. */
function sharedNames(parsed: ParsedTables, rows: RowsByTable): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const table of ['owning', 'latency', 'assumptions'] as const)
    for (const { name, row } of rows[table]) {
      const other = seen.get(name);
      seen.set(name, table);
      if (other === undefined) continue;
      const problem = parsed[table]?.problemAt(row, 'name', 'duplicate-key', `"${name}" stands in ${other}.csv too`);
      if (problem && other !== table) problems.push(problem);
    }
  return problems;
}
