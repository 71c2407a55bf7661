/** Kinds of place, in the order in which they are listed. */
export const kinds = [
  'cloud-api',
  'open-model-api',
  'managed-hosting',
  'serverless-gpu',
  'self-hosted-cloud',
  'on-prem',
  'edge',
] as const;
export type Kind = (typeof kinds)[number];

/** Deployment types as a reader would say them. */
export const kindNames: Record<Kind, string> = {
  'cloud-api': 'closed API',
  'open-model-api': 'hosted open model',
  'managed-hosting': 'managed endpoint',
  'serverless-gpu': 'serverless GPU',
  'self-hosted-cloud': 'rented GPU',
  'on-prem': 'own hardware',
  edge: 'on-device',
};

export type Confidence = 'high' | 'medium' | 'low';

/** What is wrong with one cell of a table. */
export type Fault = { code: string; message: string };

/** Reads one cell that is not empty: its value, or what is wrong with it. */
export type Reader<V> = (text: string) => { value: V } | { fault: Fault };

const numberForm = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const dateForm = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const control = /\p{Cc}/u;

function refuse(code: string, message: string): { fault: Fault } {
  return { fault: { code, message } };
}

/** Any text on one line. */
export const text: Reader<string> = (cell) =>
  control.test(cell) ? refuse('control-character', 'holds a line break or another control character') : { value: cell };

/** A finite number in `[min, max]`, written as `1234.5` or `1e6`: no units, separators or `NaN`. */
export function number(min = -Number.MAX_VALUE, max = Number.MAX_VALUE): Reader<number> {
  return (cell) => {
    const value = numberForm.test(cell) ? Number(cell) : Number.NaN;
    if (Number.isNaN(value)) return refuse('not-a-number', `"${cell}" is not a number; write it as 1234.5`);
    if (value < min) return refuse('out-of-range', `${cell} is below the least accepted value, ${min}`);
    if (value > max) return refuse('out-of-range', `${cell} is above the largest accepted value, ${max}`);
    return { value };
  };
}

/** A whole number in `[min, max]`. */
export function whole(min = 0, max = Number.MAX_SAFE_INTEGER): Reader<number> {
  const read = number(min, max);
  return (cell) => {
    const result = read(cell);
    if ('fault' in result || Number.isInteger(result.value)) return result;
    return refuse('not-a-whole-number', `${cell} is not a whole number`);
  };
}

/** A number, or a reference (`=fteOnCall`), which is `NaN` until resolved. */
export const numberOrName: Reader<number> = (cell) =>
  /^=[a-z][A-Za-z0-9]*$/.test(cell) ? { value: Number.NaN } : number()(cell);

/** The name of `=fteOnCall`; null for a number. */
export const nameOrNone: Reader<string | null> = (cell) => ({ value: cell.startsWith('=') ? cell.slice(1) : null });

/** One of the listed words or numbers, as written there. */
export function oneOf<const Choice extends string | number>(...choices: Choice[]): Reader<Choice> {
  return (cell) => {
    const value = choices.find((choice) => String(choice) === cell);
    return value === undefined ? refuse('unknown-value', `"${cell}" is none of ${choices.join(', ')}`) : { value };
  };
}

/** A name as it is written under `assumptions:` in a scenario. */
export const camelCase: Reader<string> = (cell) =>
  /^[a-z][A-Za-z0-9]*$/.test(cell) ? { value: cell } : refuse('bad-name', `"${cell}" is not a name in camelCase`);

/** `yes` or `no`. */
export const yesNo: Reader<boolean> = (cell) =>
  cell === 'yes' || cell === 'no'
    ? { value: cell === 'yes' }
    : refuse('unknown-value', `"${cell}" is neither yes nor no`);

/** `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as exact as the source. Text compares in order. */
export const date: Reader<string> = (cell) =>
  dateForm.test(cell)
    ? { value: cell }
    : refuse('bad-date', `"${cell}" is not a date; write it as 2026-08-21 or 2026-08`);

