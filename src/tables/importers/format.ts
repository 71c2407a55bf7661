import { fileProblem, nameKey, type Place, type Problem } from '../../units/problem.js';
import { need, oneOf, orElse, type RowOf, table, text } from '../column.js';
import { parseTable } from '../parse.js';
import type { Tables } from '../tables.js';

/** A value of a JSON text and its offset. Numbers keep their digits, for exact units. */
export type JsonNode = { at: number } & (
  | { kind: 'object'; fields: Map<string, JsonNode> }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'string' | 'number' | 'word'; text: string }
);
/** What is wrong at a position of a text. */
export type Fault = { at: number; code: string; message: string };

const maxDepth = 64;
const maxValues = 2_000_000;
const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const word = /(?:true|false|null)(?!\w)/y;
/** Strings with one of these are decoded or refused by `JSON.parse`. */
const notPlain = /[\\\p{Cc}]/u;

/**
 * Reads JSON with positions, and finds duplicate keys. The first error of syntax ends it. `__proto__` is an ordinary
 * key. Text with more than 64 levels or 2 million values is refused.
 */
export function readJson(text: string): { root: JsonNode | null; faults: Fault[] } {
  const faults: Fault[] = [];
  let at = 0;
  let values = 0;

  const skipSpace = (): void => {
    space.lastIndex = at;
    space.test(text);
    at = space.lastIndex;
  };
  const take = (form: RegExp): string | null => {
    form.lastIndex = at;
    const found = form.exec(text)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const string = (): string => {
    const start = at;
    let end = start + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) throw fault(start, 'a string that does not end');
    at = end + 1;
    const inside = text.slice(start + 1, end);
    if (!notPlain.test(inside)) return inside;
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      throw fault(start, 'a string with a character that JSON does not allow');
    }
  };
  const next = (mark: string): boolean => {
    skipSpace();
    if (text[at] !== mark) return false;
    at++;
    return true;
  };

  const value = (depth: number): JsonNode => {
    skipSpace();
    const start = at;
    if (depth > maxDepth) throw fault(start, `nested deeper than ${maxDepth} levels`, 'too-deep');
    if (++values > maxValues) throw fault(start, `holds more than ${maxValues} values`, 'too-many-values');
    if (text[at] === '"') return { at: start, kind: 'string', text: string() };
    if (next('{')) return { at: start, kind: 'object', fields: fields(depth) };
    if (next('[')) return { at: start, kind: 'array', items: items(depth) };
    const digits = take(number);
    if (digits !== null) return { at: start, kind: 'number', text: digits };
    const name = take(word);
    if (name !== null) return { at: start, kind: 'word', text: name };
    throw fault(start, at >= text.length ? 'the text ends here' : 'a value should stand here');
  };
  const fields = (depth: number): Map<string, JsonNode> => {
    const found = new Map<string, JsonNode>();
    if (next('}')) return found;
    do {
      skipSpace();
      const start = at;
      if (text[at] !== '"') throw fault(at, 'a key in double quotes should stand here');
      const key = string();
      if (!next(':')) throw fault(at, 'a colon should stand here');
      const each = value(depth + 1);
      if (found.has(key)) faults.push({ at: start, code: 'duplicate-key', message: `"${key}" is defined twice` });
      found.set(key, each);
    } while (next(','));
    if (!next('}')) throw fault(at, 'a comma or } should stand here');
    return found;
  };
  const items = (depth: number): JsonNode[] => {
    const found: JsonNode[] = [];
    if (next(']')) return found;
    do found.push(value(depth + 1));
    while (next(','));
    if (!next(']')) throw fault(at, 'a comma or ] should stand here');
    return found;
  };

  try {
    const root = value(1);
    skipSpace();
    if (at < text.length) throw fault(at, 'more text after the end');
    return { root, faults };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { root: null, faults: [...faults, error] };
  }
}

function fault(at: number, message: string, code = 'not-json'): Fault {
  return { at, code, message: code === 'not-json' ? `not JSON: ${message}` : message };
}

function isFault(error: unknown): error is Fault {
  return typeof error === 'object' && error !== null && 'at' in error && 'code' in error;
}

