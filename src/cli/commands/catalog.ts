import { fitTerms, groupSizes, hardwareSheet, holdsContext, summarizeHardware } from '../../capacity/hardware.js';
import { modelSheet, type Place, summarizeModel } from '../../capacity/models.js';
import { hardwareSelection, modelSelection, selected } from '../../capacity/select.js';
import type { RowOrigin } from '../../report/sheets.js';
import type { Confidence } from '../../tables/rows.js';
import type { Prose, Tables } from '../../tables/tables.js';
import type { Problem } from '../../units/problem.js';
import type { Values } from '../arguments.js';
import {
  type AnswerOptions,
  answer,
  contextOf,
  findAccelerator,
  findModel,
  misplaced,
  priceDate,
  unknownVendor,
} from '../catalog-answer.js';
import { fileProblem, type Io } from '../io.js';
import { publishedPoints, readTables } from '../read-tables.js';

type Options = AnswerOptions & { pricing?: string; context?: string; detail?: true; vendor?: string; sort?: string } & {
  maxParams?: string;
  minIndex?: string;
  fits?: string;
  accelerator?: string;
  kind?: string;
  minMemory?: string;
  rentable?: true;
};
type Asked = { io: Io; options: Options; tables: Tables; prose: Prose };
/** The answer in each format, with errors and warnings. */
type Answer = { formats?: { [Format in 'table' | 'json' | 'csv']?: () => string }; problems: Problem[] };

/** A command of the catalog: all rows in a line each, or with a name all that follows from one. */
const command =
  (list: (asked: Asked) => Promise<Answer>, sheet: (asked: Asked, name: string) => Promise<Answer>) =>
  async (io: Io, name: string | undefined, values: Values): Promise<void> => {
    const options = values as Options;
    const { tables, prose, problems } = await readTables(io, options);
    if (tables === null) return answer(io, options, null, problems);
    const asked = { io, options, tables, prose: await prose() };
    const found = name === undefined ? await list(asked) : await sheet(asked, name);
    const text = found.formats?.[(options.format ?? 'table') as 'table']?.() ?? null;
    await answer(io, options, text, [...problems, ...found.problems]);
  };

const originOf = (table: 'models' | 'accelerators', { row, confidence }: Row, { prose }: Asked): RowOrigin => ({
  confidence,
  ...prose({ table, row }),
});
type Row = { row: number; confidence: Confidence };

/** Flags that say nothing beside a name. */
function listOnly(options: Options, names: readonly (keyof Options)[]): Problem[] {
  const flag = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const given = names.filter((name) => options[name] !== undefined).map(flag);
  const csv = options.format === 'csv' ? ['--format csv'] : [];
  return misplaced([...given, ...csv], 'is for the list, without a name');
}

/** `models [name]`. */
export const runModels = command(
  async (asked) => {
    const { io, options, tables } = asked;
    const contextTokens = contextOf(options.context);
    const { place, problem } = placeOf(options.fits, tables);
    const vendors = tables.models.map((model) => model.vendor);
    const problems = [
      ...(problem === null ? [] : [problem]),
      ...unknownVendor(options.vendor?.toLowerCase(), vendors),
      ...misplaced(options.accelerator === undefined ? [] : ['--accelerator'], 'needs the name of a model'),
    ];
    if (problems.length > 0) return { problems };
    const terms = fitTerms(tables, contextTokens);
    const all = tables.models.map((model) => summarizeModel(model, tables, terms, place));
    const unclear = place === null ? [] : all.filter(({ model }) => model.layers === null);
    const { fits: _, ...anywhere } = options;
    const listing = {
      prices: priceDate(tables, io, options),
      contextTokens,
      fitsOn: place && `${place.most}x ${place.accelerator.accelerator}`,
      unknownFits: selected(unclear, modelSelection, anywhere).map(({ model }) => model.family),
      models: selected(all, modelSelection, options).map((summary) => ({
        summary,
        origin: originOf('models', summary.model, asked),
      })),
    };
    const report = await import('../../report/models.js');
    const formats = {
      table: () => report.modelListTable(listing, options.detail ?? false),
      json: () => report.modelListJson(listing),
      csv: () => report.modelListCsv(listing),
    };
    return { formats, problems: [] };
  },
  async (asked, name) => {
    const { io, options, tables } = asked;
    const { row: model, problem } = findModel(tables, name);
    const contextTokens = contextOf(options.context, model);
    const on = options.accelerator === undefined ? null : findAccelerator(tables, options.accelerator);
    const isTooLong = model !== null && !holdsContext(model, contextTokens);
    const tooLong = `--context ${contextTokens}: ${model?.family} holds at most ${model?.maxContext} tokens`;
    const problems = [
      ...(problem === null ? [] : [problem]),
      ...(on?.problem ? [on.problem] : []),
      ...(isTooLong ? [fileProblem('context-too-long', '', tooLong)] : []),
      ...listOnly(options, ['vendor', 'maxParams', 'minIndex', 'fits', 'sort']),
    ];
    if (model === null || problems.length > 0) return { problems };
    const machines = on?.row ? [on.row] : tables.accelerators;
    const points = await publishedPoints(tables);
    const reply = {
      prices: priceDate(tables, io, options),
      sheet: modelSheet(model, tables, fitTerms(tables, contextTokens), machines, points),
      origin: originOf('models', model, asked),
    };
    const report = await import('../../report/models.js');
    const table = () => report.modelSheetTable(reply, options.detail ?? false);
    return { formats: { table, json: () => report.modelSheetJson(reply) }, problems: [] };
  },
);

