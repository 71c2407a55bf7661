import type { Uncertain } from './range.js';
import { accept, type Reader, type Reading, refuse } from './reading.js';

/** A reader of the same kind that takes one number and refuses a range. */
export function exact(reader: Reader<Uncertain>, options: { whole?: boolean } = {}): Reader<number> {
  const read = (value: unknown): Reading<number> => {
    const reading = reader(value);
    if (!reading.ok) return reading;
    if (reading.value.range) return refuse('a range cannot stand here: write one number');
    if (options.whole && !Number.isInteger(reading.value.likely)) {
      return refuse(`${reading.value.likely} is not whole: write a whole number`);
    }
    return accept(reading.value.likely);
  };
  const { written } = reader;
  return Object.assign(read, written && { written: { ...written, ...options } });
}
