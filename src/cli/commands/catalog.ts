import {
  fitTerms,
  groupSizes,
  type HardwareSummary,
  hardwareSheet,
  holdsContext,
  summarizeHardware,
} from '../../capacity/hardware.js';
import {
  hardwareSelection,
  modelSelection,
  modelSheet,
  type Place,
  selected,
  summarizeModel,
} from '../../capacity/models.js';
import { csvTable, jsonText } from '../../report/json.js';
import type { PriceDate, RowOrigin } from '../../report/sheets.js';
import type { Confidence } from '../../tables/rows.js';
import type { Tables } from '../../tables/tables.js';
import { roundedTree } from '../../units/numeric.js';
import type { Problem } from '../../units/problem.js';
import {
  contextOf,
  type Found,
  findAccelerator,
  findModel,
  misplaced,
  priceDate,
  unknownVendor,
} from '../catalog-answer.js';
import type { hardwareCommand, modelsCommand } from '../catalog-commands.js';
import { answer, flagOf, type Given, warningOf } from '../command-entry.js';
import { fileProblem, type Io } from '../io.js';
import { publishedPoints, readTables } from '../read-tables.js';

type Options = Given<typeof modelsCommand | typeof hardwareCommand>;
type Asked = { options: Options; detail: boolean; tables: Tables; prices: PriceDate; told: Told };
/** What is said of a row of the catalog, with where the row comes from. */
type Told = <Row extends object>(table: 'models' | 'accelerators', row: Filed, said: Row) => Row & RowOrigin;
type Filed = { row: number; confidence: Confidence };
/** The answer as fields of JSON and in other formats, with errors and warnings. */
type Answer = { json?: object; table?: () => string; csv?: () => string; problems: Problem[] };

/** A catalog command: all rows, a line each, or with a name the sheet of one. */
const command =
  (list: (asked: Asked) => Promise<Answer>, sheet: (asked: Asked, name: string) => Promise<Answer>) =>
  async (io: Io, options: Options): Promise<void> => {
    const { tables, prose, problems } = await readTables(io, options);
    if (tables === null) return answer(io, options, null, problems);
    const proseOf = await prose();
    const told: Told = (table, { row, confidence }, said) => ({ ...said, confidence, ...proseOf({ table, row }) });
    const prices = priceDate(tables, io, options);
    const asked = { options, detail: options.detail ?? false, tables, prices, told };
    const {
      json,
      table,
      csv,
      problems: own,
    } = options.name === undefined ? await list(asked) : await sheet(asked, options.name);
    const jsonOf = json && (() => jsonText(roundedTree({ schemaVersion: '1.0.0', prices, ...json })));
    const text = { json: jsonOf, table, csv }[options.format ?? 'table'];
    await answer(io, options, text?.() ?? null, [...problems, ...own]);
  };

/** Flags without effect for a name. */
function listOnly(options: Options, names: readonly (keyof Options)[]): Problem[] {
  const given = names.filter((name) => options[name] !== undefined).map(flagOf);
  const csv = options.format === 'csv' ? ['--format csv'] : [];
  return misplaced([...given, ...csv], 'is for the list, without a name');
}

