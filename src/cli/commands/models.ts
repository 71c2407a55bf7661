import { fitTerms, groupSizes, holdsContext } from '../../capacity/hardware.js';
import { modelSheet, type Place, summarizeModel } from '../../capacity/models.js';
import { type ModelSortKey, selectModels } from '../../capacity/select.js';
import type { RowOrigin } from '../../report/sheets.js';
import type { ModelRow } from '../../tables/rows.js';
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

type ListOptions = { vendor?: string; maxParams?: string; minIndex?: string; fits?: string; sort?: ModelSortKey };
type Options = AnswerOptions &
  ListOptions & { pricing?: string; context?: string; accelerator?: string; detail?: true };
/** The text that answers, or what is wrong with the question. */
type Answer = { text: string | null; problems: Problem[] };

/** `models [name]`: the open models of a snapshot in a line each, or all that follows from the row of one. */
export async function runModels(io: Io, name: string | undefined, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const { tables, prose, problems } = await readTables(io, options);
  if (tables === null) return answer(io, options, null, problems);
  const reply = name === undefined ? list : sheet(name);
  const found = await reply(io, options, tables, await prose());
  await answer(io, options, found.text, [...problems, ...found.problems]);
}

async function list(io: Io, options: Options, tables: Tables, prose: Prose): Promise<Answer> {
  const vendor = options.vendor?.toLowerCase();
  const contextTokens = contextOf(options.context);
  const { place, problem } = placeOf(options.fits, tables);
  const problems = [
    ...(problem === null ? [] : [problem]),
    ...unknownVendor(
      vendor,
      tables.models.map(({ vendor }) => vendor),
    ),
    ...misplaced(options.accelerator === undefined ? [] : ['--accelerator'], 'needs the name of a model'),
  ];
  if (problems.length > 0) return { text: null, problems };
  const terms = fitTerms(tables, contextTokens);
  const wanted = {
    ...(vendor !== undefined && { vendor }),
    ...(options.maxParams !== undefined && { maxParamsB: Number.parseFloat(options.maxParams) }),
    ...(options.minIndex !== undefined && { minIndex: Number(options.minIndex) }),
    thatFit: place !== null,
  };
  const all = tables.models.map((model) => summarizeModel(model, tables, terms, place));
  const sort = options.sort ?? 'name';
  const withoutLayers = place === null ? [] : all.filter(({ model }) => model.layers === null);
  const listing = {
    prices: priceDate(tables, io, options),
    contextTokens,
    fitsOn: place && `${place.most}x ${place.accelerator.accelerator}`,
    unknownFits: selectModels(withoutLayers, { ...wanted, thatFit: false }, sort).map(({ model }) => model.family),
    models: selectModels(all, wanted, sort).map((summary) => ({
      summary,
      origin: originOf(summary.model, prose),
    })),
  };
  const report = await import('../../report/models.js');
  const text = {
    table: () => report.modelListTable(listing, options.detail ?? false),
    json: () => report.modelListJson(listing),
    csv: () => report.modelListCsv(listing),
  }[options.format ?? 'table'];
  return { text: text?.() ?? null, problems: [] };
}

const sheet =
  (name: string) =>
  async (io: Io, options: Options, tables: Tables, prose: Prose): Promise<Answer> => {
    const { row: model, problem } = findModel(tables, name);
    const contextTokens = contextOf(options.context, model);
    const on = options.accelerator === undefined ? null : findAccelerator(tables, options.accelerator);
    const problems = [
      ...(problem === null ? [] : [problem]),
      ...(on?.problem ? [on.problem] : []),
      ...(model === null || holdsContext(model, contextTokens) ? [] : [tooLong(model, contextTokens)]),
      ...misplaced(listOnly(options), 'is for the list, without a name'),
    ];
    if (model === null || problems.length > 0) return { text: null, problems };
    const accelerators = on?.row ? [on.row] : tables.accelerators;
    const reply = {
      prices: priceDate(tables, io, options),
      sheet: modelSheet(model, tables, fitTerms(tables, contextTokens), accelerators, await publishedPoints(tables)),
      origin: originOf(model, prose),
    };
    const { modelSheetJson, modelSheetTable } = await import('../../report/model-sheet.js');
    const text = options.format === 'json' ? modelSheetJson(reply) : modelSheetTable(reply, options.detail ?? false);
    return { text, problems: [] };
  };

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

const listOnly = ({ vendor, maxParams, minIndex, fits, sort, format }: Options): string[] =>
  Object.entries({
    '--vendor': vendor,
    '--max-params': maxParams,
    '--min-index': minIndex,
    '--fits': fits,
    '--sort': sort,
    '--format csv': format === 'csv' ? format : undefined,
  })
    .filter(([, value]) => value !== undefined)
    .map(([option]) => option);

const tooLong = ({ family, maxContext }: ModelRow, tokens: number): Problem =>
  fileProblem('context-too-long', '', `--context ${tokens}: ${family} holds at most ${maxContext} tokens`);

const originOf = ({ row, confidence }: ModelRow, prose: Prose): RowOrigin => ({
  confidence,
  ...prose({ table: 'models', row }),
});
