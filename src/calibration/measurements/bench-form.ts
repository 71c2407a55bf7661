import type { Inputs, Results } from '../../capacity/measurement.js';
import type { SaidByFile } from './bench-defaults.js';
import type { JsonPlace, PlaceReader } from './json-place.js';

/** What one result of a load generator says; the rest is given by whoever ran it. */
export type BenchResult = Partial<Inputs & Results> & Pick<Inputs, 'promptTokens' | 'outputTokens'>;

/** What a file of a load generator holds. */
export type BenchRead = { results: BenchResult[]; said: SaidByFile };

/** A form in which a load generator writes results. */
export type BenchForm = {
  title: string;
  /** A document with any of these keys is of this form, however much else of it is missing. */
  signs: readonly string[];
  /** Reads one document, which is an object; what cannot be read is left out and reported. */
  read(document: JsonPlace, reader: PlaceReader): BenchRead;
};
