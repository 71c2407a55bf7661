import type { HardwareSummary } from '../capacity/hardware.js';
import { perCard } from '../tables/offers.js';
import type { RentalRow } from '../tables/rows.js';
import { type CsvColumns, csvTable } from './csv.js';
import { type Column, gap, line, narrow, table } from './document.js';
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
  short,
  unknown,
} from './sheets.js';

/** Hardware of the tables as of one snapshot. */
export type HardwareListing = {
  prices: PriceDate;
  hardware: readonly { summary: HardwareSummary; origin: RowOrigin }[];
};

type Cell = Column & { show: (summary: HardwareSummary) => string };

const rate = (title: string, of: (summary: HardwareSummary) => number | null): Cell => ({
  title,
  number: true,
  show: (summary) => figure(of(summary), plain),
});
const plain = (value: number): string => String(value);

/** The least price on demand, by the card. */
const usdPerHour = (row: RentalRow | null): number | null => row && perCard(row).onDemand;
export const hourly = (usd: number): string => usd.toFixed(usd < 0.1 ? 3 : 2);

const cells: readonly Cell[] = [
  { title: 'accelerator', show: ({ accelerator }) => accelerator.accelerator },
  { title: 'vendor', show: ({ accelerator }) => accelerator.vendor },
  rate('GiB', ({ accelerator }) => accelerator.memoryGib),
  rate('GB/s', ({ accelerator }) => accelerator.bandwidthGBs),
  rate('fp16', ({ accelerator }) => accelerator.fp16Tflops),
  rate('fp8', ({ accelerator }) => accelerator.fp8Tflops),
  rate('fp4', ({ accelerator }) => accelerator.fp4Tflops),
  { title: 'link', show: ({ accelerator }) => linkText(accelerator) },
  rate('W', ({ accelerator }) => accelerator.tdpW),
  { title: 'date', show: ({ accelerator }) => accelerator.released },
  { title: 'USD', number: true, show: ({ accelerator }) => figure(accelerator.listPriceUsd, plain) },
  {
    title: 'USD/h',
    number: true,
    show: ({ cheapest, rentals }) => (rentals.length === 0 ? '-' : figure(usdPerHour(cheapest), hourly)),
  },
  {
    title: 'at',
    show: ({ cheapest }) => (cheapest === null ? '' : `${cheapest.provider}${market(cheapest)}`),
  },
];

const market = ({ tenancy }: RentalRow): string => (tenancy === 'marketplace' ? '*' : '');

export const linkText = ({ interconnect, interconnectGBs }: HardwareSummary['accelerator']): string =>
  interconnect === 'none' ? '-' : `${interconnect} ${interconnectGBs}`;

const legend = [
  'fp16, fp8, fp4 = dense peak TFLOPS; link = between cards, GB/s; date of release; USD = list price',
  'USD/h = cheapest on demand for each card, in the snapshot; * a marketplace; - not rented out there',
  `${unknown} is unknown; hardware NAME has all of one`,
];

/** One line each, a table for each kind. `detail` adds source, confidence and note below each. */
export function hardwareListTable({ prices, hardware }: HardwareListing, detail: boolean): string {
  const head = line(`${counted(hardware.length, 'accelerator')}, prices ${prices.snapshot} (${ageText(prices)})`);
  if (hardware.length === 0) return sheetText([head, gap, line('no hardware of the tables is like that')]);
  const kinds = [...new Set(hardware.map(({ summary }) => summary.accelerator.kind))];
  return sheetText([
    head,
    ...kinds.flatMap((kind) => {
      const own = hardware.filter(({ summary }) => summary.accelerator.kind === kind);
      const rows = own.map(({ summary, origin }) => ({
        cells: cells.map(({ show }) => show(summary)),
        below: detail ? originTexts(origin) : [],
      }));
      return [gap, line(kind), table(narrow(cells), rows)];
    }),
    gap,
    ...legend.map((words) => line(words)),
  ]);
}