/** A source's value as written, and its position: an offset in JSON, a line in CSV. */
export type SourceCell = { text: string; at: number };
/** One row of a source: values by the source's keys, with `/` between levels (`cost/tiers/0/input`). */
export type SourceRecord = {
  at: number;
  /** The source's name of the provider; empty if the whole file is one provider's. */
  provider: string;
  id: string;
  cells: Map<string, SourceCell>;
  /** Why it is no row at all, whatever is in it. */
  misfit?: string;
};
/** Where a position is in a source; the column is not known of all. */
type Where = (at: number) => Omit<Place, 'column'> & { column: number | null };
/** A source, read: nothing in it has been judged yet. */
export type SourceText = { records: SourceRecord[]; faults: Fault[]; where: Where };

/** Every text, number, `true` or `false` below a node; `null` counts as missing. */
export function cellsBelow(node: JsonNode): Map<string, SourceCell> {
  const cells = new Map<string, SourceCell>();
  const walk = (each: JsonNode, path: string): void => {
    const below = path === '' ? '' : `${path}/`;
    if (each.kind === 'object') for (const [key, child] of each.fields) walk(child, below + key);
    else if (each.kind === 'array') each.items.forEach((child, index) => void walk(child, `${below}${index}`));
    else if (each.text !== 'null' || each.kind === 'string') cells.set(path, { text: each.text, at: each.at });
  };
  walk(node, '');
  return cells;
}

/** Objects by their keys, in the order of the file; null if the node is none. */
export function objectFields(node: JsonNode | null | undefined): ReadonlyMap<string, JsonNode> | null {
  return node?.kind === 'object' ? node.fields : null;
}

const maxProblems = 100;

/** Faults as problems with file, line and column, in file order; the first hundred. */
export function problemsOf(faults: readonly Fault[], file: string, where: Where): Problem[] {
  const shown = [...faults].sort((a, b) => a.at - b.at).slice(0, maxProblems);
  const problems = shown.map(({ at, code, message }) => ({ ...fileProblem(code, file, message), ...where(at) }));
  const more = faults.length - shown.length;
  return more === 0 ? problems : [...problems, fileProblem('more-problems', file, `${more} more problems like these`)];
}

/** Powers of ten from a source's unit to ours: USD per 1e6 tokens, USD per hour, tokens. */
export const unitPlaces = {
  'USD per token': 6,
  'USD per 1M tokens': 0,
  'USD per hour': 0,
  count: 0,
} as const;
export type Unit = keyof typeof unitPlaces;

/** A key of the source and our column; without a unit, the text as it is. */
type ColumnMap = { to: string; from: string; unit?: Unit };

/** Columns of one unit, as pairs of ours and the source's key. */
export const mapped = (unit: Unit | undefined, pairs: Readonly<Record<string, string>>): ColumnMap[] =>
  Object.entries(pairs).map(([to, from]) => ({ to, from, ...(unit !== undefined && { unit }) }));

/**
 * A format as data. Keys are the format's own, as in `SourceRecord`; prices above a prompt size are under `tier/1/`,
 * above a second one under `tier/2/` and so on, each with its size in `above`.
 */
export type ImportFormat = {
  /** What people call the file. */
  title: string;
  table: 'api' | 'rental';
  /** A file holds one provider's prices, and does not say whose. */
  oneProvider?: true;
  /** Ids begin with the provider and a slash, which are not part of the name. */
  idsNameProvider?: true;
  /** `date` chooses among prices that a source dates. */
  read: (text: string, file: string, date: string) => SourceText;
  columns: readonly ColumnMap[];
  /** The value of a key must be one of these. */
  needs: readonly { key: string; values: readonly string[]; reason: string }[];
  /** Rows with one of these keys would be billed otherwise than our columns can say. */
  refuses: readonly { keys: RegExp; reason: string }[];
  /** Keys of prices. Those without a column are counted; the row stays. */
  prices: RegExp;
};

/** Why parts of a source are left out, how often, and examples. */
export type Count = { reason: string; rows: number; examples: string[] };
/** What is left out of a source, and families missing in capability.csv. */
export type LeftOut = { notCarried: readonly Count[]; figuresLeft: readonly Count[]; unrated: readonly string[] };
export type Tally = { add: (reason: string, example: string) => void; counts: () => Count[] };

const maxExamples = 5;

/** Counts by reason, most frequent first, with the first few different examples. */
export function tally(): Tally {
  const counts = new Map<string, Count>();
  return {
    add: (reason, example) => {
      const count = counts.get(reason) ?? { reason, rows: 0, examples: [] };
      counts.set(reason, count);
      count.rows++;
      if (example !== '' && count.examples.length < maxExamples && !count.examples.includes(example))
        count.examples.push(example);
    },
    counts: () => [...counts.values()].sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1)),
  };
}

