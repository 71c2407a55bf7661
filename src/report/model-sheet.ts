import type { AcceleratorFit, ModelSheet, SchemeFacts } from '../capacity/model-sheet.js';
import { cacheBits } from '../capacity/model-sheet.js';
import type { CapabilityRow } from '../tables/rows.js';
import { figure, gb, gib, roundedTree, short, unknown, word } from './figures.js';
import { fitGrid } from './fit-grid.js';
import { grid } from './grid.js';
import { jsonText } from './json-text.js';
import { measuredBlock } from './measured.js';
import { listWidth, modelJson } from './models.js';
import { decimal, grouped, percent } from './number-text.js';
import { originLines, type RowOrigin } from './origin.js';
import { ageText, type PriceDate } from './price-date.js';
import { wrap } from './wrap.js';

/** One model, in all that follows from its row. */
export type ModelAnswer = { prices: PriceDate; sheet: ModelSheet; origin: RowOrigin };

const number = (title: string) => ({ title, number: true as const });
const megabyte = 1e6;
const nameWidth = 14;

/** The sheet of one model. `detail` adds where its row comes from, and measurements' sources. */
export function modelSheetTable({ prices, sheet, origin }: ModelAnswer, detail: boolean): string {
  const { model } = sheet.summary;
  const head = `${model.family} (${model.vendor}), released ${model.released}; as of ${prices.snapshot} (${ageText(prices)})\n`;
  const from = detail ? [`Source\n${paragraphs(originLines(origin))}`] : [];
  return [
    head,
    facts(sheet),
    cache(sheet),
    weights(sheet),
    ...fitGrid(sheet),
    ...measuredBlock(sheet.measurements, 'accelerator', detail),
    ...from,
    `${unknown} is unknown; GB is 1e9 bytes, GiB 2^30\n`,
  ].join('\n');
}

function facts({ summary }: ModelSheet): string {
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
  return lines([
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
  ]);
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

function lines(facts: readonly (readonly [string, string])[]): string {
  return facts
    .flatMap(([name, text]) => {
      const [first = '', ...rest] = wrap(text, listWidth - nameWidth);
      return [`${name.padEnd(nameWidth)}${first}`, ...rest.map((line) => ' '.repeat(nameWidth) + line)];
    })
    .map((line) => `${line}\n`)
    .join('');
}

const paragraphs = (texts: readonly string[]): string =>
  texts.flatMap((text) => wrap(text, listWidth - 4).map((line, at) => `${at === 0 ? '  ' : '    '}${line}\n`)).join('');

function cache({ kv, sequences, caches, summary }: ModelSheet): string {
  if (kv.length === 0) return `KV cache\n  ${unknown}: the tables do not have the layers of this model\n`;
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
  const table = grid([{ title: '' }, ...cacheBits.map((bits) => number(`${bits} bit`))], rows);
  const losses = caches
    .filter(({ loss }) => loss !== null)
    .map(
      ({ scheme, loss }) =>
        `${scheme} ${decimal(loss?.likely ?? 0)} (${decimal(loss?.low ?? 0)} to ${decimal(loss?.high ?? 0)})`,
    );
  const lost = losses.length === 0 ? '' : paragraphs([`index points lost to the cache: ${losses.join(', ')}`]);
  return `KV cache\n${table}${lost}`;
}

function weights({ schemes }: ModelSheet): string {
  const columns = [
    { title: 'scheme' },
    number('bits/weight'),
    number('GB'),
    number('GiB'),
    number('index lost'),
    { title: 'range' },
    number('index left'),
    { title: '' },
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
  return `Weights\n${grid(columns, rows)}`;
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
