import type { CardFit } from '../capacity/hardware.js';
import { type AcceleratorFit, cacheBits, type ModelSheet, type SchemeFacts } from '../capacity/models.js';
import { fitColumns, fitIn } from '../capacity/select.js';
import type { CapabilityRow } from '../tables/rows.js';
import { type Document, gap, indented, line, numberColumns, paragraph, table, textColumns } from './document.js';
import { jsonText } from './json.js';
import { fitText, modelJson } from './models.js';
import { counted, decimal, grouped, percent } from './numbers.js';
import {
  ageText,
  figure,
  gb,
  gib,
  measuredTable,
  originTexts,
  type PriceDate,
  type RowOrigin,
  roundedTree,
  sheetText,
  short,
  unknown,
  word,
} from './sheets.js';

/** One model, in all that follows from its row. */
export type ModelAnswer = { prices: PriceDate; sheet: ModelSheet; origin: RowOrigin };

const megabyte = 1e6;
const nameWidth = 14;

/** The sheet of one model. `detail` adds where its row comes from, and measurements' sources. */
export function modelSheetTable({ prices, sheet, origin }: ModelAnswer, detail: boolean): string {
  const { model } = sheet.summary;
  const about = `${model.family} (${model.vendor}), released ${model.released}; as of ${prices.snapshot} (${ageText(prices)})`;
  return sheetText([
    line(about),
    gap,
    ...facts(sheet),
    gap,
    ...cacheTable(sheet),
    gap,
    ...weightsTable(sheet),
    ...fitsTable(sheet),
    ...measuredTable(sheet.measurements, 'accelerator', detail),
    ...(detail ? [gap, line('Source'), ...originTexts(origin)] : []),
    gap,
    line(`${unknown} is unknown; GB is 1e9 bytes, GiB 2^30`),
  ]);
}

function facts({ summary }: ModelSheet): Document {
  const { model, capability } = summary;
  const heads =
    model.attentionHeads === null
      ? []
      : [`${model.attentionHeads} heads`, `${figure(model.kvHeads)} KV heads`, `head size ${figure(model.headDim)}`];
  const window = model.slidingWindowTokens === null ? [] : [`window ${grouped(model.slidingWindowTokens)} tokens`];
  const experts =
    model.expertsTotal === null
      ? []
      : [`${model.expertsTotal} experts, ${figure(model.expertsActive)} active, ${figure(model.sharedExperts)} shared`];
  const rows: [string, string][] = [
    ['license', `${word(model.license)}; commercial use: ${word(model.commercialUse)}`],
    ['parameters', [`${exact(model.paramsTotalB)}e9, ${exact(model.paramsActiveB)}e9 active`, ...experts].join('; ')],
    [
      'layers',
      `${figure(model.layers)}; hidden size ${figure(model.hiddenSize)}, vocabulary ${figure(model.vocabSize)}`,
    ],
    ['attention', [word(model.attentionType), ...heads, ...window].join(', ')],
    ['context', `${figure(model.maxContext, grouped)} tokens`],
    ['format', `${word(model.nativeDtype)}; ${model.modalities.join(', ')}`],
    ['capability', capability === null ? unknown : capabilityText(capability)],
  ];
  return rows.map(([name, words]) => paragraph(name, words, { indent: nameWidth }));
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

const exact = (value: number): string => String(value);

function cacheTable({ kv, sequences, caches, summary }: ModelSheet): Document {
  const head = line('KV cache');
  if (kv.length === 0) return [head, line(`  ${unknown}: the tables do not have the layers of this model`)];
  const window = summary.model.slidingWindowTokens;
  const perToken: [string, (at: number) => string][] = [
    ['token, full attention, bytes', (at) => figure(kv[at]?.perTokenFull ?? null, grouped)],
    [
      `token, windowed${window === null ? '' : ` (first ${grouped(window)})`}, bytes`,
      (at) => figure(kv[at]?.perTokenWindowed ?? null, grouped),
    ],
    ['sequence, fixed state, bytes', (at) => figure(kv[at]?.statePerSequence ?? null, grouped)],
    ...sequences.map(({ tokens, bytes }): [string, (at: number) => string] => [
      `sequence of ${grouped(tokens)} tokens, MB`,
      (at) => figure(bytes[at] ?? null, (each) => short(each / megabyte)),
    ]),
  ];
  const rows = perToken.map(([name, value]) => [name, ...cacheBits.map((_, at) => value(at))]);
  const losses = caches
    .filter(({ loss }) => loss !== null)
    .map(
      ({ scheme, loss }) =>
        `${scheme} ${decimal(loss?.likely ?? 0)} (${decimal(loss?.low ?? 0)} to ${decimal(loss?.high ?? 0)})`,
    );
  return [
    head,
    table([...textColumns(''), ...numberColumns(...cacheBits.map((bits) => `${bits} bit`))], rows),
    ...(losses.length === 0 ? [] : [indented(`index points lost to the cache: ${losses.join(', ')}`, 2)]),
  ];
}

function weightsTable({ schemes }: ModelSheet): Document {
  const columns = [
    ...textColumns('scheme'),
    ...numberColumns('bits/weight', 'GB', 'GiB', 'index lost'),
    ...textColumns('range'),
    ...numberColumns('index left'),
    ...textColumns(''),
  ];
  const rows = schemes.map((each) => [
    each.scheme,
    figure(each.bitsPerWeight),
    figure(each.bytes, gb),
    figure(each.bytes, gib),
    figure(each.loss?.likely ?? null, points),
    each.loss === null ? unknown : `${points(each.loss.low)} to ${points(each.loss.high)}`,
    figure(each.index, (index) => index.toFixed(1)),
    remarks(each),
  ]);
  return [line('Weights'), table(columns, rows)];
}

const points = (index: number): string => index.toFixed(2);

const remarks = ({ native, batchedServing }: SchemeFacts): string =>
  [...(native ? ['as released'] : []), ...(batchedServing ? [] : ['one user at a time'])].join(', ');

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
    fits: fits.map(fitJson),
    measurements,
  };
  return jsonText({
    schemaVersion: '1.0.0',
    prices,
    contextTokens,
    fitsOn: null,
    unknownFits: [],
    models: [{ ...modelJson(summary, origin), ...(roundedTree(whole) as typeof whole) }],
  });
}

