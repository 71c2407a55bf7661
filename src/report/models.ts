import type { CardFit } from '../capacity/hardware.js';
import {
  type AcceleratorFit,
  cacheBits,
  type ModelSheet,
  type ModelSummary,
  type SchemeFacts,
} from '../capacity/models.js';
import { fitColumns, fitIn } from '../capacity/select.js';
import type { CapabilityRow } from '../tables/rows.js';
import { type Document, gap, indented, line, numberColumns, paragraph, table, textColumns } from './document.js';
import { jsonText } from './json.js';
import { counted, decimal, grouped, percent } from './numbers.js';
import {
  ageText,
  figure,
  figures,
  footOf,
  type Grid,
  gb,
  gib,
  grid,
  type ListColumn,
  type ListRow,
  listCsv,
  listTable,
  measuredTable,
  type PriceDate,
  type RowOrigin,
  roundedTree,
  sheetText,
  short,
  unknown,
  word,
  words,
} from './sheets.js';

/** Models of the tables as of one snapshot. */
export type ModelListing = {
  prices: PriceDate;
  /** Length of a sequence that cache and fit are figured for. */
  contextTokens: number;
  /** The machine they should fit on, in words. */
  fitsOn: string | null;
  /** Families of which nobody knows whether they fit. */
  unknownFits: readonly string[];
  models: readonly ListRow<ModelSummary>[];
};

const tokensPerK = 1024;
const bytesPerKib = 1024;
const bytesPerGb = 1e9;
const megabyte = 1e6;
const nameWidth = 14;

/** Three digits, as a narrow column has room for. */
function plain(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return String(Number(value < 1 ? value.toFixed(2) : value.toPrecision(3)));
}

/** Total, and active where that differs: `671/37`. */
const parameters = ({ model: { paramsTotalB: all, paramsActiveB: active } }: ModelSummary): string =>
  active === all ? plain(all) : `${plain(all)}/${plain(active)}`;

/** Fewest cards, the sequences on them, and whether it is slow: `2x 14`. */
const fitText = ({ cards, sequences, runs }: CardFit): string =>
  `${figure(cards)}x ${figure(sequences, String)}${runs === 'slow' ? '~' : ''}`;

const columns: readonly ListColumn<ModelSummary>[] = [
  words('family', ({ model }) => model.family, 'model'),
  words('vendor', ({ model }) => model.vendor, 'vendor'),
  words('released', ({ model }) => model.released, 'date'),
  figures('params_total_b', ({ model }) => model.paramsTotalB, 'params', parameters),
  figures('params_active_b', ({ model }) => model.paramsActiveB),
  words('attention_type', ({ model }) => model.attentionType, 'attn'),
  figures('layers', ({ model }) => model.layers, 'lay'),
  figures(
    'max_context',
    ({ model }) => model.maxContext,
    'ctx',
    ({ model }) => figure(model.maxContext, (tokens) => plain(tokens / tokensPerK)),
  ),
  figures(
    'kv_bytes_per_token',
    ({ kvBytesPerToken }) => kvBytesPerToken,
    'KV',
    ({ kvBytesPerToken }) => figure(kvBytesPerToken, (of) => plain(of / bytesPerKib)),
  ),
  figures(
    'bf16_bytes',
    ({ bf16Bytes }) => bf16Bytes,
    'bf16',
    ({ bf16Bytes }) => plain(bf16Bytes / bytesPerGb),
  ),
  words('native_dtype', ({ model }) => model.nativeDtype),
  figures(
    'native_bytes',
    ({ native }) => native?.bytes ?? null,
    'own',
    ({ native }) => figure(native?.bytes ?? null, (bytes) => plain(bytes / bytesPerGb)),
  ),
  words('license', ({ model }) => model.license),
  words(
    'commercial_use',
    ({ model }) => model.commercialUse,
    'use',
    ({ model }) => (model.commercialUse === 'conditional' ? 'cond' : word(model.commercialUse)),
  ),
  figures(
    'capability_index',
    ({ capability }) => capability?.index ?? null,
    'cap',
    ({ index, capability }) => figure(index, (of) => `${of.toFixed(0)}${capability?.mode === 'thinking' ? 't' : ''}`),
  ),
  words('capability_mode', ({ capability }) => capability?.mode ?? null),
  figures('judged_index', ({ index }) => index),
  words(
    'fit_scheme',
    ({ fit }) => fit?.scheme ?? null,
    'fits as',
    ({ fit }) => (fit === null ? '' : `${fit.scheme} ${fitText(fit)}`),
  ),
  figures('fit_cards', ({ fit }) => fit?.cards ?? null),
  figures('fit_sequences', ({ fit }) => fit?.sequences ?? null),
];