/** `accelerator` or `accelerator:count`, the count being one that cards of the kind can be joined in. */
function placeOf(text: string | undefined, tables: Tables): { place: Place | null; problem: Problem | null } {
  if (text === undefined) return { place: null, problem: null };
  const [name = '', count = '1'] = text.split(':');
  const { row: accelerator, problem } = findAccelerator(tables, name);
  if (accelerator === null) return { place: null, problem };
  const most = Number(count);
  if (groupSizes(accelerator).includes(most)) return { place: { accelerator, most }, problem: null };
  const message = `--fits: ${accelerator.accelerator} has no link to others, so a model has one of them`;
  return { place: null, problem: fileProblem('no-such-count', '', message, `write ${accelerator.accelerator}`) };
}

/** `hardware [name]`. */
export const runHardware = command(
  async (asked) => {
    const { io, options, tables } = asked;
    const vendors = tables.accelerators.map((row) => row.vendor);
    const problems = [
      ...unknownVendor(options.vendor?.toLowerCase(), vendors),
      ...misplaced(options.context === undefined ? [] : ['--context'], 'needs the name of an accelerator'),
    ];
    if (problems.length > 0) return { problems };
    const all = tables.accelerators.map((row) => summarizeHardware(row, tables));
    const shown = selected(all, hardwareSelection, options);
    const listing = {
      prices: priceDate(tables, io, options),
      hardware: shown.map((summary) => ({
        summary,
        origin: originOf('accelerators', summary.accelerator, asked),
      })),
    };
    const report = await import('../../report/hardware.js');
    const formats = {
      table: () => report.hardwareListTable(listing, options.detail ?? false),
      json: () => report.hardwareListJson(listing),
      csv: () => report.hardwareListCsv(listing),
    };
    return { formats, problems: hindsight(shown, tables) };
  },
  async (asked, name) => {
    const { io, options, tables } = asked;
    const { row, problem } = findAccelerator(tables, name);
    const misplacedOptions = listOnly(options, ['vendor', 'kind', 'minMemory', 'rentable', 'sort']);
    const problems = [...(problem === null ? [] : [problem]), ...misplacedOptions];
    if (row === null || problems.length > 0) return { problems };
    const points = await publishedPoints(tables);
    const reply = {
      prices: priceDate(tables, io, options),
      sheet: hardwareSheet(row, tables, fitTerms(tables, contextOf(options.context)), points),
      origin: originOf('accelerators', row, asked),
    };
    const report = await import('../../report/hardware.js');
    const table = () => report.hardwareSheetTable(reply, options.detail ?? false);
    const formats = { table, json: () => report.hardwareSheetJson(reply) };
    return { formats, problems: hindsight([reply.sheet.summary], tables) };
  },
);

/** List prices have dates of their own, which may be later than the snapshot's. */
function hindsight(shown: readonly { priceIsLater: boolean }[], { snapshot }: Tables): Problem[] {
  const later = shown.filter(({ priceIsLater }) => priceIsLater).length;
  if (later === 0) return [];
  const message = `${later} of the list prices shown are of a later month than the snapshot of ${snapshot.date}`;
  return [{ ...fileProblem('hindsight-price', '', message), severity: 'warning' }];
}