/** Several values with `;` between them. */
export function list<V>(one: Reader<V>): Reader<V[]> {
  return (cell) => {
    const values: V[] = [];
    for (const part of cell.split(';')) {
      const result = one(part.trim());
      if ('fault' in result) return result;
      values.push(result.value);
    }
    return { value: values };
  };
}

/** Values of a list as a file has them: `eea;us`, `eu=10/12`, `128000=1.2/6`. */
export const listText = (values: readonly unknown[]): string =>
  values
    .map((value) => {
      if (typeof value !== 'object' || value === null) return String(value);
      const [first, ...rest] = Object.values(value);
      return `${first}=${rest.join('/')}`;
    })
    .join(';');

/** A token such as `baa`, `zdr?` or `no:eea`, or with its kind, `region:eea`. */
export const token: Reader<string> = (cell) =>
  /^([a-z]+:)?[a-z0-9-]+\??$/.test(cell)
    ? { value: cell }
    : refuse('bad-token', `"${cell}" is not a token such as baa, zdr? or no:eea`);

/** 168 hourly multipliers, from Monday 00:00. */
export const week: Reader<Float64Array> = (cell) => {
  const hours = list(number(0))(cell);
  if ('fault' in hours) return hours;
  if (hours.value.length === 168) return { value: Float64Array.from(hours.value) };
  return refuse('bad-profile', `has ${hours.value.length} hours; a week has 168`);
};

/** A price step by size of the prompt: above so many tokens, USD per 1e6 tokens of input and output. */
type PriceStep = { above: number; input: number; output: number };

/** Steps as `128000=1.2/6;256000=4.5/22.5`: prompt tokens, then the prices of input and output. */
export const priceSteps: Reader<PriceStep[]> = list((cell) => {
  const [, above, input, output] = /^(\d+)=([\d.]+)\/([\d.]+)$/.exec(cell) ?? [];
  const step = { above: Number(above), input: Number(input), output: Number(output) };
  return Object.values(step).some(Number.isNaN)
    ? refuse('bad-step', `"${cell}" is not a step such as 128000=1.2/6`)
    : { value: step };
});

/** Surcharge of an endpoint bound to a region, in percent of input and output prices. */
type RegionalUplift = { region: string; input: number; output: number };

/** Uplifts as `eu=10;jp=32/32.4`: a region, then percent of both prices or of input and output. */
export const regionalUplifts: Reader<RegionalUplift[]> = list((cell) => {
  const [, region = '', input, output] = /^([a-z-]+)=([\d.]+)(?:\/([\d.]+))?$/.exec(cell) ?? [];
  const uplift = { region, input: Number(input), output: Number(output ?? input) };
  return Number.isNaN(uplift.input + uplift.output)
    ? refuse('bad-uplift', `"${cell}" is not an uplift such as eu=10 or jp=32/32.4`)
    : { value: uplift };
});

/** A value to set in a scenario. */
type Setting = { path: string; value: string };

/** A setting as `tokens.input = {trimmedInput} tokens`. */
export const setting: Reader<Setting> = (cell) => {
  const [, path, value] = /^([A-Za-z][\w.]*)\s*=\s*(\S.*)$/.exec(cell) ?? [];
  return path === undefined || value === undefined
    ? refuse('bad-setting', `"${cell}" is not a setting such as deadline = 24 hours`)
    : { value: { path, value } };
};

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * Hours of a week as `mon-fri 01-04 06-10`, separated by `;`: days, then first hours and ends (excluded). Read as
 * positions in the week, 0 = Monday 00:00, in order.
 */
export const weekHours: Reader<number[]> = (cell) => {
  const hours = new Set<number>();
  for (const part of cell.split(';')) {
    const [days = '', ...spans] = part.trim().split(/\s+/);
    const [first = -1, last = first] = days.split('-').map((day) => dayNames.indexOf(day));
    const bad = refuse('bad-hours', `"${part.trim()}" is not days and hours such as mon-fri 01-04 06-10`);
    if (first < 0 || last < first || spans.length === 0) return bad;
    for (const span of spans) {
      const [, from, to] = (/^(\d\d)-(\d\d)$/.exec(span) ?? []).map(Number);
      if (from === undefined || to === undefined || from >= to || to > 24) return bad;
      for (let day = first; day <= last; day++) for (let hour = from; hour < to; hour++) hours.add(day * 24 + hour);
    }
  }
  return { value: [...hours].sort((a, b) => a - b) };
};

