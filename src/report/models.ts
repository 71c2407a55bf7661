import type { CardFit } from '../capacity/hardware.js';
import { cacheBits, type ModelSheet, type ModelSummary } from '../capacity/models.js';
import { type Document, indented, line, numberColumns, separated, table, textColumns } from './document.js';
import { counted, decimal, grouped, percent } from './numbers.js';
import type { CsvColumns } from './printable.js';
import {
  ageText,
  catalogCells,
  factLines,
  figure,
  footOf,
  type Grid,
  gb,
  gib,
  grid,
  measuredTable,
  originCells,
  originTexts,
  type PriceDate,
  type RowOrigin,
  sheetText,
  short,
  unknown,
  word,
} from './sheets.js';

/** Models of the tables as of one snapshot, as JSON has them. */
type ModelListing = {
  prices: PriceDate;
  /** Length of a sequence that cache and fit are figured for. */
  contextTokens: number;
  /** The machine they should fit on, in words. */
  fitsOn: string | null;
  /** Families of which nobody knows whether they fit. */
  unknownFits: readonly string[];
  models: readonly (ModelSummary & RowOrigin)[];
};

const tokensPerK = 1024;
const bytesPerKib = 1024;
const bytesPerGb = 1e9;
const megabyte = 1e6;

/** Three digits, as a narrow column has room for. */
function plain(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return String(Number(value < 1 ? value.toFixed(2) : value.toPrecision(3)));
}

/** Total, and active where that differs: `671/37`. */
const parameters = ({ paramsTotalB: all, paramsActiveB: active }: ModelSummary): string =>
  active === all ? plain(all) : `${plain(all)}/${plain(active)}`;

/** Fewest cards, the sequences on them, and whether it is slow: `2x 14`. */
const fitText = ({ cards, sequences, runs }: Omit<CardFit, 'fits' | 'bitsPerWeight' | 'batchedServing'>): string =>
  `${figure(cards)}x ${figure(sequences, String)}${runs === 'slow' ? '~' : ''}`;

/** The list as CSV: an empty cell where something is unknown. */
export const modelCells: CsvColumns<ModelSummary & RowOrigin> = {
  ...catalogCells<ModelSummary>('models', 'family', 'vendor', 'released', 'paramsTotalB', 'paramsActiveB'),
  ...catalogCells<ModelSummary>('models', 'attentionType', 'layers', 'maxContext'),
  kv_bytes_per_token: ({ kvBytesPerToken }) => kvBytesPerToken,
  bf16_bytes: ({ weightBytes }) => weightBytes.bf16,
  ...catalogCells<ModelSummary>('models', 'nativeDtype'),
  native_bytes: ({ weightBytes }) => weightBytes.native,
  ...catalogCells<ModelSummary>('models', 'license', 'commercialUse'),
  capability_index: ({ capability }) => capability?.index,
  capability_mode: ({ capability }) => capability?.mode,
  judged_index: ({ judgedIndex }) => judgedIndex,
  fit_scheme: ({ fit }) => fit?.scheme,
  fit_cards: ({ fit }) => fit?.cards,
  fit_sequences: ({ fit }) => fit?.sequences,
  ...originCells,
};

const gigabytes = (bytes: number): string => plain(bytes / bytesPerGb);

/** Columns of the list; some are left out for the fit. */
const columns = (isFit: boolean): Grid<ModelSummary> => ({
  model: ({ family }) => family,
  vendor: ({ vendor }) => vendor,
  date: ({ released }) => released,
  '#params': parameters,
  ...(!isFit && { attn: ({ attentionType }) => attentionType, '#lay': ({ layers }) => layers }),
  '#ctx': ({ maxContext }) => figure(maxContext, (tokens) => plain(tokens / tokensPerK)),
  '#KV': ({ kvBytesPerToken }) => figure(kvBytesPerToken, (bytes) => plain(bytes / bytesPerKib)),
  ...(!isFit && { '#bf16': ({ weightBytes }) => gigabytes(weightBytes.bf16) }),
  '#own': ({ weightBytes }) => figure(weightBytes.native, gigabytes),
  use: ({ commercialUse }) => (commercialUse === 'conditional' ? 'cond' : commercialUse),
  '#cap': ({ judgedIndex, capability }) =>
    figure(judgedIndex, (of) => `${of.toFixed(0)}${capability?.mode === 'thinking' ? 't' : ''}`),
  'fits as': ({ fit }) => (fit === null ? '' : `${fit.scheme} ${fitText(fit)}`),
});

