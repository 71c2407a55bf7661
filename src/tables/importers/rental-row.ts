import type { Tables } from '../tables.js';
import type { OutputRow } from './mapped-row.js';
import { type NameRow, namesFor } from './names.js';
import type { SourceRecord } from './source-text.js';

const mibPerGib = 1024;
/** Drivers report a little less than the nominal size, some lists a little more. */
const memoryTolerance = 0.12;

/** Completes a row of an instance, or says why it cannot be one. */
export function rentalRow(
  row: OutputRow,
  record: SourceRecord,
  context: { tables: Tables; format: string; names: readonly NameRow[]; date: string; provider: string },
): { row: OutputRow } | { refused: string; about: string } {
  const { tables, format, names, date, provider } = context;
  const cell = (key: string): string => record.cells.get(key)?.text ?? '';
  const [instance, theirs] = [cell('InstanceType'), cell('AcceleratorName')];
  if (theirs === '') return { refused: 'instance without an accelerator', about: '' };
  if (instance === '') return { refused: 'accelerator without its host: the price is a part only', about: theirs };
  if (!row.has('gpu_count')) return { refused: 'part of an accelerator', about: theirs };

  const asked = { format, provider, instance };
  const named = namesFor(names, { ...asked, kind: 'accelerator', theirs });
  if (named.length === 0) return { refused: 'accelerator not in accelerators.csv', about: theirs };
  const known = named.flatMap((name) => tables.acceleratorOf.get(name) ?? []);
  const found = known.find(({ memoryGib }) => fits(memoryGib, cell('GpuInfo'), Number(row.get('gpu_count'))));
  if (!found) return { refused: 'accelerator with another memory than ours of that name', about: theirs };
  if (found.released.slice(0, 7) > date.slice(0, 7)) return { refused: 'released after the date', about: theirs };

  const [tenancy = 'cloud'] = namesFor(names, { ...asked, kind: 'tenancy', theirs });
  row.set('as_of', date).set('provider', provider).set('accelerator', found.accelerator);
  return { row: row.set('tenancy', tenancy) };
}

/** Lists give the memory of one accelerator, or of all in the instance, or none. */
function fits(memoryGib: number, gpuInfo: string, count: number): boolean {
  const [, mib] = /'SizeInMiB':\s*(\d+(?:\.\d+)?)/.exec(gpuInfo) ?? [];
  if (mib === undefined) return true;
  const gib = Number(mib) / mibPerGib;
  return [gib, gib / count].some((each) => Math.abs(each / memoryGib - 1) <= memoryTolerance);
}