/** Columns that give way to what a model fits as. */
const unlessFits = ['attention_type', 'layers', 'bf16_bytes'];

/** One line a model. `detail` adds license, source, confidence and note below each. */
export function modelListTable(listing: ModelListing, detail: boolean): string {
  const { prices, contextTokens, fitsOn, unknownFits, models } = listing;
  const length = `${grouped(contextTokens)} tokens`;
  const title = fitsOn === null ? '' : ` on ${fitsOn} with ${length} each`;
  const head = `${counted(models.length, 'model')}${title}, tables of ${prices.snapshot} (${ageText(prices)})`;
  const shown = columns.filter(({ header }) => fitsOn === null || !unlessFits.includes(header));
  const license = ({ model }: ModelSummary) => [indented(`license ${word(model.license)}`, 2)];
  const hasNone = models.length === 0;
  const legend = [
    ...(unknownFits.length === 0 ? [] : [`without layers in the tables, so nobody knows: ${unknownFits.join(', ')}`]),
    ...(hasNone ? [] : legendOf(fitsOn, length)),
  ].map((text) => indented(text, 0, { hang: 0 }));
  const body = hasNone ? line('no model of the tables is like that') : listTable(shown, models, detail, license);
  return sheetText([line(head), gap, body, ...(legend.length === 0 ? [] : [gap, ...legend])]);
}

const legendOf = (fitsOn: string | null, length: string): string[] => [
  `date of release; params in 1e9, total/active; ${fitsOn === null ? 'lay = layers; ' : ''}ctx = longest context in 1,024 tokens`,
  `KV = KiB of cache a token takes at 16 bit, mean over a sequence of ${length}`,
  fitsOn === null
    ? 'bf16, own = GB (1e9) of the weights at 16 bit, and in the format of the release'
    : 'own = GB (1e9) of the weights in the format of the release',
  ...(fitsOn === null ? [] : ['fits as = scheme, fewest cards x sequences that memory holds on them; ~ runs slowly']),
  'use = commercial use, cond = under conditions of the license; cap = capability index, t = thinking',
  `${unknown} is unknown; --format csv has the license and more; models NAME has all of one model`,
];

/** The list with an empty cell where something is unknown. */
export const modelListCsv = ({ models }: ModelListing): string => listCsv(columns, models);

/** All that is known of the models, null where it is unknown; `fit` is null unless a machine was named. */
export function modelListJson({ models, ...about }: ModelListing): string {
  const all = models.map(({ summary, origin }) => modelJson(summary, origin));
  return jsonText({ schemaVersion: '1.0.0', ...about, models: all });
}

/** One model, as both the list and the sheet have it. */
function modelJson(summary: ModelSummary, origin: RowOrigin) {
  const { model, kvBytesPerToken, bf16Bytes, native, capability, index, fit } = summary;
  const { row: _, confidence: __, ...facts } = model;
  return roundedTree({
    ...facts,
    kvBytesPerToken,
    weightBytes: { bf16: bf16Bytes, native: native?.bytes ?? null, nativeScheme: native?.scheme ?? null },
    capability: capability && {
      index: capability.index,
      low: capability.indexLow,
      high: capability.indexHigh,
      mode: capability.mode,
      standard: capability.indexStandard,
      thinking: capability.indexThinking,
      reasoningTokenShare: capability.reasoningTokenShare,
      toolUse: capability.toolUse,
      judgedByLowEnd: capability.useLow,
    },
    judgedIndex: index,
    fit: fit && { scheme: fit.scheme, runs: fit.runs, cards: fit.cards, sequences: fit.sequences },
    ...origin,
  });
}

/** One model, in all that follows from its row. */
export type ModelAnswer = { prices: PriceDate; sheet: ModelSheet; origin: RowOrigin };