/** One line a model. `detail` adds license, source, confidence and note below each. */
export function modelListTable({ prices, contextTokens, fitsOn, unknownFits, models }: ModelListing, detail: boolean) {
  const length = `${grouped(contextTokens)} tokens`;
  const title = fitsOn === null ? '' : ` on ${fitsOn} with ${length} each`;
  const head = `${counted(models.length, 'model')}${title}, tables of ${prices.snapshot} (${ageText(prices)})`;
  const below = (model: ModelSummary & RowOrigin) => [
    indented(`license ${word(model.license)}`, 2),
    ...originTexts(model),
  ];
  const unclear = `without layers in the tables, so nobody knows: ${unknownFits.join(', ')}`;
  const legend = [...(unknownFits.length > 0 ? [unclear] : []), ...(models.length > 0 ? legendOf(fitsOn, length) : [])];
  return sheetText(
    separated([
      [line(head)],
      models.length === 0
        ? [line('no model of the tables is like that')]
        : [grid(columns(fitsOn !== null), models, { isNarrow: true, ...(detail && { below }) })],
      legend.map((text) => indented(text, 0, { hang: 0 })),
    ]),
  );
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

/** The sheet of one model. `detail` adds the source of its row and of measurements. */
export function modelSheetTable(
  prices: PriceDate,
  contextTokens: number,
  model: ModelSummary & RowOrigin & ModelSheet,
  detail: boolean,
): string {
  const { family, vendor, released, schemes, measurements } = model;
  return sheetText(
    separated([
      [line(`${family} (${vendor}), released ${released}; as of ${prices.snapshot} (${ageText(prices)})`)],
      factsOf(model),
      cacheTable(model),
      [line('Weights'), grid(weightColumns, schemes)],
      fitsTable(model, contextTokens),
      measuredTable(measurements, 'accelerator', detail),
      footOf(model, detail),
    ]),
  );
}

function factsOf(model: ModelSummary): Document {
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
  return factLines({
    license: `${word(model.license)}; commercial use: ${word(model.commercialUse)}`,
    parameters: [`${model.paramsTotalB}e9, ${model.paramsActiveB}e9 active`, ...experts].join('; '),
    layers: `${figure(model.layers)}; hidden size ${figure(model.hiddenSize)}, vocabulary ${figure(model.vocabSize)}`,
    attention: [word(model.attentionType), ...heads, ...window].join(', '),
    context: `${figure(model.maxContext, grouped)} tokens`,
    format: `${word(model.nativeDtype)}; ${model.modalities.join(', ')}`,
    capability: model.capability === null ? unknown : capabilityText(model.capability),
  });
}

function capabilityText(capability: NonNullable<ModelSummary['capability']>): string {
  const { index, low, high, mode, standard, thinking, reasoningTokenShare: share, judgedByLowEnd } = capability;
  return [
    `${index} (80 % band ${low} to ${high}), ${mode}`,
    `standard ${figure(standard)}, thinking ${figure(thinking)}`,
    ...(share ? [`${percent(share)} of output is reasoning`] : []),
    ...(judgedByLowEnd ? ['judged by the low end'] : []),
  ].join('; ');
}

function cacheTable({
  kvCache: { perToken, sequences, schemes },
  slidingWindowTokens,
}: ModelSheet & ModelSummary): Document {
  const head = line('KV cache');
  if (perToken.length === 0) return [head, line(`  ${unknown}: the tables do not have the layers of this model`)];
  const first = slidingWindowTokens === null ? '' : ` (first ${grouped(slidingWindowTokens)})`;
  const rows = [
    ['token, full attention, bytes', ...perToken.map(({ perTokenFull }) => grouped(perTokenFull))],
    [`token, windowed${first}, bytes`, ...perToken.map(({ perTokenWindowed }) => grouped(perTokenWindowed))],
    ['sequence, fixed state, bytes', ...perToken.map(({ statePerSequence }) => grouped(statePerSequence))],
    ...sequences.map(({ tokens, bytes }) => [
      `sequence of ${grouped(tokens)} tokens, MB`,
      ...Object.values(bytes).map((each) => short(each / megabyte)),
    ]),
  ];
  const losses = schemes.flatMap(({ scheme, loss }) =>
    loss === null ? [] : [`${scheme} ${decimal(loss.likely)} (${decimal(loss.low)} to ${decimal(loss.high)})`],
  );
  return [
    head,
    table([...textColumns(''), ...numberColumns(...cacheBits.map((bits) => `${bits} bit`))], rows),
    ...(losses.length === 0 ? [] : [indented(`index points lost to the cache: ${losses.join(', ')}`, 2)]),
  ];
}

const points = (index: number): string => index.toFixed(2);

const weightColumns: Grid<ModelSheet['schemes'][number]> = {
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

/** What a model fits on: all accelerators by bits per weight, or one by scheme. */
function fitsTable({ fits, schemes, layers }: ModelSheet & ModelSummary, contextTokens: number): Document {
  const [only, ...others] = fits;
  if (only === undefined) return [];
  const isOne = others.length === 0 && layers !== null;
  const machine = isOne ? ` ${only.accelerator}` : '';
  const head = line(`Fits on${machine}, with a context of ${grouped(contextTokens)} tokens`);
  if (layers === null) return [head, line(`  ${unknown}`)];
  if (isOne) return [head, grid(schemeColumns, only.schemes), line('  fewest cards of one group, - fits on none')];
  const byBits = sharedByBits(schemes);
  const fitting = fits.filter(
    (each) => each.oneUserScheme !== null || byBits.some(({ names }) => bestOf(each, names)?.fits),
  );
  const onEach: Grid<MachineFit> = {
    accelerator: ({ accelerator }) => accelerator,
    ...Object.fromEntries(
      byBits.map(({ bits, names }) => [`#${bits} bit`, (each: MachineFit) => cell(bestOf(each, names))]),
    ),
    'one user, one card': ({ oneUserScheme }) => oneUserScheme ?? '',
  };
  const legend = [
    'fewest cards x sequences that memory holds on them; ~ runs slowly; - fits on no group; blank: does not run',
    ...byBits.map(({ bits, names }) => `${bits} bit: ${names.join(', ')}`),
    ...(fitting.length === fits.length ? [] : [`fits on none of ${counted(fits.length - fitting.length, 'other')}`]),
  ];
  return [
    head,
    ...(fitting.length === 0 ? [] : [grid(onEach, fitting)]),
    ...legend.map((text) => indented(text, 2, { hang: 0 })),
  ];
}

type MachineFit = ModelSheet['fits'][number];

/** Schemes for many requests, by bits per weight, most first; equal bits need equal memory. */
function sharedByBits(schemes: ModelSheet['schemes']) {
  const shared = schemes.filter(({ batchedServing, bitsPerWeight }) => batchedServing && bitsPerWeight !== null);
  const all = [...new Set(shared.map(({ bitsPerWeight }) => Number(bitsPerWeight)))].sort((a, b) => b - a);
  return all.map((bits) => ({
    bits,
    names: shared.filter(({ bitsPerWeight }) => bitsPerWeight === bits).map(({ scheme }) => scheme),
  }));
}

const best: readonly CardFit['runs'][] = ['native', 'weight-only', 'slow', 'none'];

/** How one of the schemes fits: the one that runs best. */
const bestOf = ({ schemes }: MachineFit, names: readonly string[]): CardFit | undefined =>
  schemes.filter(({ scheme }) => names.includes(scheme)).sort((a, b) => best.indexOf(a.runs) - best.indexOf(b.runs))[0];

function cell(fit: CardFit | undefined): string {
  if (fit === undefined || fit.runs === 'none') return '';
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
