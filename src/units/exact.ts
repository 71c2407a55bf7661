import type { Uncertain } from './range.js';
import { accept, type Reader, type Reading, refuse } from './reading.js';
import { show } from './show.js';

/**
 * A reader of the same kind that takes one number and refuses a range.
 *
 * @param options.wholeOf what is counted, in the plural: only whole numbers of it are taken
 */
export function exact(reader: Reader<Uncertain>, { wholeOf }: { wholeOf?: string } = {}): Reader<number> {
  const read = (value: unknown): Reading<number> => {
    const reading = (reader.alone ?? reader)(value);
    if (!reading.ok) return reading;
    if (reading.value.range) return refuse('a range cannot stand here: write one number');
    const { likely } = reading.value;
    if (wholeOf === undefined || Number.isInteger(likely)) return accept(likely);
    return refuse(notWhole(value, likely, wholeOf, true));
  };
  const { written } = reader;
  return Object.assign(read, written && { written: { ...written, ...(wholeOf !== undefined && { whole: true }) } });
}

/**
 * What was written, not what it comes to in the unit of the field, which may have sixteen digits.
 *
 * @param takesNoun whether the field takes the number with what it counts behind it
 */
export function notWhole(written: unknown, value: number, counted: string, takesNoun: boolean): string {
  const nearest = Math.max(1, Math.round(value));
  const noun = takesNoun && nearest > 1 ? ` ${counted}` : '';
  return `${show(written)} is no whole number of ${counted}: write ${nearest}${noun}`;
}