/** `12 rows: not a text model (embedding, rerank, …)` */
export function countText({ reason, rows, examples }: Count): string {
  const more = examples.length < rows && examples.length === maxExamples ? ', …' : '';
  return `${rows} ${rows === 1 ? 'row' : 'rows'}: ${reason}${examples.length > 0 ? ` (${examples.join(', ')}${more})` : ''}`;
}

/** An id without its path, region, maker and marketplace version. */
function plain(id: string): string {
  return id
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^([a-z][a-z0-9-]*\.)+(?=[a-z])/, '')
    .replace(/[:@].*$/, '')
    .replace(/-v\d+$|-maas$/, '');
}

/** Without words for how it is offered, and without a full date; four digits often are another model. */
function bare(id: string): string {
  let name = plain(id);
  for (let before = ''; before !== name; ) {
    before = name;
    name = name
      .replace(/-(latest|preview|instruct|it|hf|fp8|bf16)$/, '')
      .replace(/-20\d\d-?\d\d-?\d\d$|-\d\d-20\d\d$/, '');
  }
  return name;
}

const spellings = [(id: string) => id, plain, bare] as const;

/**
 * Finds the family of a model id, null if unknown: an id of the same provider in the price list, a family of that name,
 * or a similarly spelled id of only one family, strictest spelling first.
 */
export function familyFinder(tables: Tables): (provider: string, id: string) => string | null {
  const byId = new Map(tables.api.map((row) => [`${row.provider}\0${row.modelId}`, row.family]));
  const indexes = spellings.map((spelling) => {
    const families = new Map<string, Set<string>>();
    for (const { modelId, family } of tables.api) {
      const name = spelling(modelId);
      families.set(name, (families.get(name) ?? new Set()).add(family));
    }
    return { spelling, families };
  });
  return (provider, id) => {
    const listed = byId.get(`${provider}\0${id}`);
    if (listed !== undefined) return listed;
    for (const { spelling, families } of indexes) {
      const name = spelling(id);
      if (tables.capabilityOf.has(name)) return name;
      const [only, ...others] = families.get(name) ?? [];
      if (only !== undefined && others.length === 0) return only;
    }
    return null;
  };
}

const schema = table(['format', 'kind', 'theirs', 'provider', 'instance', 'ours'], {
  format: need(text),
  kind: need(oneOf('provider', 'accelerator', 'tenancy')),
  /** The name in the format; `*` stands for any. */
  theirs: need(text),
  /** Only at this provider (our name); empty: at any. */
  provider: orElse('', text),
  /** Only for instance types with this in their name; empty: for any. */
  instance: orElse('', text),
  ours: need(text),
});

/** pricing/import/names.csv: a format's name of a provider, accelerator or tenancy, and ours. */
export type NameRow = RowOf<typeof schema>;

/** Reads the table of names. */
export function readNames(file: string, content: string): { names: NameRow[]; problems: Problem[] } {
  const { rows, problems } = parseTable(schema, file, content, '');
  return { names: rows, problems };
}

/** Our name of a provider: from the table, or the same name in providers.csv; null: none. */
export function providerNamed(names: readonly NameRow[], format: string, theirs: string, tables: Tables) {
  const row = names.find((each) => each.format === format && each.kind === 'provider' && same(each.theirs, theirs));
  return tables.providerOf.get(row?.ours ?? theirs) ?? null;
}

/** What the table of names says of a machine, the most particular row first. */
export function namesFor(
  names: readonly NameRow[],
  asked: { format: string; kind: NameRow['kind']; theirs: string; provider: string; instance: string },
): string[] {
  return names
    .filter(
      ({ format, kind, theirs, provider, instance }) =>
        format === asked.format &&
        kind === asked.kind &&
        (theirs === '*' || same(theirs, asked.theirs)) &&
        (provider === '' || provider === asked.provider) &&
        asked.instance.toLowerCase().includes(instance.toLowerCase()),
    )
    .sort((a, b) => particular(b) - particular(a))
    .map(({ ours }) => ours);
}

function particular({ provider, instance }: NameRow): number {
  return instance.length * 2 + (provider === '' ? 0 : 1);
}

/** Names differ in case, hyphens and spaces from one release of a list to the next. */
const same = (a: string, b: string): boolean => nameKey(a) === nameKey(b);
