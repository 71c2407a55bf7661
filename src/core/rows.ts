import { optionOf } from '../places/fleet-option.js';
import type { Option } from '../places/option.js';
import { fewestUnits, provisionedRates, stepRequestsPerDay } from '../places/provisioned.js';
import { type ColumnsOf, columns, placesUpTo, taken } from '../units/columns.js';
import { onlyPart } from '../workload/workload.js';
import { kindOf, numberOf } from './apis.js';
import { ownModelAt } from './catalog.js';
import { apiStaff } from './offers.js';
import type { QualityColumns, Shape } from './shape.js';
import { secondKinds } from './supply.js';

/** Columns that a row copies from its offer. */
const ofOffer = {
  provider: 'i',
  oncePerHour: 'f',
  owned: 'i',
  beyondPerHour: 'f',
  roomFrom: 'f',
  roomPerHour: 'f',
  upfront: 'f',
  follows: 'b',
  staff: 'i',
} as const;

/** All that may serve a task: APIs, then machines and devices. Does not depend on the volume. */
const rowColumns = {
  ...ofOffer,
  kind: 'b',
  /** Item, or API. */
  model: 'i',
  /** Fit of the shape, and offer; -1: an API, or devices. */
  fit: 'i',
  offer: 'i',
  accelerator: 'i',
  /** 1: it may serve the task without a fallback. */
  alone: 'b',
  /** Its availability, where a fallback is allowed; NaN: unknown. */
  available: 'f',
  /** Row of the first place, itself where there is one; type of the second, -1: none. */
  first: 'i',
  secondKind: 'i',
  /** USD for a request, and for the seconds of work that it takes of a unit. */
  perRequest: 'f',
  perWork: 'f',
  /** USD for an hour of a unit, disk included. */
  perHour: 'f',
  fixed: 'f',
  /** Requests a second of a unit; 0: not a machine. Provisioned throughput as if sized as machines are. */
  perSecond: 'f',
  min: 'i',
  spare: 'i',
  spareShare: 'f',
  good: 'f',
  fails: 'f',
  index: 'f',
  firstTokenMs: 'f',
  /** Of workers that sleep, seconds: see `Worker`; `upS` is 0 of all else. */
  upS: 'f',
  coldS: 'f',
  billedS: 'f',
  /** Requests a day that it serves at the most; infinite but for devices. */
  mostPerDay: 'f',
} as const;
/** Rows with a fallback come last, from `paired` on. */
export type Rows = ColumnsOf<typeof rowColumns> & { count: number; apis: number; paired: number };
const ofOfferNames = Object.keys(ofOffer) as (keyof typeof ofOffer)[];
const names = Object.keys(rowColumns) as (keyof typeof rowColumns)[];

export function rowsOf(shape: Shape): Rows {
  const { availability } = shape.admitted;
  const rows = singleRows(shape);
  if (availability === null) return rows;
  const single = placesUpTo(rows.kind.length);
  const lacking = single.filter(
    (row) => availability.lacks[rows.kind[row] as number] === 1 && !Number.isNaN(rows.available[row]),
  );
  const all = Int32Array.from([...single, ...secondKinds.flatMap(() => [...lacking])]);
  const columnsOfAll = Object.fromEntries(names.map((name) => [name, taken(rows[name], all)])) as ColumnsOf<
    typeof rowColumns
  >;
  for (const [at, kind] of secondKinds.entries())
    columnsOfAll.secondKind.fill(kind, rows.count + at * lacking.length, rows.count + (at + 1) * lacking.length);
  columnsOfAll.alone.fill(1, rows.count);
  return { count: all.length, apis: rows.apis, paired: rows.count, ...columnsOfAll };
}

