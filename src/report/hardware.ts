import type { HardwareSheet, HardwareSummary } from '../capacity/hardware.js';
import { settablePrices } from '../tables/columns.js';
import { type Document, gap, line, separated } from './document.js';
import { counted, grouped } from './numbers.js';
import type { CsvColumns } from './printable.js';
import { wrap } from './printable.js';
import {
  ageText,
  catalogCells,
  factLines,
  figure,
  footOf,
  type Grid,
  gb,
  grid,
  measuredTable,
  originCells,
  originTexts,
  type PriceDate,
  type RowOrigin,
  sheetText,
  short,
  unknown,
} from './sheets.js';

const tera = 1e12;
const namesWidth = 40;

const hourly = (usd: number): string => usd.toFixed(usd < 0.1 ? 3 : 2);
/** Who rents it out, a marketplace with an asterisk. */
const seller = ({ provider, tenancy }: { provider: string; tenancy: string }): string =>
  `${provider}${tenancy === 'marketplace' ? '*' : ''}`;
const linkText = ({ interconnect, interconnectGBs }: HardwareSummary): string =>
  interconnect === 'none' ? '-' : `${interconnect} ${interconnectGBs}`;

/** The list as CSV: an empty cell where something is unknown. */
export const hardwareCells: CsvColumns<HardwareSummary & RowOrigin> = {
  ...catalogCells<HardwareSummary>('accelerators', 'accelerator', 'vendor', 'kind', 'architecture', 'memoryGib'),
  ...catalogCells<HardwareSummary>('accelerators', 'bandwidthGBs', 'fp16Tflops', 'fp8Tflops', 'int8Tops', 'fp4Tflops'),
  ...catalogCells<HardwareSummary>('accelerators', 'interconnect', 'interconnectGBs', 'tdpW', 'idleW', 'released'),
  ...catalogCells<HardwareSummary>('accelerators', 'listPriceUsd', 'priceAsOf'),
  rental_rows: ({ rentalRows }) => rentalRows,
  cheapest_usd_per_gpu_hour: ({ cheapestOnDemand: row }) => row?.usdPerGpuHour,
  cheapest_provider: ({ cheapestOnDemand: row }) => row?.provider,
  cheapest_tenancy: ({ cheapestOnDemand: row }) => row?.tenancy,
  cheapest_cloud_usd_per_gpu_hour: ({ cheapestOnDemandCloud: row }) => row?.usdPerGpuHour,
  cheapest_cloud_provider: ({ cheapestOnDemandCloud: row }) => row?.provider,
  ...originCells,
};

const columns: Grid<HardwareSummary> = {
  accelerator: ({ accelerator }) => accelerator,
  vendor: ({ vendor }) => vendor,
  '#GiB': ({ memoryGib }) => memoryGib,
  '#GB/s': ({ bandwidthGBs }) => bandwidthGBs,
  '#fp16': ({ fp16Tflops }) => fp16Tflops,
  '#fp8': ({ fp8Tflops }) => fp8Tflops,
  '#fp4': ({ fp4Tflops }) => fp4Tflops,
  link: linkText,
  '#W': ({ tdpW }) => tdpW,
  date: ({ released }) => released,
  '#USD': ({ listPriceUsd }) => listPriceUsd,
  '#USD/h': ({ cheapestOnDemand: row, rentalRows }) =>
    rentalRows === 0 ? '-' : figure(row?.usdPerGpuHour ?? null, hourly),
  at: ({ cheapestOnDemand: row }) => (row === null ? '' : seller(row)),
};

/** A line each, a table for each kind. `detail` adds source, confidence and note. */
export function hardwareListTable(
  prices: PriceDate,
  hardware: readonly (HardwareSummary & RowOrigin)[],
  detail: boolean,
): string {
  const head = line(`${counted(hardware.length, 'accelerator')}, prices ${prices.snapshot} (${ageText(prices)})`);
  if (hardware.length === 0) return sheetText([head, gap, line('no hardware of the tables is like that')]);
  const kinds = [...new Set(hardware.map(({ kind }) => kind))];
  const ofKind = (name: string) => hardware.filter(({ kind }) => kind === name);
  const options = { isNarrow: true, ...(detail && { below: originTexts }) };
  return sheetText([
    head,
    ...kinds.flatMap((kind) => [gap, line(kind), grid(columns, ofKind(kind), options)]),
    gap,
    line('fp16, fp8, fp4 = dense peak TFLOPS; link = between cards, GB/s; date of release; USD = list price'),
    line('USD/h = cheapest on demand for each card, in the snapshot; * a marketplace; - not rented out there'),
    line(`${unknown} is unknown; hardware NAME has all of one`),
  ]);
}

