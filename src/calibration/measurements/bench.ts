import type { Inputs, Results } from '../../capacity/measurement.js';
import type { JsonPlace, PlaceFault, PlaceReader } from './json-place.js';

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
export type Missing = PlaceFault & { suggestion: string; severity: 'error' | 'warning' };

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