/** The sheet of one model. `detail` adds where its row comes from, and measurements' sources. */
export function modelSheetTable({ prices, sheet, origin }: ModelAnswer, detail: boolean): string {
  const { model } = sheet.summary;
  return sheetText([
    line(
      `${model.family} (${model.vendor}), released ${model.released}; as of ${prices.snapshot} (${ageText(prices)})`,
    ),
    gap,
    ...factsOf(sheet),
    gap,
    ...cacheTable(sheet),
    gap,
    line('Weights'),
    grid(weightColumns, sheet.schemes),
    ...fitsTable(sheet),
    ...measuredTable(sheet.measurements, 'accelerator', detail),
    ...footOf(origin, detail),
  ]);
}

function factsOf({ summary: { model, capability } }: ModelSheet): Document {
  const { attentionHeads, kvHeads, headDim, slidingWindowTokens, expertsTotal, expertsActive, sharedExperts } = model;
  const heads =
    attentionHeads === null
      ? []
      : [`${attentionHeads} heads`, `${figure(kvHeads)} KV heads`, `head size ${figure(headDim)}`];
  const window = slidingWindowTokens === null ? [] : [`window ${grouped(slidingWindowTokens)} tokens`];
  const experts =
    expertsTotal === null
      ? []
      : [`${expertsTotal} experts, ${figure(expertsActive)} active, ${figure(sharedExperts)} shared`];
  const rows = {
    license: `${word(model.license)}; commercial use: ${word(model.commercialUse)}`,
    parameters: [`${model.paramsTotalB}e9, ${model.paramsActiveB}e9 active`, ...experts].join('; '),
    layers: `${figure(model.layers)}; hidden size ${figure(model.hiddenSize)}, vocabulary ${figure(model.vocabSize)}`,
    attention: [word(model.attentionType), ...heads, ...window].join(', '),
    context: `${figure(model.maxContext, grouped)} tokens`,
    format: `${word(model.nativeDtype)}; ${model.modalities.join(', ')}`,
    capability: capability === null ? unknown : capabilityText(capability),
  };
  return Object.entries(rows).map(([name, text]) => paragraph(name, text, { indent: nameWidth }));
}

function capabilityText(row: CapabilityRow): string {
  const { index, indexLow, indexHigh, mode, indexStandard, indexThinking, reasoningTokenShare: share, useLow } = row;
  return [
    `${index} (80 % band ${indexLow} to ${indexHigh}), ${mode}`,
    `standard ${figure(indexStandard)}, thinking ${figure(indexThinking)}`,
    ...(share === null || share === 0 ? [] : [`${percent(share)} of output is reasoning`]),
    ...(useLow ? ['judged by the low end'] : []),
  ].join('; ');
}

function cacheTable({ kv, sequences, caches, summary }: ModelSheet): Document {
  const head = line('KV cache');
  if (kv.length === 0) return [head, line(`  ${unknown}: the tables do not have the layers of this model`)];
  const window = summary.model.slidingWindowTokens;
  const first = window === null ? '' : ` (first ${grouped(window)})`;
  const rows = [
    ['token, full attention, bytes', ...kv.map(({ perTokenFull }) => grouped(perTokenFull))],
    [`token, windowed${first}, bytes`, ...kv.map(({ perTokenWindowed }) => grouped(perTokenWindowed))],
    ['sequence, fixed state, bytes', ...kv.map(({ statePerSequence }) => grouped(statePerSequence))],
    ...sequences.map(({ tokens, bytes }) => [
      `sequence of ${grouped(tokens)} tokens, MB`,
      ...bytes.map((each) => short(each / megabyte)),
    ]),
  ];
  const losses = caches.flatMap(({ scheme, loss }) =>
    loss === null ? [] : [`${scheme} ${decimal(loss.likely)} (${decimal(loss.low)} to ${decimal(loss.high)})`],
  );
  return [
    head,
    table([...textColumns(''), ...numberColumns(...cacheBits.map((bits) => `${bits} bit`))], rows),
    ...(losses.length === 0 ? [] : [indented(`index points lost to the cache: ${losses.join(', ')}`, 2)]),
  ];
}

const points = (index: number): string => index.toFixed(2);

