import type { CardFit } from '../capacity/hardware.js';
import type { ModelSummary } from '../capacity/models.js';
import type { CapabilityRow } from '../tables/rows.js';
import { type CsvColumns, csvTable } from './csv.js';
import { type Column, gap, indented, line, narrow, table } from './document.js';
import { jsonText } from './json.js';
import { counted, grouped } from './numbers.js';
import {
  ageText,
  figure,
  originTexts,
  type PriceDate,
  type RowOrigin,
  roundedTree,
  sheetText,
  unknown,
  word,
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
  models: readonly { summary: ModelSummary; origin: RowOrigin }[];
};

type Cell = Column & {
  show: (summary: ModelSummary) => string;
  /** Gives way to what a model fits as. */
  unlessFits?: true;
};

const tokensPerK = 1024;
const bytesPerKib = 1024;
const bytesPerGb = 1e9;

const cells: readonly Cell[] = [
  { title: 'model', show: ({ model }) => model.family },
  { title: 'vendor', show: ({ model }) => model.vendor },
  { title: 'date', show: ({ model }) => model.released },
  { title: 'params', number: true, show: parameters },
  { title: 'attn', unlessFits: true, show: ({ model }) => word(model.attentionType) },
  { title: 'lay', unlessFits: true, number: true, show: ({ model }) => figure(model.layers) },
  { title: 'ctx', number: true, show: ({ model }) => figure(model.maxContext, (tokens) => plain(tokens / tokensPerK)) },
  {
    title: 'KV',
    number: true,
    show: ({ kvBytesPerToken }) => figure(kvBytesPerToken, (of) => plain(of / bytesPerKib)),
  },
  { title: 'bf16', unlessFits: true, number: true, show: ({ bf16Bytes }) => plain(bf16Bytes / bytesPerGb) },
  {
    title: 'own',
    number: true,
    show: ({ native }) => figure(native?.bytes ?? null, (bytes) => plain(bytes / bytesPerGb)),
  },
  { title: 'use', show: ({ model }) => (model.commercialUse === 'conditional' ? 'cond' : word(model.commercialUse)) },
  { title: 'cap', number: true, show: ({ index, capability }) => indexText(index, capability) },
  {
    title: 'fits as',
    show: ({ fit }) => (fit === null ? '' : `${fit.scheme} ${fitText(fit)}`),
  },
];

const unitLegend = [
  'use = commercial use, cond = under conditions of the license; cap = capability index, t = thinking',
  `${unknown} is unknown; --format csv has the license and more; models NAME has all of one model`,
];

/** One line a model. `detail` adds license, source, confidence and note below each. */
export function modelListTable(listing: ModelListing, detail: boolean): string {
  const { prices, contextTokens, fitsOn, unknownFits, models } = listing;
  const length = `${grouped(contextTokens)} tokens`;
  const title = fitsOn === null ? '' : ` on ${fitsOn} with ${length} each`;
  const head = `${counted(models.length, 'model')}${title}, tables of ${prices.snapshot} (${ageText(prices)})`;
  const shown = cells.filter(({ unlessFits }) => fitsOn === null || unlessFits === undefined);
  const rows = models.map(({ summary, origin }) => ({
    cells: shown.map(({ show }) => show(summary)),
    below: detail ? [indented(`license ${word(summary.model.license)}`, 2), ...originTexts(origin)] : [],
  }));
  const body = models.length === 0 ? line('no model of the tables is like that') : table(narrow(shown), rows);
  const legend = [
    ...(unknownFits.length === 0 ? [] : [`without layers in the tables, so nobody knows: ${unknownFits.join(', ')}`]),
    ...(models.length === 0 ? [] : [...legendOf(fitsOn, length), ...unitLegend]),
  ].map((words) => indented(words, 0, { hang: 0 }));
  return sheetText([line(head), gap, body, ...(legend.length === 0 ? [] : [gap, ...legend])]);
}

