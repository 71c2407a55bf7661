import { type CsvRecord, csvRecords } from '../parse.js';
import type { Fault, SourceCell, SourceRecord, SourceText } from './format.js';
import { type ImportFormat, mapped } from './format.js';

const required = ['InstanceType', 'AcceleratorName', 'AcceleratorCount', 'Price', 'Region'] as const;
const others = ['SpotPrice', 'vCPUs', 'MemoryGiB', 'GpuInfo', 'AvailabilityZone'] as const;
const looked = new Set<string>([...required, ...others]);
const maxColumns = 500;

/** SkyPilot's catalog: one provider's instances, a row for each zone; USD per hour of the whole instance. */
export const skypilot: ImportFormat = {
  title: 'SkyPilot catalog vms.csv',
  table: 'rental',
  oneProvider: true,
  read,
  columns: [
    ...mapped(undefined, {
      instance_type: 'InstanceType',
      region: 'Region',
    }),
    ...mapped('count', {
      gpu_count: 'AcceleratorCount',
      vcpus: 'vCPUs',
      memory_gib: 'MemoryGiB',
    }),
    ...mapped('USD per hour', {
      on_demand_usd_per_hour: 'Price',
      spot_usd_per_hour: 'SpotPrice',
    }),
  ],
  needs: [],
  refuses: [],
  prices: /Price$/,
};

function read(text: string, file: string): SourceText {
  const lines = text.split(/\r\n|\n|\r/);
  const where: SourceText['where'] = (at) => ({ file, line: at, column: null, excerpt: lines[at - 1] ?? '' });
  const found = rows(text);
  if ('code' in found) return { records: [], faults: [found], where };
  const [head, ...body] = found;
  const headers = (head?.cells ?? []).map((header) => header.trim());
  const faults: Fault[] = required
    .filter((header) => !headers.includes(header))
    .map((header) => ({ at: 1, code: 'missing-column', message: `the column ${header} is missing` }));
  headers.forEach((header, index) => {
    if (headers.indexOf(header) !== index)
      faults.push({ at: 1, code: 'duplicate-column', message: `the column ${header} is defined twice` });
  });
  if (faults.length > 0) return { records: [], faults, where };

  const used = headers.map((header, index) => ({ header, index })).filter(({ header }) => looked.has(header));
  const records = body.flatMap(({ cells, line }): SourceRecord[] => {
    if (cells.length !== headers.length) {
      const message = `has ${cells.length} cells; the header has ${headers.length}`;
      faults.push({ at: line, code: 'wrong-cell-count', message });
      return [];
    }
    const record = new Map<string, SourceCell>();
    for (const { header, index } of used) {
      const text = cells[index]?.trim() ?? '';
      if (text !== '') record.set(header, { text, at: line });
    }
    return [{ at: line, provider: '', id: record.get('InstanceType')?.text ?? '', cells: record }];
  });
  return { records, faults, where };
}

/** Rows with their first lines. The header is checked first, so that a million columns are not read. */
function rows(text: string): readonly CsvRecord[] | Fault {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  if (header.split(',', maxColumns + 1).length > maxColumns)
    return { at: 1, code: 'too-many-columns', message: `has more than ${maxColumns} columns` };
  const { records, fault } = csvRecords(text, Number.POSITIVE_INFINITY);
  if (fault !== null) return { ...fault, at: fault.line ?? 1 };
  return records.length > 0 ? records : { at: 1, code: 'empty-file', message: 'the file is empty' };
}