function singleRows(shape: Shape): Rows {
  const { admitted, fits, bills, load, devices, quality, context } = shape;
  const { live, firstLive, offers, apis, verdicts, availability } = admitted;
  const { units } = offers;
  const taskPart = onlyPart(context.workload);
  let count = bills.api.length + devices.length;
  for (const unit of fits.unit) count += (firstLive[unit + 1] as number) - (firstLive[unit] as number);
  const rows: Rows = { count, apis: bills.api.length, paired: count, ...columns(rowColumns, count) };
  for (let row = 0; row < count; row++) rows.first[row] = row;
  rows.secondKind.fill(-1);
  rows.available.fill(Number.NaN);
  rows.fit.fill(-1);
  rows.offer.fill(-1);
  rows.accelerator.fill(-1);
  rows.provider.fill(-1);
  rows.alone.fill(1);
  rows.mostPerDay.fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < bills.api.length; row++) {
    const api = bills.api[row] as number;
    rows.kind[row] = apis.kind[api] as number;
    rows.provider[row] = apis.provider[api] as number;
    rows.staff[row] = apiStaff;
    rows.alone[row] = availability === null || verdicts.apis[api] === 0 ? 1 : 0;
    rows.available[row] = availability?.apis[api] ?? Number.NaN;
    rows.firstTokenMs[row] = bills.firstTokenMs[row] as number;
    judge(rows, row, quality.apis, api);
    rows.perRequest[row] = bills.tools[row] as number;
    if (apis.byTokens[api] !== -1) provision(rows, row, shape);
  }
  let row = bills.api.length;
  const { output } = taskPart.tokens;
  const idleS = context.workload.assume('keepWarmIdleDefault');
  for (let fit = 0; fit < fits.count; fit++) {
    const unit = fits.unit[fit] as number;
    const perSecond = fits.perSecond[fit] as number;
    const gb = fits.diskGb[fit] as number;
    for (let at = firstLive[unit] as number; at < (firstLive[unit + 1] as number); at++, row++) {
      const offer = live[at] as number;
      rows.kind[row] = units.kind[unit] as number;
      rows.fit[row] = fit;
      rows.offer[row] = offer;
      rows.accelerator[row] = units.accelerator[unit] as number;
      rows.alone[row] = availability === null || verdicts.places[offers.place[offer] as number] === 0 ? 1 : 0;
      rows.available[row] = availability?.offers[offer] ?? Number.NaN;
      const peak = offers.isPeakLine[offer] === 1 ? load.highest : 1;
      rows.perRequest[row] = (offers.perToken[offer] as number) * output * peak + shape.toolsUsd;
      rows.perWork[row] = (offers.perWorkS[offer] as number) / perSecond;
      rows.perHour[row] = (offers.perHour[offer] as number) + gb * (offers.diskPerHourGb[offer] as number);
      rows.perSecond[row] = perSecond;
      rows.min[row] = units.min[unit] as number;
      rows.spare[row] = load.spares ? (units.spare[unit] as number) : 0;
      rows.spareShare[row] = load.spares ? (units.spareShare[unit] as number) : 0;
      rows.firstTokenMs[row] = fits.firstTokenMs[fit] as number;
      judge(rows, row, quality.items, fits.item[fit] as number);
      rows.fixed[row] = offers.fixed[offer] as number;
      if (units.sleeps[unit] === 0) continue;
      rows.upS[row] = (fits.aloneS[fit] as number) + idleS;
      rows.coldS[row] = (offers.coldS[offer] as number) + gb * (offers.coldSPerGb[offer] as number);
      rows.billedS[row] = (offers.billedS[offer] as number) + gb * (offers.billedSPerGb[offer] as number);
      rows.fixed[row] = gb * (offers.keptPerGb[offer] as number);
    }
  }
  for (const name of ofOfferNames) {
    const [into, from] = [rows[name], offers[name]];
    for (let own = rows.apis; own < row; own++) into[own] = from[rows.offer[own] as number] as number;
  }
  for (const { item, usd, mostPerDay, firstTokenMs } of devices) {
    rows.kind[row] = numberOf('edge');
    rows.staff[row] = offers.deviceStaff;
    rows.fixed[row] = usd;
    rows.perRequest[row] = shape.toolsUsd;
    rows.mostPerDay[row] = mostPerDay;
    rows.firstTokenMs[row] = firstTokenMs;
    judge(rows, row, quality.items, item);
    row++;
  }
  return rows;
}

/** Purchase steps of provisioned throughput as units of machines. */
function provision(rows: Rows, row: number, { admitted, load, bills, context }: Shape): void {
  const option = admitted.apis.option[bills.api[row] as number] as Option;
  const rates = provisionedRates(option, context);
  rows.perHour[row] = rates.usdPerHour;
  rows.oncePerHour[row] = rates.onceUsdPerHour;
  rows.upfront[row] = rates.upfrontUsdPerUnit;
  rows.min[row] = fewestUnits(option);
  rows.perSecond[row] = stepRequestsPerDay(option, onlyPart(context.workload), context) * load.unitsPerRate;
}

function judge(rows: Rows, row: number, { good, fails, index }: QualityColumns, model: number): void {
  rows.model[row] = model;
  rows.good[row] = good[model] as number;
  rows.fails[row] = fails[model] as number;
  rows.index[row] = index[model] as number;
}

/** The option of a row, as reports know it. */
export function optionAt({ rows, shape }: { rows: Rows; shape: Shape }, row: number): Option {
  const { catalog, apis, offers } = shape.admitted;
  const model = rows.model[row] as number;
  // For a row with a fallback that of its first place.
  if ((rows.first[row] as number) < rows.apis) return apis.option[model] as Option;
  const fit = rows.fit[row] as number;
  if (fit === -1) return (shape.devices.find(({ item }) => item === model) as { option: Option }).option;
  const unit = shape.fits.unit[fit] as number;
  const { units, source } = offers;
  return optionOf(
    kindOf[rows.kind[row] as number] as (typeof kindOf)[number],
    ownModelAt(catalog, model),
    units.type[unit] as (typeof units.type)[number],
    source[rows.offer[row] as number] as (typeof source)[number],
    shape.fits.cards[fit] as number,
    units.copies[unit] as number,
  );
}
