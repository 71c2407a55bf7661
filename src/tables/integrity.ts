import type { Problem } from '../units/problem.js';
import { bareWord } from './claim-words.js';
import { tableNames } from './columns.js';
import type { ParsedTables } from './parse.js';
import type { DateText } from './rows.js';
import { judge } from './rules.js';
import type { RowsByTable, TableName } from './tables.js';

/** Cells of one table that name keys of another. */
type Reference<Table extends TableName> = {
  table: Table;
  header: string;
  names: (row: RowsByTable[Table][number]) => readonly string[];
  /** The tables the names come from: if one of them could not be read whole, nobody can say what is missing. */
  into: readonly TableName[];
  among: (rows: RowsByTable, known: KnownGaps) => Iterable<string>;
  /** Ends the sentence `"x" is not …`. */
  what: string;
  /** A warning where the row is of use without it. */
  severity?: Problem['severity'];
};
/** Families of which the manifests say that nobody has measured what they can do, or published how they are built. */
export type KnownGaps = { unrated: readonly string[]; unsized: readonly string[] };
type Check = (parsed: ParsedTables, rows: RowsByTable, gaps: KnownGaps) => Problem[];

function reference<Table extends TableName>(checked: Reference<Table>): Check {
  const { table, header, names, into, among, what, severity = 'error' } = checked;
  return (parsed, rows, gaps) => {
    const file = parsed[table];
    if (!file || !into.every((target) => isWhole(parsed, rows, target))) return [];
    const known = new Set(among(rows, gaps));
    return (file.rows as RowsByTable[Table][number][]).flatMap((row) =>
      names(row)
        .filter((name) => !known.has(name))
        .map((name) => ({
          ...file.problemAt(row.row, header, 'unknown-reference', `"${name}" is not ${what}`, nearest(name, known)),
          severity,
        })),
    );
  };
}

function isWhole(parsed: ParsedTables, rows: RowsByTable, table: TableName): boolean {
  const file = parsed[table];
  return file ? file.problems.every(({ severity }) => severity !== 'error') : rows[table].length > 0;
}

const provider = {
  header: 'provider',
  names: (row: { provider: string }) => [row.provider],
  into: ['providers'],
  among: (rows: RowsByTable) => rows.providers.map((row) => row.provider),
  what: 'a provider of providers.csv',
} as const;
const accelerator = {
  header: 'accelerator',
  names: (row: { accelerator: string | null }) => (row.accelerator === null ? [] : [row.accelerator]),
  into: ['accelerators'],
  among: (rows: RowsByTable) => rows.accelerators.map((row) => row.accelerator),
  what: 'an accelerator of accelerators.csv',
} as const;
const family = {
  header: 'family',
  names: (row: { family: string }) => [row.family],
  into: ['capability'],
  among: (rows: RowsByTable, { unrated }: KnownGaps) => [...rows.capability.map((row) => row.family), ...unrated],
  what: 'a family of capability.csv: what it can do is unknown',
  severity: 'warning',
} as const;
const offered = {
  into: ['providers', 'impliedTokens', 'regions'],
  among: offeredTokens,
  what: 'a token that any provider has, could have or is known not to have',
  severity: 'warning',
} as const;

/** Every name in one table that must be a key of another. */
export const references: readonly Check[] = [
  reference({ table: 'api', ...provider }),
  reference({ table: 'rental', ...provider }),
  reference({ table: 'hosting', ...provider }),
  reference({ table: 'services', ...provider }),
  reference({ table: 'provisionedThroughput', ...provider }),
  reference({ table: 'provisionedOffers', ...provider }),
  reference({ table: 'serviceTiers', ...provider }),
  reference({ table: 'fees', ...provider }),
  reference({ table: 'rental', ...accelerator }),
  reference({ table: 'hosting', ...accelerator }),
  reference({ table: 'api', ...family }),
  reference({ table: 'models', ...family }),
  reference({
    table: 'api',
    header: 'family',
    names: (row) => (row.openWeights ? [row.family] : []),
    into: ['models'],
    among: (rows, { unsized }) => [...rows.models.map((row) => row.family), ...unsized],
    what: 'a family of models.csv, as open weights should be',
    severity: 'warning',
  }),
  reference({
    table: 'rental',
    header: 'region',
    names: ({ region }) => [region],
    into: ['regions'],
    among: (rows) => rows.regions.map(({ region }) => region),
    what: 'a region of regions.csv: where it lies is unknown',
    severity: 'warning',
  }),
  reference({
    table: 'accelerators',
    header: 'architecture',
    names: ({ architecture }) => [architecture],
    into: ['architectures'],
    among: architectures,
    what: 'in architectures.csv',
  }),
  reference({
    table: 'quantization',
    header: 'runs_on',
    names: ({ runsOn }) => runsOn.split(';').map((place) => place.replace(/\+?(=weight-only|=slow)?$/, '')),
    into: ['architectures'],
    among: (rows) => ['any', ...architectures(rows)],
    what: 'in architectures.csv',
  }),
  reference({
    table: 'regimes',
    header: 'condition',
    names: ({ condition }) => conditionTokens(condition),
    ...offered,
  }),
  reference({
    table: 'regimes',
    header: 'condition',
    names: ({ condition }) => namedTokens(condition),
    into: ['claims'],
    among: (rows) => rows.claims.map(({ token }) => token),
    what: 'a token of claims.csv: it has no name',
    severity: 'warning',
  }),
  reference({
    table: 'regions',
    header: 'tokens',
    names: ({ tokens }) => tokens.map((token) => `region:${token}`),
    ...offered,
  }),
  reference({
    table: 'levers',
    header: 'tasks',
    names: ({ tasks }) => tasks,
    into: ['tasks'],
    among: (rows) => rows.tasks.map(({ task }) => task),
    what: 'a preset of tasks.csv',
  }),
  reference({
    table: 'levers',
    header: 'parameters',
    names: ({ parameters }) => parameters,
    into: ['assumptions'],
    among: (rows) => rows.assumptions.map(({ name }) => name),
    what: 'a parameter of assumptions.csv',
  }),
];

function architectures(rows: RowsByTable): string[] {
  return rows.architectures.map(({ architecture }) => architecture);
}

/**
 * Tokens of a condition that providers may have; those of the organization (`org:`) are the user's to declare, and how far
 * data travel (`reach:`) follows from the place.
 */
export function conditionTokens(condition: string): string[] {
  return condition.split(/[\s&|()]+/).filter((token) => token !== '' && !/^(org|reach):/.test(token));
}

/** Tokens of a condition that people sign, arrange, check or declare. */
const namedTokens = (condition: string): string[] =>
  condition.split(/[\s&|()]+/).filter((token) => /^(agreement|cert|option|org):/.test(token));

/** All tokens that some provider has, may have or is known not to have, with their kind before them; a region by its own name is one. */
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
 * What must hold across tables: names resolve, ranges are in order, a row does not contradict another. Rows of the files
 * at hand (`parsed`) are checked, against all rows there are.
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

/** Users set owning, latency and assumptions by name alone, so a name stands in one of the three only. */
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
