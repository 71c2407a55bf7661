import type { HardwareSheet, HardwareSummary, ModelsThatFit, SchemeOnHardware } from '../capacity/hardware.js';
import { perCard } from '../tables/offers.js';
import { settablePrices } from '../tables/price-columns.js';
import type { AcceleratorRow, RentalRow } from '../tables/rows.js';
import { type Document, gap, line, paragraph } from './document.js';
import { jsonText } from './json.js';
import { counted, grouped } from './numbers.js';
import {
  ageText,
  figure,
  figures,
  footOf,
  type Grid,
  gb,
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
  words,
} from './sheets.js';
import { wrap } from './wrap.js';

/** Hardware of the tables as of one snapshot. */
export type HardwareListing = { prices: PriceDate; hardware: readonly ListRow<HardwareSummary>[] };

const tera = 1e12;
const nameWidth = 14;
const namesWidth = 40;

/** The least price on demand, by the card. */
const usdPerHour = (row: RentalRow | null): number | null => row && perCard(row).onDemand;
const hourly = (usd: number): string => usd.toFixed(usd < 0.1 ? 3 : 2);
const market = ({ tenancy }: RentalRow): string => (tenancy === 'marketplace' ? '*' : '');
const linkText = ({ interconnect, interconnectGBs }: AcceleratorRow): string =>
  interconnect === 'none' ? '-' : `${interconnect} ${interconnectGBs}`;

type Field = keyof AcceleratorRow;
/** A column of the catalog as it is. */
const fact = (header: string, field: Field, title?: string, show?: (row: HardwareSummary) => string) =>
  words<HardwareSummary>(header, ({ accelerator }) => accelerator[field] as string | null, title, show);
const amount = (header: string, field: Field, title?: string) =>
  figures<HardwareSummary>(header, ({ accelerator }) => accelerator[field] as number | null, title);

const columns: readonly ListColumn<HardwareSummary>[] = [
  fact('accelerator', 'accelerator', 'accelerator'),
  fact('vendor', 'vendor', 'vendor'),
  fact('kind', 'kind'),
  fact('architecture', 'architecture'),
  amount('memory_gib', 'memoryGib', 'GiB'),
  amount('bandwidth_gb_s', 'bandwidthGBs', 'GB/s'),
  amount('fp16_tflops', 'fp16Tflops', 'fp16'),
  amount('fp8_tflops', 'fp8Tflops', 'fp8'),
  amount('int8_tops', 'int8Tops'),
  amount('fp4_tflops', 'fp4Tflops', 'fp4'),
  fact('interconnect', 'interconnect', 'link', ({ accelerator }) => linkText(accelerator)),
  amount('interconnect_gb_s', 'interconnectGBs'),
  amount('tdp_w', 'tdpW', 'W'),
  amount('idle_w', 'idleW'),
  fact('released', 'released', 'date'),
  amount('list_price_usd', 'listPriceUsd', 'USD'),
  fact('price_as_of', 'priceAsOf'),
  figures('rental_rows', ({ rentals }) => rentals.length),
  figures(
    'cheapest_usd_per_gpu_hour',
    ({ cheapest }) => usdPerHour(cheapest),
    'USD/h',
    ({ cheapest, rentals }) => (rentals.length === 0 ? '-' : figure(usdPerHour(cheapest), hourly)),
  ),
  words(
    'cheapest_provider',
    ({ cheapest }) => cheapest?.provider ?? null,
    'at',
    ({ cheapest }) => (cheapest === null ? '' : `${cheapest.provider}${market(cheapest)}`),
  ),
  words('cheapest_tenancy', ({ cheapest }) => cheapest?.tenancy ?? null),
  figures('cheapest_cloud_usd_per_gpu_hour', ({ cheapestCloud }) => usdPerHour(cheapestCloud)),
  words('cheapest_cloud_provider', ({ cheapestCloud }) => cheapestCloud?.provider ?? null),
];

/** One line each, a table for each kind. `detail` adds source, confidence and note below each. */
export function hardwareListTable({ prices, hardware }: HardwareListing, detail: boolean): string {
  const head = line(`${counted(hardware.length, 'accelerator')}, prices ${prices.snapshot} (${ageText(prices)})`);
  if (hardware.length === 0) return sheetText([head, gap, line('no hardware of the tables is like that')]);
  const kinds = [...new Set(hardware.map(({ summary }) => summary.accelerator.kind))];
  const ofKind = (kind: string) => hardware.filter(({ summary }) => summary.accelerator.kind === kind);
  return sheetText([
    head,
    ...kinds.flatMap((kind) => [gap, line(kind), listTable(columns, ofKind(kind), detail)]),
    gap,
    line('fp16, fp8, fp4 = dense peak TFLOPS; link = between cards, GB/s; date of release; USD = list price'),
    line('USD/h = cheapest on demand for each card, in the snapshot; * a marketplace; - not rented out there'),
    line(`${unknown} is unknown; hardware NAME has all of one`),
  ]);
}