const legendOf = (fitsOn: string | null, length: string): string[] => [
  `date of release; params in 1e9, total/active; ${fitsOn === null ? 'lay = layers; ' : ''}ctx = longest context in 1,024 tokens`,
  `KV = KiB of cache a token takes at 16 bit, mean over a sequence of ${length}`,
  fitsOn === null
    ? 'bf16, own = GB (1e9) of the weights at 16 bit, and in the format of the release'
    : 'own = GB (1e9) of the weights in the format of the release',
  ...(fitsOn === null ? [] : ['fits as = scheme, fewest cards x sequences that memory holds on them; ~ runs slowly']),
];

/** Fewest cards, the sequences on them, and whether it is slow: `2x 14`. */
export const fitText = ({ cards, sequences, runs }: CardFit): string =>
  `${figure(cards)}x ${figure(sequences, String)}${runs === 'slow' ? '~' : ''}`;

/** Total, and active where that differs: `671/37`. */
function parameters({ model: { paramsTotalB, paramsActiveB } }: Pick<ModelSummary, 'model'>): string {
  return paramsActiveB === paramsTotalB ? plain(paramsTotalB) : `${plain(paramsTotalB)}/${plain(paramsActiveB)}`;
}

/** Three digits, as a narrow column has room for. */
function plain(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return String(Number(value < 1 ? value.toFixed(2) : value.toPrecision(3)));
}

function indexText(index: number | null, capability: CapabilityRow | null): string {
  return index === null ? unknown : `${index.toFixed(0)}${capability?.mode === 'thinking' ? 't' : ''}`;
}

/** All that is known of the models, null where it is unknown; `fit` is null unless a machine was named. */
export function modelListJson({ prices, contextTokens, fitsOn, unknownFits, models }: ModelListing): string {
  return jsonText({
    schemaVersion: '1.0.0',
    prices,
    contextTokens,
    fitsOn,
    unknownFits,
    models: models.map(({ summary, origin }) => modelJson(summary, origin)),
  });
}

/** One model, as both the list and the sheet have it. */
export function modelJson(summary: ModelSummary, origin: RowOrigin): Record<string, unknown> {
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
  }) as Record<string, unknown>;
}

const csvColumns: CsvColumns<ModelListing['models'][number]> = {
  family: ({ summary }) => summary.model.family,
  vendor: ({ summary }) => summary.model.vendor,
  released: ({ summary }) => summary.model.released,
  params_total_b: ({ summary }) => summary.model.paramsTotalB,
  params_active_b: ({ summary }) => summary.model.paramsActiveB,
  attention_type: ({ summary }) => summary.model.attentionType,
  layers: ({ summary }) => summary.model.layers,
  max_context: ({ summary }) => summary.model.maxContext,
  kv_bytes_per_token: ({ summary }) => summary.kvBytesPerToken,
  bf16_bytes: ({ summary }) => summary.bf16Bytes,
  native_dtype: ({ summary }) => summary.model.nativeDtype,
  native_bytes: ({ summary }) => summary.native?.bytes ?? null,
  license: ({ summary }) => summary.model.license,
  commercial_use: ({ summary }) => summary.model.commercialUse,
  capability_index: ({ summary }) => summary.capability?.index ?? null,
  capability_mode: ({ summary }) => summary.capability?.mode ?? null,
  judged_index: ({ summary }) => summary.index,
  fit_scheme: ({ summary }) => summary.fit?.scheme ?? null,
  fit_cards: ({ summary }) => summary.fit?.cards ?? null,
  fit_sequences: ({ summary }) => summary.fit?.sequences ?? null,
  confidence: ({ origin }) => origin.confidence,
  source: ({ origin }) => origin.source,
  note: ({ origin }) => origin.note,
};

/** The list with an empty cell where something is unknown. */
export const modelListCsv = ({ models }: ModelListing): string => csvTable(csvColumns, models);