const fitJson = ({ accelerator, schemes, oneUser }: AcceleratorFit) => ({
  accelerator: accelerator.accelerator,
  vendor: accelerator.vendor,
  kind: accelerator.kind,
  memoryGib: accelerator.memoryGib,
  oneUserScheme: oneUser?.scheme ?? null,
  schemes,
});

/** What a model fits on: all accelerators by bits per weight, or one of them scheme by scheme. */
function fitsTable({ fits, contextTokens, summary }: ModelSheet): Document {
  const [only, ...others] = fits;
  if (only === undefined) return [];
  const length = `with a context of ${grouped(contextTokens)} tokens`;
  const head = line(`Fits on, ${length}`);
  if (summary.model.layers === null) return [gap, head, line(`  ${unknown}`)];
  if (others.length === 0) return [gap, ...oneAccelerator(only, length)];
  const columns = fitColumns(fits);
  const fitting = fits.filter(
    (each) => each.oneUser !== null || columns.some((column) => fitIn(each, column)?.fits === true),
  );
  const rows = fitting.map((each) => [
    each.accelerator.accelerator,
    ...columns.map((column) => cell(fitIn(each, column))),
    each.oneUser === null ? '' : `${each.oneUser.scheme}`,
  ]);
  const bits = columns.map(({ bitsPerWeight }) => `${bitsPerWeight} bit`);
  const legend = [
    'fewest cards x sequences that memory holds on them; ~ runs slowly; - fits on no group; blank: does not run',
    ...columns.map(({ bitsPerWeight, schemes }) => `${bitsPerWeight} bit: ${schemes.join(', ')}`),
    ...(fitting.length === fits.length ? [] : [`fits on none of ${counted(fits.length - fitting.length, 'other')}`]),
  ];
  return [
    gap,
    head,
    ...(fitting.length === 0
      ? []
      : [
          table([...textColumns('accelerator'), ...numberColumns(...bits), ...textColumns('one user, one card')], rows),
        ]),
    ...legend.map((words) => indented(words, 2, { hang: 0 })),
  ];
}

function cell(fit: CardFit | null): string {
  if (fit === null || fit.runs === 'none') return '';
  if (fit.cards === null || fit.sequences === null) return '-';
  return fitText(fit);
}

function oneAccelerator({ accelerator, schemes }: ModelSheet['fits'][number], length: string): Document {
  const columns = [
    ...textColumns('scheme', 'runs'),
    ...numberColumns('bits/weight', 'cards', 'sequences'),
    ...textColumns(''),
  ];
  const rows = schemes.map((fit) => [
    fit.scheme,
    fit.runs,
    figure(fit.bitsPerWeight),
    fit.cards === null ? '-' : String(fit.cards),
    fit.sequences === null ? '-' : grouped(fit.sequences),
    fit.batchedServing ? '' : 'one user at a time',
  ]);
  return [
    line(`Fits on ${accelerator.accelerator}, ${length}`),
    table(columns, rows),
    line('  fewest cards of one group, - fits on none'),
  ];
}