/** All that is known of the hardware, null where it is unknown. */
export function hardwareListJson({ prices, hardware }: HardwareListing): string {
  return jsonText({
    schemaVersion: '1.0.0',
    prices,
    hardware: hardware.map(({ summary, origin }) => hardwareJson(summary, origin)),
  });
}

/** One kind of hardware, as both the list and the sheet have it. */
export function hardwareJson(summary: HardwareSummary, origin: RowOrigin): Record<string, unknown> {
  const { row: _, confidence: __, ...facts } = summary.accelerator;
  return roundedTree({
    ...facts,
    listPriceIsLaterThanSnapshot: summary.priceIsLater,
    rentalRows: summary.rentals.length,
    cheapestOnDemand: offerJson(summary.cheapest),
    cheapestOnDemandCloud: offerJson(summary.cheapestCloud),
    ...origin,
  }) as Record<string, unknown>;
}

const offerJson = (row: RentalRow | null) =>
  row && {
    usdPerGpuHour: usdPerHour(row),
    provider: row.provider,
    instanceType: row.instanceType,
    gpuCount: row.gpuCount,
    region: row.region,
    tenancy: row.tenancy,
  };

const csvColumns: CsvColumns<HardwareListing['hardware'][number]> = {
  accelerator: ({ summary }) => summary.accelerator.accelerator,
  vendor: ({ summary }) => summary.accelerator.vendor,
  kind: ({ summary }) => summary.accelerator.kind,
  architecture: ({ summary }) => summary.accelerator.architecture,
  memory_gib: ({ summary }) => summary.accelerator.memoryGib,
  bandwidth_gb_s: ({ summary }) => summary.accelerator.bandwidthGBs,
  fp16_tflops: ({ summary }) => summary.accelerator.fp16Tflops,
  fp8_tflops: ({ summary }) => summary.accelerator.fp8Tflops,
  int8_tops: ({ summary }) => summary.accelerator.int8Tops,
  fp4_tflops: ({ summary }) => summary.accelerator.fp4Tflops,
  interconnect: ({ summary }) => summary.accelerator.interconnect,
  interconnect_gb_s: ({ summary }) => summary.accelerator.interconnectGBs,
  tdp_w: ({ summary }) => summary.accelerator.tdpW,
  idle_w: ({ summary }) => summary.accelerator.idleW,
  released: ({ summary }) => summary.accelerator.released,
  list_price_usd: ({ summary }) => summary.accelerator.listPriceUsd,
  price_as_of: ({ summary }) => summary.accelerator.priceAsOf,
  rental_rows: ({ summary }) => summary.rentals.length,
  cheapest_usd_per_gpu_hour: ({ summary }) => usdPerHour(summary.cheapest),
  cheapest_provider: ({ summary }) => summary.cheapest?.provider ?? null,
  cheapest_tenancy: ({ summary }) => summary.cheapest?.tenancy ?? null,
  cheapest_cloud_usd_per_gpu_hour: ({ summary }) => usdPerHour(summary.cheapestCloud),
  cheapest_cloud_provider: ({ summary }) => summary.cheapestCloud?.provider ?? null,
  confidence: ({ origin }) => origin.confidence,
  source: ({ origin }) => origin.source,
  note: ({ origin }) => origin.note,
};

/** The list with an empty cell where something is unknown. */
export const hardwareListCsv = ({ hardware }: HardwareListing): string => csvTable(csvColumns, hardware);

/** A price range in words, or `?`. */
export function listPriceText({ accelerator, priceIsLater }: HardwareSummary): string {
  const { listPriceUsd, listPriceLowUsd, listPriceHighUsd, priceAsOf } = accelerator;
  if (listPriceUsd === null) return unknown;
  const range = `${figure(listPriceLowUsd, grouped)} to ${figure(listPriceHighUsd, grouped)}`;
  const later = priceIsLater ? ', later than the snapshot' : '';
  return `${short(listPriceUsd)} USD (${range}) as of ${priceAsOf ?? unknown}${later}`;
}