/** The sheet of one kind of hardware. `detail` adds the source of its row and of measurements. */
export function hardwareSheetTable(
  prices: PriceDate,
  contextTokens: number,
  hardware: HardwareSummary & RowOrigin & HardwareSheet,
  detail: boolean,
): string {
  const { accelerator, vendor, kind, architecture, released, schemes, measurements } = hardware;
  return sheetText(
    separated([
      [
        line(`${accelerator} (${vendor}, ${kind}, ${architecture}), released ${released}`),
        line(`prices ${prices.snapshot} (${ageText(prices)})`),
      ],
      factsOf(hardware),
      [
        line('Schemes (bits per weight of large models)'),
        grid(schemeColumns, schemes),
        line('  critical batch = FLOP/s x bytes per weight / (2 x bandwidth), at peak: the tokens of a step'),
        line('  from which it waits for computing, not for reading the weights'),
      ],
      modelsTable(hardware, contextTokens),
      rentalTable(hardware),
      measuredTable(measurements, 'family', detail),
      footOf(hardware, detail),
    ]),
  );
}

function factsOf(hardware: HardwareSheet & HardwareSummary): Document {
  const { memory, memoryGib, bandwidthGBs, fp16Tflops, fp8Tflops, int8Tops, fp4Tflops, tdpW, idleW } = hardware;
  const usable = memory.map(({ cards, usableBytes }) => `${cards}x ${gb(usableBytes)}`).join(', ');
  const peaks = Object.entries({ fp16: fp16Tflops, fp8: fp8Tflops, int8: int8Tops, fp4: fp4Tflops });
  return factLines({
    memory: `${memoryGib} GiB = ${gb(memory[0]?.bytes ?? 0)} GB a card`,
    usable: `${usable} GB for weights and cache, after reserves`,
    bandwidth: `${grouped(bandwidthGBs)} GB/s`,
    compute: `${peaks.map(([name, peak]) => `${name} ${figure(peak)}`).join(', ')} TFLOPS, dense peak`,
    'ops:byte': `${short(hardware.opsPerByteFp16)} at fp16`,
    link: hardware.interconnect === 'none' ? 'none: cards stand alone' : `${linkText(hardware)} GB/s`,
    power: `${figure(tdpW)} W, idle ${figure(idleW)} W`,
    'list price': listPriceText(hardware),
  });
}

/** A price range in words, or `?`. */
function listPriceText(hardware: HardwareSummary): string {
  const { listPriceUsd, listPriceLowUsd, listPriceHighUsd, priceAsOf, listPriceIsLaterThanSnapshot } = hardware;
  if (listPriceUsd === null) return unknown;
  const range = `${figure(listPriceLowUsd, grouped)} to ${figure(listPriceHighUsd, grouped)}`;
  const later = listPriceIsLaterThanSnapshot ? ', later than the snapshot' : '';
  return `${short(listPriceUsd)} USD (${range}) as of ${priceAsOf ?? unknown}${later}`;
}

type Scheme = HardwareSheet['schemes'][number];

const schemeColumns: Grid<Scheme> = {
  scheme: ({ scheme }) => scheme,
  runs: ({ runs }) => runs,
  '#bits/weight': ({ bitsPerWeight }) => figure(bitsPerWeight),
  '#TFLOPS': ({ flops }) => (flops === null ? '-' : short(flops / tera)),
  '#critical batch': ({ criticalBatch }) => (criticalBatch === null ? '-' : short(criticalBatch)),
  '': ({ batchedServing }) => (batchedServing ? '' : 'one user at a time'),
};

/** Schemes whose models are the same on every number of cards share their lines. */
function modelsTable({ schemes, modelsWithUnknownFit }: HardwareSheet, contextTokens: number): Document {
  const groups = new Map<string, { names: string[]; models: Scheme['models'] }>();
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
  const missing = `  ${counted(modelsWithUnknownFit, 'more model')} without layers in the tables: unknown`;
  return [
    line(`Models that fit, with a context of ${grouped(contextTokens)} tokens`),
    grid(shown, rows),
    ...(modelsWithUnknownFit === 0 ? [] : [line(missing)]),
  ];
}

type Rental = HardwareSheet['rentals'][number];

const rentalColumns: Grid<Rental> = {
  provider: seller,
  instance: ({ instanceType }) => instanceType,
  '#cards': ({ gpuCount }) => gpuCount,
  region: ({ region }) => region,
  ...Object.fromEntries(
    settablePrices('rental').map(({ word, settable }) => [
      `#${word.replace('reserved ', '')}`,
      ({ usdPerGpuHour }: Rental) => figure(usdPerGpuHour[settable], hourly),
    ]),
  ),
};

function rentalTable({ rentals, accelerator }: HardwareSheet & HardwareSummary): Document {
  const head = line('Rented, USD per card and hour');
  if (rentals.length === 0) return [head, line('  nowhere in this snapshot')];
  const order = ({ usdPerGpuHour }: Rental): number => usdPerGpuHour.onDemand ?? Number.POSITIVE_INFINITY;
  const sources = `  * a marketplace; pricing show --kind rental --accelerator ${accelerator} --detail`;
  const sorted = [...rentals].sort((a, b) => order(a) - order(b));
  return [head, grid(rentalColumns, sorted, { isNarrow: true }), line(sources)];
}
