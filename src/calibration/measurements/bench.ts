import type { Inputs, Results } from '../../capacity/measurement.js';
import type { Fault, JsonNode } from '../../tables/importers/format.js';

/** A JSON value with its path, `benchmarks[2].metrics`; without a node its would-be place. */
export type JsonPlace = { node: JsonNode | null; path: string; at: number };
/** What is wrong at a place of a text, and the path to it. */
type PlaceFault = Fault & { path: string };

export function rootPlace(node: JsonNode, path = ''): JsonPlace {
  return { node, path, at: node.at };
}

/** The value under nested keys. A missing one has the position of its nearest parent. */
export function under(place: JsonPlace, ...keys: readonly string[]): JsonPlace {
  return keys.reduce((outer, key): JsonPlace => {
    const node = (outer.node?.kind === 'object' ? outer.node.fields.get(key) : undefined) ?? null;
    return { node, path: outer.path === '' ? key : `${outer.path}.${key}`, at: node?.at ?? outer.at };
  }, place);
}

/** The items of an array; null if the value is none. */
export function itemsAt({ node, path }: JsonPlace): JsonPlace[] | null {
  return node?.kind === 'array'
    ? node.items.map((item, index) => ({ node: item, path: `${path}[${index}]`, at: item.at }))
    : null;
}

export function hasKey({ node }: JsonPlace, key: string): boolean {
  return node?.kind === 'object' && node.fields.has(key);
}

export function textAt({ node }: JsonPlace): string | null {
  return node?.kind === 'string' && node.text.trim() !== '' ? node.text : null;
}

/** Nothing, `null`, or an empty text: all mean not measured. */
export function isEmpty({ node }: JsonPlace): boolean {
  return (
    node === null ||
    (node.kind === 'word' && node.text === 'null') ||
    (node.kind === 'string' && node.text.trim() === '')
  );
}

/** Reads values of one text and collects what is wrong with them. */
export type PlaceReader = {
  faults: PlaceFault[];
  fault(place: JsonPlace, message: string, code?: string): void;
  /** A finite number, at least 0, also as text. Null: none, or invalid (a fault). */
  number(place: JsonPlace): number | null;
  /** As `number`; that there is none is a fault too. */
  needed(place: JsonPlace): number | null;
};

export function placeReader(): PlaceReader {
  const faults: PlaceFault[] = [];
  const fault = ({ at, path }: JsonPlace, message: string, code = 'not-this-format'): void =>
    void faults.push({ at, code, path, message: path === '' ? message : `${path}: ${message}` });
  const number = (place: JsonPlace): number | null => {
    if (isEmpty(place)) return null;
    const value = numberIn(place.node);
    if (value !== null) return value;
    fault(place, `a number of at least 0 was expected, not ${kindOf(place.node)}`);
    return null;
  };
  const needed = (place: JsonPlace): number | null => {
    if (!isEmpty(place)) return number(place);
    fault(place, 'a number of at least 0 was expected; there is none');
    return null;
  };
  return { faults, fault, number, needed };
}

const digits = /^\s*(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

function numberIn(node: JsonNode | null): number | null {
  if (node?.kind !== 'number' && node?.kind !== 'string') return null;
  const value = digits.test(node.text) ? Number(node.text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

const longestShown = 40;

/** What a value is, in a few words. */
export function kindOf(node: JsonNode | null): string {
  if (node === null) return 'nothing';
  if (node.kind === 'object') return 'an object';
  if (node.kind === 'array') return 'a list';
  const shown = node.text.length > longestShown ? `${node.text.slice(0, longestShown)}…` : node.text;
  return node.kind === 'string' ? JSON.stringify(shown) : shown;
}

/** What load generators rarely report, given by the user, in names of the tables. */
export type BenchDefaults = {
  model?: string | undefined;
  accelerator?: string | undefined;
  /** Accelerators of the system. */
  count?: number | undefined;
  quantization?: string | undefined;
  engine?: string | undefined;
};

/** What a file says of itself, in its own words. */
export type SaidByFile = {
  model: string | null;
  accelerator: string | null;
  count: number | null;
};

/** One file, read: nothing in it has a default yet. */
type Missing = PlaceFault & { suggestion: string; severity: 'error' | 'warning' };

const flags = {
  model: 'model of the tables',
  accelerator: 'accelerator of the tables',
} as const;

/** What must be given and is not, once a file. */
export function missingDefaults(defaults: BenchDefaults, said: SaidByFile): Missing[] {
  const needed = (Object.keys(flags) as (keyof typeof flags)[])
    .filter((name) => (defaults[name] ?? '') === '')
    .map((name): Missing => {
      const own = said[name] === null ? '' : `; it says "${said[name]}"`;
      return {
        at: 0,
        path: '',
        severity: 'error',
        code: `missing-${name}`,
        message: `the file does not name the ${flags[name]}${own}`,
        suggestion: `give --${name} <id>`,
      };
    });
  if (defaults.count !== undefined || said.count !== null) return needed;
  return [
    ...needed,
    {
      at: 0,
      path: '',
      severity: 'warning',
      code: 'assumed-count',
      message: 'the file does not say how many accelerators it ran on; taken as 1',
      suggestion: 'give --count <accelerators>',
    },
  ];
}

/** What one result of a load generator says; the rest is given by whoever ran it. */
export type BenchResult = Partial<Inputs & Results> & Pick<Inputs, 'promptTokens' | 'outputTokens'>;

/** What a file of a load generator holds. */
export type BenchRead = { results: BenchResult[]; said: SaidByFile };

/** A form in which a load generator writes results. */
export type BenchForm = {
  title: string;
  /** Keys of which any marks a document of this form. */
  signs: readonly string[];
  /** Reads one document, an object; unreadable parts are left out and reported. */
  read(document: JsonPlace, reader: PlaceReader): BenchRead;
};