/** How to read one field of a row. An empty cell is `ifEmpty`, or a problem without one. */
export type Column<V> = {
  header: string;
  read: Reader<V>;
  ifEmpty?: V;
  /** A file may come without the column, as if all its cells were empty. */
  mayLack?: true;
  /** Columns with the same word here are filled in together, or not at all. */
  together?: string;
};

/** What a column of prices is, for whatever lists, compares, imports or sets prices. */
export type PriceFacts = {
  /** What it buys: 1e6 tokens, an hour of an instance, or the row's unit. */
  price: 'token' | 'hour' | 'unit';
  /** What reports call it. */
  word: string;
  /** Its name in a price book; absent: none can be set there. */
  settable?: string;
  /** Most offers have one, so an empty cell is unknown; otherwise often none. */
  usual?: true;
  /** The first price whose changes it follows; absent: none. */
  side?: 'input' | 'output';
  /** How a machine is bought at it, and for how many months; 0: none. */
  purchase?: string;
  months?: number;
  /** How that is bought, within a sentence; empty: nothing is said of it. */
  inWords?: string;
  together?: string;
};

type Columns = { readonly [Field: string]: Column<unknown> };

/** A table as data: the columns of its rows, and what makes a row unique. */
export type TableSchema<C extends Columns = Columns> = {
  columns: C;
  key: readonly string[];
  /** Columns that a reader of the file needs and the program does not. */
  kept: readonly string[];
  /** Columns with the date of a row's facts, the first filled one; none: the date of the snapshot or catalog. */
  dated: readonly string[];
  /** Values that every row of the table has. */
  constant?: { readonly [Field: string]: unknown };
};

/** A row as read. `row`: position in the file (0 = first data row). */
export type RowOf<S extends { columns: Columns }> = { row: number; confidence: Confidence } & {
  -readonly [Field in keyof S['columns']]: S['columns'][Field] extends Column<infer Value> ? Value : never;
};

/** A row with all optional cells empty. */
export const emptyCells = <S extends { columns: Columns }>(schema: S): Partial<RowOf<S>> =>
  Object.fromEntries(
    Object.entries(schema.columns).flatMap(([field, column]) => ('ifEmpty' in column ? [[field, column.ifEmpty]] : [])),
  ) as Partial<RowOf<S>>;

type Keys<C> = readonly (keyof C & string)[];

/**
 * Describes a table by its columns; the type of its rows follows from them.
 *
 * @param key fields that make a row unique; none: the first
 * @param kept columns of its file that the program does not need
 */
export function table<const C extends Columns>(columns: C): TableSchema<C>;
export function table<const C extends Columns>(key: Keys<C>, columns: C): TableSchema<C>;
export function table<const C extends Columns>(key: Keys<C>, kept: readonly string[], columns: C): TableSchema<C>;
export function table(...told: unknown[]): TableSchema {
  const columns = told.at(-1) as Columns;
  const [key = [], kept = []] = told.slice(0, -1) as (readonly string[])[];
  const named = Object.entries(columns).map(([field, column]) => {
    const header = column.header === '' ? snakeCase(field) : column.header;
    return [field, { ...column, header }] as const;
  });
  const headers = new Set(named.map(([, { header }]) => header));
  return {
    columns: Object.fromEntries(named),
    key: key.length > 0 ? key : Object.keys(columns).slice(0, 1),
    kept,
    dated: ['price_as_of', 'as_of', 'last_seen', 'released'].filter((header) => headers.has(header)),
  };
}

const snakeCase = (field: string): string =>
  field
    .replace('MTok', 'Mtok')
    .replace('GBs', 'GbS')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Tables by name, in files of that name: `imageTokens` in `image-tokens.csv`. */
export const inFiles = <Tables extends Record<string, TableSchema>>(tables: Tables) =>
  Object.fromEntries(
    Object.entries(tables).map(([name, schema]) => [
      name,
      { ...schema, file: `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.csv` },
    ]),
  ) as { [Name in keyof Tables]: Tables[Name] & { file: string } };