/** The list with an empty cell where something is unknown. */
export const hardwareListCsv = ({ hardware }: HardwareListing): string => listCsv(columns, hardware);

/** All that is known of the hardware, null where it is unknown. */
export function hardwareListJson({ prices, hardware }: HardwareListing): string {
  const all = hardware.map(({ summary, origin }) => hardwareJson(summary, origin));
  return jsonText({ schemaVersion: '1.0.0', prices, hardware: all });
}

/** One kind of hardware, as both the list and the sheet have it. */
function hardwareJson({ accelerator, priceIsLater, rentals, cheapest, cheapestCloud }: HardwareSummary, of: RowOrigin) {
  const { row: _, confidence: __, ...facts } = accelerator;
  return roundedTree({
    ...facts,
    listPriceIsLaterThanSnapshot: priceIsLater,
    rentalRows: rentals.length,
    cheapestOnDemand: offerJson(cheapest),
    cheapestOnDemandCloud: offerJson(cheapestCloud),
    ...of,
  });
}

function offerJson(row: RentalRow | null) {
  if (row === null) return null;
  const { provider, instanceType, gpuCount, region, tenancy } = row;
  return { usdPerGpuHour: usdPerHour(row), provider, instanceType, gpuCount, region, tenancy };
}

/** One kind of hardware, in all that follows from its row. */
export type HardwareAnswer = { prices: PriceDate; sheet: HardwareSheet; origin: RowOrigin };

/** The sheet of one kind of hardware. `detail` adds where its row comes from, and measurements' sources. */
export function hardwareSheetTable({ prices, sheet, origin }: HardwareAnswer, detail: boolean): string {
  const { accelerator: name, vendor, kind, architecture, released } = sheet.summary.accelerator;
  return sheetText([
    line(`${name} (${vendor}, ${kind}, ${architecture}), released ${released}`),
    line(`prices ${prices.snapshot} (${ageText(prices)})`),
    gap,
    ...factsOf(sheet),
    gap,
    line('Schemes (bits per weight of large models)'),
    grid(schemeColumns, sheet.schemes),
    line('  critical batch = FLOP/s x bytes per weight / (2 x bandwidth), at peak: the tokens of a step'),
    line('  from which it waits for computing, not for reading the weights'),
    gap,
    ...modelsTable(sheet),
    gap,
    ...rentalTable(sheet),
    ...measuredTable(sheet.measurements, 'family', detail),
    ...footOf(origin, detail),
  ]);
}

function factsOf({ summary, memory, opsPerByte }: HardwareSheet): Document {
  const { accelerator } = summary;
  const { memoryGib, bandwidthGBs, fp16Tflops, fp8Tflops, int8Tops, fp4Tflops, tdpW, idleW } = accelerator;
  const usable = memory.map(({ cards, usable: bytes }) => `${cards}x ${gb(bytes)}`).join(', ');
  const peaks = Object.entries({ fp16: fp16Tflops, fp8: fp8Tflops, int8: int8Tops, fp4: fp4Tflops });
  const rows = {
    memory: `${memoryGib} GiB = ${gb(memory[0]?.bytes ?? 0)} GB a card`,
    usable: `${usable} GB for weights and cache, after reserves`,
    bandwidth: `${grouped(bandwidthGBs)} GB/s`,
    compute: `${peaks.map(([name, peak]) => `${name} ${figure(peak)}`).join(', ')} TFLOPS, dense peak`,
    'ops:byte': `${short(opsPerByte)} at fp16`,
    link: accelerator.interconnect === 'none' ? 'none: cards stand alone' : `${linkText(accelerator)} GB/s`,
    power: `${figure(tdpW)} W, idle ${figure(idleW)} W`,
    'list price': listPriceText(summary),
  };
  return Object.entries(rows).map(([name, text]) => paragraph(name, text, { indent: nameWidth }));
}

/** A price range in words, or `?`. */
function listPriceText({ accelerator, priceIsLater }: HardwareSummary): string {
  const { listPriceUsd, listPriceLowUsd, listPriceHighUsd, priceAsOf } = accelerator;
  if (listPriceUsd === null) return unknown;
  const range = `${figure(listPriceLowUsd, grouped)} to ${figure(listPriceHighUsd, grouped)}`;
  const later = priceIsLater ? ', later than the snapshot' : '';
  return `${short(listPriceUsd)} USD (${range}) as of ${priceAsOf ?? unknown}${later}`;
}