const weightColumns: Grid<SchemeFacts> = {
  scheme: ({ scheme }) => scheme,
  '#bits/weight': ({ bitsPerWeight }) => figure(bitsPerWeight),
  '#GB': ({ bytes }) => figure(bytes, gb),
  '#GiB': ({ bytes }) => figure(bytes, gib),
  '#index lost': ({ loss }) => figure(loss?.likely ?? null, points),
  range: ({ loss }) => loss && `${points(loss.low)} to ${points(loss.high)}`,
  '#index left': ({ index }) => figure(index, (left) => left.toFixed(1)),
  '': ({ native, batchedServing }) =>
    [...(native ? ['as released'] : []), ...(batchedServing ? [] : ['one user at a time'])].join(', '),
};

/** What a model fits on: all accelerators by bits per weight, or one of them scheme by scheme. */
function fitsTable({ fits, contextTokens, summary }: ModelSheet): Document {
  const [only, ...others] = fits;
  if (only === undefined) return [];
  const length = `with a context of ${grouped(contextTokens)} tokens`;
  const isOne = others.length === 0 && summary.model.layers !== null;
  const head = line(`Fits on${isOne ? ` ${only.accelerator.accelerator}` : ''}, ${length}`);
  if (summary.model.layers === null) return [gap, head, line(`  ${unknown}`)];
  if (isOne) return [gap, head, grid(schemeColumns, only.schemes), line('  fewest cards of one group, - fits on none')];
  const byBits = fitColumns(fits);
  const fitting = fits.filter(
    (each) => each.oneUser !== null || byBits.some((column) => fitIn(each, column)?.fits === true),
  );
  const onEach: Grid<AcceleratorFit> = {
    accelerator: ({ accelerator }) => accelerator.accelerator,
    ...Object.fromEntries(
      byBits.map((column) => [`#${column.bitsPerWeight} bit`, (each: AcceleratorFit) => cell(fitIn(each, column))]),
    ),
    'one user, one card': ({ oneUser }) => oneUser?.scheme ?? '',
  };
  const legend = [
    'fewest cards x sequences that memory holds on them; ~ runs slowly; - fits on no group; blank: does not run',
    ...byBits.map(({ bitsPerWeight, schemes }) => `${bitsPerWeight} bit: ${schemes.join(', ')}`),
    ...(fitting.length === fits.length ? [] : [`fits on none of ${counted(fits.length - fitting.length, 'other')}`]),
  ];
  return [
    gap,
    head,
    ...(fitting.length === 0 ? [] : [grid(onEach, fitting)]),
    ...legend.map((text) => indented(text, 2, { hang: 0 })),
  ];
}

function cell(fit: CardFit | null): string {
  if (fit === null || fit.runs === 'none') return '';
  return fit.cards === null || fit.sequences === null ? '-' : fitText(fit);
}

const schemeColumns: Grid<CardFit> = {
  scheme: ({ scheme }) => scheme,
  runs: ({ runs }) => runs,
  '#bits/weight': ({ bitsPerWeight }) => figure(bitsPerWeight),
  '#cards': ({ cards }) => cards ?? '-',
  '#sequences': ({ sequences }) => (sequences === null ? '-' : grouped(sequences)),
  '': ({ batchedServing }) => (batchedServing ? '' : 'one user at a time'),
};

/** The same, whole: every accelerator and scheme; null is unknown, or does not apply. */
export function modelSheetJson({ prices, sheet, origin }: ModelAnswer): string {
  const { summary, contextTokens, schemes, caches, kv, sequences, fits, measurements } = sheet;
  const whole = {
    schemes,
    kvCache: {
      perToken: kv,
      sequences: sequences.map(({ tokens, bytes }) => ({
        tokens,
        bytes: Object.fromEntries(cacheBits.map((bits, at) => [`at${bits}Bit`, bytes[at] ?? null])),
      })),
      schemes: caches,
    },
    fits: fits.map(({ accelerator: { accelerator, vendor, kind, memoryGib }, oneUser, schemes: each }) => ({
      ...{ accelerator, vendor, kind, memoryGib, oneUserScheme: oneUser?.scheme ?? null, schemes: each },
    })),
    measurements,
  };
  const models = [{ ...modelJson(summary, origin), ...roundedTree(whole) }];
  return jsonText({ schemaVersion: '1.0.0', prices, contextTokens, fitsOn: null, unknownFits: [], models });
}