/** A column's reader, after its header if not the field's name: `priceAsOf` is `price_as_of`. */
type Told<V> = [read: Reader<V>] | [header: string, read: Reader<V>];
const columnOf = <V>(told: Told<V>): Column<V> =>
  told.length === 1 ? { header: '', read: told[0] } : { header: told[0], read: told[1] };

/** An empty cell is a problem. */
export const need = <V>(...told: Told<V>): Column<V> => columnOf(told);

/** An empty cell is unknown. */
export const maybe = <V>(...told: Told<V>): Column<V | null> => ({ ...columnOf(told), ifEmpty: null });

/** An empty cell stands for a value. */
export const orElse = <V>(ifEmpty: V, ...told: Told<V>): Column<V> => ({ ...columnOf(told), ifEmpty });

/** Values with `;` between them; an empty cell is none. */
export const many = <V>(...told: Told<V>): Column<V[]> => {
  const { header, read } = columnOf(told);
  return { header, read: list(read), ifEmpty: [] };
};

/** A column that files written before it existed do not have. */
export function mayLack<C extends Column<unknown>>(column: C): C {
  return { ...column, mayLack: true };
}

/** A column of prices. */
export const price = <C extends Column<unknown>, const Facts extends PriceFacts>(
  column: C,
  facts: Facts,
): C & Facts => ({
  ...column,
  ...facts,
});

/** A column that needs others, by what they are called as one. */
export const together = <C extends Column<unknown>>(words: string, column: C): C => ({ ...column, together: words });

/** The columns of a table that need each other, group by group. */
export function groupsTogether({ columns }: { columns: Columns }) {
  const all = Object.entries(columns).map(([field, column]) => ({ field, ...column }));
  const names = new Set(all.flatMap(({ together }) => together ?? []));
  return [...names].map((words) => ({ words, columns: all.filter((column) => column.together === words) }));
}

const signs = ['=', '!=', '<', '<=', '>', '>='] as const;

/** A fact compared with words, a figure or another fact: `sensitivity = pii|regulated`, `requestsPerDay < 50000`. */
export type Condition = { fact: string; is: (typeof signs)[number]; values: string[] };

/** Values of conditions by name: figures and words, with `yes` and `no`. A missing one is `unknown`. */
export type Facts = ReadonlyMap<string, number | string>;

const form = /^([A-Za-z][\w-]*)\s*(!=|<=|>=|=|<|>)\s*([\w.-]+(?:\|[\w.-]+)*)$/;

/** Reads one condition of a cell with several, separated by `;`, which must all hold. */
export const condition: Reader<Condition> = (cell) => {
  const [, fact, is, values] = form.exec(cell) ?? [];
  return fact === undefined || values === undefined
    ? { fault: { code: 'bad-condition', message: `"${cell}" is not a condition such as requestsPerDay < 50000` } }
    : { value: { fact, is: is as Condition['is'], values: values.split('|') } };
};

/** Whether a condition holds; a missing fact equals only `unknown`, and no comparison of it holds. */
export function holds({ fact, is, values }: Condition, facts: Facts): boolean {
  const known = facts.get(fact) ?? 'unknown';
  const others = values.map((value) => facts.get(value) ?? (Number.isNaN(Number(value)) ? value : Number(value)));
  if (is === '=') return others.includes(known);
  if (is === '!=') return !others.includes(known);
  const [other] = others;
  if (typeof known !== 'number' || typeof other !== 'number') return false;
  if (is === '<') return known < other;
  if (is === '<=') return known <= other;
  return is === '>' ? known > other : known >= other;
}

export const allHold = (conditions: readonly Condition[], facts: Facts): boolean =>
  conditions.every((one) => holds(one, facts));

/** Names in braces of a text, `{trimmedInput}` or `{upfrontCost:usd}`. */
export const factForm = /\{(\w+)(?::(\w+))?\}/g;

export const namesIn = (text: string): string[] => [...text.matchAll(factForm)].map(([, name = '']) => name);
