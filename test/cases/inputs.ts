/**
 * The named inputs of one row, which remember what was asked of them: what nobody asked for and what was asked for in vain
 * are problems of the row.
 */
export type Inputs = {
  has(...names: string[]): boolean;
  /** The number under the first of these names that is given; missing: a problem. */
  number(...names: string[]): number;
  /** The same with a neutral value where none is given. */
  or(neutral: number, ...names: string[]): number;
  word(name: string): string | null;
  /** Numbers of a list, or of a map in the order of its keys; one number is a list of one. */
  list(name: string): number[];
  /** All inputs by name, all of them asked for. */
  all(): [string, number][];
  problem(message: string): void;
  problems(): string[];
  unread(): string[];
};

/** Spellings that differ between sources: `utilisation`, `usd_per_hour` and `usd_hour`. */
export const canonical = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/isation/g, 'ization')
    .replace(/(^|_)per_/g, '$1');

/** A number, also as text: `50000`, `"50,000"`, `"1e6"`, `"$3"`, `"20%"`. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const plain = value
    .trim()
    .replace(/^\$/, '')
    .replace(/[,_](?=\d)/g, '');
  const percent = plain.endsWith('%');
  const digits = percent ? plain.slice(0, -1).trim() : plain;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits)) return null;
  return Number(digits) / (percent ? 100 : 1);
}

export function inputsOf(given: Readonly<Record<string, unknown>>): Inputs {
  const values = new Map<string, { name: string; value: unknown }>();
  const problems: string[] = [];
  const asked = new Set<string>();
  for (const [name, value] of Object.entries(given)) {
    const key = canonical(name);
    const other = values.get(key);
    if (other) problems.push(`\`${other.name}\` and \`${name}\` are the same input: keep one`);
    if (value !== null) values.set(key, { name, value });
  }
  const find = (names: readonly string[]) => {
    const keys = names.map(canonical);
    for (const key of keys) asked.add(key);
    const found = keys.flatMap((key) => values.get(key) ?? []);
    if (found.length > 1) {
      const message = `${found.map(({ name }) => `\`${name}\``).join(' and ')} are alternatives: keep one`;
      if (!problems.includes(message)) problems.push(message);
    }
    return found[0] ?? null;
  };
  const numeric = ({ name, value }: { name: string; value: unknown }): number => {
    const read = readNumber(value);
    if (read === null) problems.push(`\`${name}\` is ${JSON.stringify(value)}: write a number`);
    return read ?? Number.NaN;
  };
  return {
    has: (...names) => names.some((name) => values.has(canonical(name))),
    number(...names) {
      const found = find(names);
      if (found) return numeric(found);
      const message = `missing \`${names.join('` or `')}\``;
      if (!problems.includes(message)) problems.push(message);
      return Number.NaN;
    },
    or(neutral, ...names) {
      const found = find(names);
      return found ? numeric(found) : neutral;
    },
    word(name) {
      const found = find([name]);
      return found ? String(found.value).trim().toLowerCase() : null;
    },
    list(name) {
      const found = find([name]);
      if (found === null) return [];
      const { value } = found;
      const parts = typeof value === 'object' && value !== null ? Object.values(value) : [value];
      return parts.map((part) => numeric({ name: found.name, value: part }));
    },
    all() {
      for (const key of values.keys()) asked.add(key);
      return [...values.values()].map((each) => [each.name, numeric(each)]);
    },
    problem: (message) => problems.push(message),
    problems: () => problems,
    unread: () => [...values].filter(([key]) => !asked.has(key)).map(([, { name }]) => name),
  };
}