/** `models [name]`. */
export const runModels = command(
  async ({ options, detail, tables, prices, told }) => {
    const contextTokens = contextOf(options.context);
    const { row: place, problems: unfit } = placeOf(options.fits, tables);
    const problems = [
      ...unfit,
      ...unknownVendor(options.vendor, tables.models),
      ...misplaced(options.accelerator === undefined ? [] : ['--accelerator'], 'needs the name of a model'),
    ];
    if (problems.length > 0) return { problems };
    const terms = fitTerms(tables, contextTokens);
    const all = tables.models.map((row) => told('models', row, summarizeModel(row, tables, terms, place)));
    const unclear = place === null ? [] : all.filter(({ layers }) => layers === null);
    const { fits: _, ...anywhere } = options;
    const json = {
      contextTokens,
      fitsOn: place && `${place.most}x ${place.accelerator.accelerator}`,
      unknownFits: selected(unclear, modelSelection, anywhere).map(({ family }) => family),
      models: selected(all, modelSelection, options),
    };
    const { modelCells, modelListTable } = await import('../../report/models.js');
    const table = () => modelListTable({ prices, ...json }, detail);
    return { json, table, csv: () => csvTable(modelCells, json.models), problems: [] };
  },
  async ({ options, detail, tables, prices, told }, name) => {
    const { row: model, problems: unknown } = findModel(tables, name);
    const contextTokens = contextOf(options.context, model);
    const on = options.accelerator === undefined ? null : findAccelerator(tables, options.accelerator);
    const isTooLong = model !== null && !holdsContext(model, contextTokens);
    const tooLong = `--context ${contextTokens}: ${model?.family} holds at most ${model?.maxContext} tokens`;
    const problems = [
      ...unknown,
      ...(on?.problems ?? []),
      ...(isTooLong ? [fileProblem('context-too-long', '', tooLong)] : []),
      ...listOnly(options, ['vendor', 'maxParams', 'minIndex', 'fits', 'sort']),
    ];
    if (model === null || problems.length > 0) return { problems };
    const machines = on?.row ? [on.row] : tables.accelerators;
    const terms = fitTerms(tables, contextTokens);
    const whole = {
      ...told('models', model, summarizeModel(model, tables, terms, null)),
      ...modelSheet(model, tables, terms, machines, await publishedPoints(tables)),
    };
    const { modelSheetTable } = await import('../../report/models.js');
    const json = { contextTokens, fitsOn: null, unknownFits: [], models: [whole] };
    return { json, table: () => modelSheetTable(prices, contextTokens, whole, detail), problems: [] };
  },
);

/** `accelerator` or `accelerator:count`, a count of cards that can be joined. */
function placeOf(text: string | undefined, tables: Tables): Found<Place> {
  if (text === undefined) return { row: null, problems: [] };
  const [name = '', count = '1'] = text.split(':');
  const { row: accelerator, problems } = findAccelerator(tables, name);
  if (accelerator === null) return { row: null, problems };
  const most = Number(count);
  if (groupSizes(accelerator).includes(most)) return { row: { accelerator, most }, problems: [] };
  const message = `--fits: ${accelerator.accelerator} has no link to others, so a model has one of them`;
  const problem = fileProblem('no-such-count', '', message, `write ${accelerator.accelerator}`);
  return { row: null, problems: [problem] };
}

/** `hardware [name]`. */
export const runHardware = command(
  async ({ options, detail, tables, prices, told }) => {
    const problems = [
      ...unknownVendor(options.vendor, tables.accelerators),
      ...misplaced(options.context === undefined ? [] : ['--context'], 'needs the name of an accelerator'),
    ];
    if (problems.length > 0) return { problems };
    const all = tables.accelerators.map((row) => told('accelerators', row, summarizeHardware(row, tables)));
    const hardware = selected(all, hardwareSelection, options);
    const { hardwareCells, hardwareListTable } = await import('../../report/hardware.js');
    return {
      json: { hardware },
      table: () => hardwareListTable(prices, hardware, detail),
      csv: () => csvTable(hardwareCells, hardware),
      problems: hindsight(hardware, tables),
    };
  },
  async ({ options, detail, tables, prices, told }, name) => {
    const { row, problems: unknown } = findAccelerator(tables, name);
    const problems = [...unknown, ...listOnly(options, ['vendor', 'kind', 'minMemory', 'rentable', 'sort'])];
    if (row === null || problems.length > 0) return { problems };
    const contextTokens = contextOf(options.context);
    const terms = fitTerms(tables, contextTokens);
    const whole = {
      ...told('accelerators', row, summarizeHardware(row, tables)),
      ...hardwareSheet(row, tables, terms, await publishedPoints(tables)),
    };
    const { hardwareSheetTable } = await import('../../report/hardware.js');
    const table = () => hardwareSheetTable(prices, contextTokens, whole, detail);
    return { json: { contextTokens, hardware: [whole] }, table, problems: hindsight([whole], tables) };
  },
);

/** List prices have dates of their own, which may be later than the snapshot's. */
function hindsight(shown: readonly HardwareSummary[], { snapshot }: Tables): Problem[] {
  const later = shown.filter((row) => row.listPriceIsLaterThanSnapshot).length;
  if (later === 0) return [];
  const message = `${later} of the list prices shown are of a later month than the snapshot of ${snapshot.date}`;
  return [warningOf('hindsight-price', '', message)];
}