const schemeColumns: Grid<SchemeOnHardware> = {
  scheme: ({ scheme }) => scheme,
  runs: ({ runs }) => runs,
  '#bits/weight': ({ bitsPerWeight }) => figure(bitsPerWeight),
  '#TFLOPS': ({ flops }) => (flops === null ? '-' : short(flops / tera)),
  '#critical batch': ({ criticalBatch }) => (criticalBatch === null ? '-' : short(criticalBatch)),
  '': ({ batchedServing }) => (batchedServing ? '' : 'one user at a time'),
};

/** Schemes whose models are the same on every number of cards share their lines. */
function modelsTable({ schemes, contextTokens, unknownModels }: HardwareSheet): Document {
  const groups = new Map<string, { names: string[]; models: readonly ModelsThatFit[] }>();
  for (const { scheme, models, runs } of schemes) {
    if (runs === 'none') continue;
    const key = models.map(({ models: count, largest }) => `${count} ${largest?.family}`).join(' ');
    const group = groups.get(key) ?? { names: [], models };
    group.names.push(scheme);
    groups.set(key, group);
  }
  const rows = [...groups.values()].flatMap(({ names, models }) => {
    const called = wrap(names.join(', '), namesWidth);
    const lines = Math.max(called.length, models.length);
    return Array.from({ length: lines }, (_, at) => ({ called: called[at] ?? '', fit: models[at] }));
  });
  const shown: Grid<(typeof rows)[number]> = {
    scheme: ({ called }) => called,
    '#cards': ({ fit }) => (fit === undefined ? '' : `${fit.cards}x`),
    '#models': ({ fit }) => fit?.models ?? '',
    largest: ({ fit }) => (fit === undefined ? '' : (fit.largest?.family ?? '-')),
    '#1e9': ({ fit }) => (fit?.largest ? short(fit.largest.paramsTotalB) : ''),
  };
  const missing = `  ${counted(unknownModels, 'more model')} without layers in the tables: unknown`;
  return [
    line(`Models that fit, with a context of ${grouped(contextTokens)} tokens`),
    grid(shown, rows),
    ...(unknownModels === 0 ? [] : [line(missing)]),
  ];
}

const rentalColumns: Grid<RentalRow> = {
  provider: (row) => `${row.provider}${market(row)}`,
  instance: ({ instanceType }) => instanceType,
  '#cards': ({ gpuCount }) => gpuCount,
  region: ({ region }) => region,
  ...Object.fromEntries(
    settablePrices('rental').map(({ word, settable }) => [
      `#${word.replace('reserved ', '')}`,
      (row: RentalRow) => figure(perCard(row)[settable], hourly),
    ]),
  ),
};

function rentalTable({ summary: { rentals, accelerator } }: HardwareSheet): Document {
  const head = line('Rented, USD per card and hour');
  if (rentals.length === 0) return [head, line('  nowhere in this snapshot')];
  const order = (row: RentalRow): number => usdPerHour(row) ?? Number.POSITIVE_INFINITY;
  const sources = `  * a marketplace; pricing show --kind rental --accelerator ${accelerator.accelerator} --detail`;
  const sorted = [...rentals].sort((a, b) => order(a) - order(b));
  return [head, grid(rentalColumns, sorted, true), line(sources)];
}

/** The same, whole; null is unknown, or does not apply. */
export function hardwareSheetJson({ prices, sheet, origin }: HardwareAnswer): string {
  const { summary, contextTokens, memory, opsPerByte, schemes, unknownModels, measurements } = sheet;
  const fitting = ({ cards, models, largest }: ModelsThatFit) => ({
    ...{ cards, models, largest: largest && { family: largest.family, paramsTotalB: largest.paramsTotalB } },
  });
  const whole = {
    memory: memory.map(({ cards, bytes, usable }) => ({ cards, bytes, usableBytes: usable })),
    opsPerByteFp16: opsPerByte,
    schemes: schemes.map(({ models, ...scheme }) => ({ ...scheme, models: models.map(fitting) })),
    modelsWithUnknownFit: unknownModels,
    rentals: summary.rentals.map((row) => {
      const { provider, instanceType, gpuCount, region, tenancy, asOf, soldIn } = row;
      return { provider, instanceType, gpuCount, region, tenancy, asOf, soldIn, usdPerGpuHour: perCard(row) };
    }),
    measurements,
  };
  const hardware = [{ ...hardwareJson(summary, origin), ...roundedTree(whole) }];
  return jsonText({ schemaVersion: '1.0.0', prices, contextTokens, hardware });
}
