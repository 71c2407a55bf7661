import { fitTerms, hardwareSheet, summarizeHardware } from '../../capacity/hardware.js';
import { type HardwareSortKey, selectHardware } from '../../capacity/select.js';
import type { RowOrigin } from '../../report/sheets.js';
import type { AcceleratorRow } from '../../tables/rows.js';
import type { Prose, Tables } from '../../tables/tables.js';
import type { Problem } from '../../units/problem.js';
import type { Values } from '../arguments.js';
import {
  type AnswerOptions,
  answer,
  contextOf,
  findAccelerator,
  misplaced,
  priceDate,
  unknownVendor,
} from '../catalog-answer.js';
import { fileProblem, type Io } from '../io.js';
import { publishedPoints, readTables } from '../read-tables.js';

type ListOptions = {
  vendor?: string;
  kind?: AcceleratorRow['kind'];
  minMemory?: string;
  rentable?: true;
  sort?: HardwareSortKey;
};
type Options = AnswerOptions & ListOptions & { pricing?: string; context?: string; detail?: true };
/** The text that answers, or what is wrong with the question; warnings beside the text. */
type Answer = { text: string | null; problems: Problem[] };

/** `hardware [name]`: the accelerators of a snapshot in a line each, or all that follows from the row of one. */
export async function runHardware(io: Io, name: string | undefined, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const { tables, prose, problems } = await readTables(io, options);
  if (tables === null) return answer(io, options, null, problems);
  const reply = name === undefined ? list : sheet(name);
  const found = await reply(io, options, tables, await prose());
  await answer(io, options, found.text, [...problems, ...found.problems]);
}

async function list(io: Io, options: Options, tables: Tables, prose: Prose): Promise<Answer> {
  const vendor = options.vendor?.toLowerCase();
  const problems = [
    ...unknownVendor(
      vendor,
      tables.accelerators.map(({ vendor }) => vendor),
    ),
    ...misplaced(options.context === undefined ? [] : ['--context'], 'needs the name of an accelerator'),
  ];
  if (problems.length > 0) return { text: null, problems };
  const wanted = {
    ...(vendor !== undefined && { vendor }),
    ...(options.kind !== undefined && { kind: options.kind }),
    ...(options.minMemory !== undefined && { minMemoryGib: Number(options.minMemory) }),
    rentable: options.rentable === true,
  };
  const all = tables.accelerators.map((row) => summarizeHardware(row, tables));
  const selected = selectHardware(all, wanted, options.sort ?? 'name');
  const listing = {
    prices: priceDate(tables, io, options),
    hardware: selected.map((summary) => ({ summary, origin: originOf(summary.accelerator, prose) })),
  };
  const report = await import('../../report/hardware.js');
  const text = {
    table: () => report.hardwareListTable(listing, options.detail ?? false),
    json: () => report.hardwareListJson(listing),
    csv: () => report.hardwareListCsv(listing),
  }[options.format ?? 'table'];
  return { text: text?.() ?? null, problems: hindsight(selected, tables) };
}

const sheet =
  (name: string) =>
  async (io: Io, options: Options, tables: Tables, prose: Prose): Promise<Answer> => {
    const { row, problem } = findAccelerator(tables, name);
    const problems = [
      ...(problem === null ? [] : [problem]),
      ...misplaced(listOnly(options), 'is for the list, without a name'),
    ];
    if (row === null || problems.length > 0) return { text: null, problems };
    const reply = {
      prices: priceDate(tables, io, options),
      sheet: hardwareSheet(row, tables, fitTerms(tables, contextOf(options.context)), await publishedPoints(tables)),
      origin: originOf(row, prose),
    };
    const { hardwareSheetJson, hardwareSheetTable } = await import('../../report/hardware-sheet.js');
    const text =
      options.format === 'json' ? hardwareSheetJson(reply) : hardwareSheetTable(reply, options.detail ?? false);
    return { text, problems: hindsight([reply.sheet.summary], tables) };
  };

/** List prices have dates of their own, which may be later than the snapshot's. */
function hindsight(shown: readonly { priceIsLater: boolean }[], { snapshot }: Tables): Problem[] {
  const later = shown.filter(({ priceIsLater }) => priceIsLater).length;
  if (later === 0) return [];
  const message = `${later} of the list prices shown are of a later month than the snapshot of ${snapshot.date}`;
  return [{ ...fileProblem('hindsight-price', '', message), severity: 'warning' }];
}

const listOnly = ({ vendor, kind, minMemory, rentable, sort, format }: Options): string[] =>
  Object.entries({
    '--vendor': vendor,
    '--kind': kind,
    '--min-memory': minMemory,
    '--rentable': rentable,
    '--sort': sort,
    '--format csv': format === 'csv' ? format : undefined,
  })
    .filter(([, value]) => value !== undefined)
    .map(([option]) => option);

const originOf = ({ row, confidence }: AcceleratorRow, prose: Prose): RowOrigin => ({
  confidence,
  ...prose({ table: 'accelerators', row }),
});
