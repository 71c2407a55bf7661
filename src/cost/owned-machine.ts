import type { Figures, Traced } from '../formula/traced.js';
import { type Formula, monthly } from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/columns.js';
import type { Tables } from '../tables/tables.js';
import { monthsPerYear } from '../units/month.js';
import type { CostTerms } from '../workload/workload.js';
import type { UnitComponent } from './fleet-bill.js';
import { hoursInMonth } from './task-trace.js';

/** Where an own machine is: names of the parameters that price its power and space. */
export type Site = {
  pue: string;
  electricity: string;
  /** USD per kW and month of a third party's building; null: a room of one's own. */
  colocation: string | null;
  /** The same of what a room of one's own lacks the feed and the cooling for. */
  beyondRoom: string;
};

/** A machine bought whole with accelerators. `gpus` is 1 where it is sold as one product. */
type OwnedMachine = {
  accelerator: AcceleratorRow;
  gpus: number;
  /** Parameter with the price without accelerators; null: the list price is of the whole machine. */
  chassis: string | null;
  /** A machine for a desk: no rack, no room of its own, no maintenance contract. */
  desk: boolean;
  site: Site;
  /** Such machines that one unit of the fleet consists of: one at each place. */
  copies: number;
};

/** A machine with all that its price depends on, in traced figures or plain numbers. */
export type Owned<Figure = Traced> = Figures<Figure> & {
  machine: OwnedMachine;
  workload: CostTerms;
  /** A parameter of the tables or the user's. */
  row(label: string, name: string): Figure;
};

export const ownedOf = <Figure>(
  machine: OwnedMachine,
  context: { workload: CostTerms; tables: Tables },
  figures: Figures<Figure>,
): Owned<Figure> => ({
  ...figures,
  machine,
  workload: context.workload,
  row: (label, name) => figures.parameter(label, name, context),
});

const wattsPerKw = 1000;

/** A figure of the accelerator's row. */
const ofAccelerator = <Figure>(label: string, value: number | null, unit: string, one: Owned<Figure>): Figure => {
  const { accelerator, row } = one.machine.accelerator;
  return one.given(`${label} ${accelerator}`, value ?? 0, unit, { table: 'accelerators', row });
};

export const accelerators = <Figure>({ given, machine }: Owned<Figure>): Figure =>
  given('accelerators of a machine', machine.gpus, 'accelerators');

/** Watts of the whole machine from those of its accelerators, or as rated for one product. */
function wholeKw<Figure>(label: string, watts: Figure, one: Owned<Figure>): Figure {
  const isOneThing = one.machine.accelerator.kind === 'soc';
  const over = 'watts of the machine over those of its accelerators';
  return one.product(
    label,
    'kW',
    ...[watts, accelerators(one), ...(isOneThing ? [] : [one.row(over, 'serverPowerOverGpuTdp')])],
    one.given('kilowatts in a watt', 1 / wattsPerKw, 'kW/W'),
  );
}

const ratedWatts = <Figure>(one: Owned<Figure>): Figure =>
  ofAccelerator('rated power of', one.machine.accelerator.tdpW, 'W', one);

/** Most that a machine draws: what space and cooling are sized for. */
export const ratedKw = <Figure>(one: Owned<Figure>): Figure => wholeKw('kW of a machine at most', ratedWatts(one), one);

function idleWatts<Figure>(one: Owned<Figure>): Figure {
  const { idleW } = one.machine.accelerator;
  if (idleW !== null) return ofAccelerator('idle power of', idleW, 'W', one);
  const share = one.row('idle power over rated power', 'idlePowerShareOfTdp');
  return one.product('idle power, assumed', 'W', ratedWatts(one), share);
}

/** What a machine draws with a model loaded and nothing to do. */
export const idleKw = <Figure>(one: Owned<Figure>): Figure => wholeKw('kW of an idle machine', idleWatts(one), one);

/** What a machine draws while it serves. */
export function servingKw<Figure>(one: Owned<Figure>): Figure {
  const label = 'power while serving';
  const share = one.row('share of the rated power', 'gpuAveragePowerFractionOfTdpServing');
  const serving = one.product(label, 'W', ratedWatts(one), share);
  return wholeKw('kW of a serving machine', one.largest(label, 'W', serving, idleWatts(one)), one);
}

/** Racks that a machine takes: by the power a rack may draw. */
export const racks = <Figure>(one: Owned<Figure>): Figure =>
  one.quotient('racks of a machine', 'racks', ratedKw(one), one.row('power of a rack', 'rackPowerLimitTypical'));

/** Cards in a slot; others are modules of a board that has a machine of its own. */
const inSlots: ReadonlySet<string> = new Set(['pcie', 'none']);

/** The chassis of the accelerators: a small server for cards of low power. */
function chassisOf({ machine: { accelerator, gpus, chassis }, workload }: Pick<Owned, 'machine' | 'workload'>) {
  const small = 'serverChassisSmallExclGpu';
  if (chassis === null || !inSlots.has(accelerator.interconnect)) return chassis;
  const isLight = (accelerator.tdpW ?? 0) * gpus <= workload.assume('smallServerGpuWatts');
  return isLight && workload.assume(small) < workload.assume(chassis) ? small : chassis;
}

/** Accelerators with what they stand in: what is sold again, insured and maintained. */
export function machineUsd<Figure>(one: Owned<Figure>): Figure {
  const price = ofAccelerator('price of', one.machine.accelerator.listPriceUsd, 'USD', one);
  const cards = one.product('price of the accelerators', 'USD', price, accelerators(one));
  const chassis = chassisOf(one);
  return chassis === null ? cards : one.sum('price of a machine', 'USD', cards, one.row('chassis', chassis));
}

/** An amount per machine and month, as a component of a unit by the hour. */
export const monthlyOfMachine = <Figure>(
  working: Formula,
  usdPerMonth: Figure,
  one: Owned<Figure>,
): UnitComponent<Figure> => {
  const all = one.product(working.label, 'USD/month', usdPerMonth, places(one));
  return { working, amount: one.quotient(working.label, 'USD/unit-hour', all, one.of(hoursInMonth(one.workload))) };
};

/**
 * An amount per machine over the horizon, `upfrontUsd` of it paid at the start: spread over the horizon's hours, on no
 * month's bill.
 */
export function onceOfMachine<Figure>(
  working: Formula,
  usd: Figure,
  upfrontUsd: number,
  one: Owned<Figure>,
): UnitComponent<Figure> {
  const { hoursPerMonth, months } = one.workload;
  const hours = one.stated('hours of the horizon', hoursPerMonth * months, 'hours', 'workload.horizon');
  const all = one.product(working.label, 'USD', usd, places(one));
  return {
    working,
    amount: one.quotient(working.label, 'USD/unit-hour', all, hours),
    upfrontUsdPerUnit: upfrontUsd * one.machine.copies,
    once: true,
  };
}

export const places = <Figure>({ given, machine }: Owned<Figure>): Figure =>
  given('places', machine.copies, 'machines of a unit');

/**
 * Share of a debt to pay per period so that it is gone after `periods`, interest included: i / (1 - (1 + i)^-n), and
 * 1/n without interest (capital recovery factor of engineering economics).
 */
export function capitalRecoveryFactor(ratePerPeriod: number, periods: number): number {
  if (ratePerPeriod === 0) return 1 / periods;
  // 1 - (1 + i)^-n by logarithms, which keep the digits of small rates.
  return ratePerPeriod / -Math.expm1(-periods * Math.log1p(ratePerPeriod));
}

/** Cost of ownership per period: price, value at the end, rate per period, periods. */
type Asset = { priceUsd: number; residualUsd: number; ratePerPeriod: number; periods: number };

/**
 * Annuity, USD per period: (price - residual) x CRF + residual x i. The residual is paid back at the end; only its
 * interest is lost. Rate 0: straight line.
 */
export const annuityUsd = ({ priceUsd, residualUsd, ratePerPeriod, periods }: Asset): number =>
  (priceUsd - residualUsd) * capitalRecoveryFactor(ratePerPeriod, periods) + residualUsd * ratePerPeriod;

/** Value after `months` of a purchase for `priceUsd`: price x (share kept after 36 months)^(months / 36). */
export const residualUsd = (priceUsd: number, keptAfter36Months: number, months: number): number =>
  priceUsd * keptAfter36Months ** (months / 36);

/** Rate per month that compounds to a rate per year: (1 + r)^(1/12) - 1. */
export const monthlyRate = (ratePerYear: number): number => Math.expm1(Math.log1p(ratePerYear) / monthsPerYear);

const formulas = {
  purchase: monthly(
    'capital.purchase',
    'Machines bought, less their resale',
    'machines x (purchases in the horizon x price with network, storage, duty and installation - price x r3^(months of the last / 36)) / months of the horizon',
  ),
  interest: monthly(
    'capital.interest',
    'Cost of capital',
    'machines x sum over purchases of ((price - resale) x (CRF - 1 / months) + resale x rate), CRF = i / (1 - (1 + i)^-months)',
  ),
};

/** Names of the parameters by which a machine loses its value. */
const agingOf = ({ accelerator }: OwnedMachine) => ({
  residual:
    accelerator.kind === 'consumer' || accelerator.kind === 'soc'
      ? 'residualValueConsumerAfter3y'
      : 'residualValueAfter3y',
  years: accelerator.kind === 'datacenter' ? 'depreciationYearsGpu' : 'depreciationYearsWorkstation',
});

/** The price of a purchase: machine, connection and power feed, duty, installation. */
function priceUsd<Figure>(one: Owned<Figure>): Figure {
  const { sum, row, machine } = one;
  const goods = machine.desk
    ? machineUsd(one)
    : sum(
        'machine with network and storage',
        'USD',
        machineUsd(one),
        row('network of a machine', 'networkingPerNodeEthernetInference'),
        row('storage of a machine', 'storagePerNode'),
      );
  const duty = one.product('import duty', 'USD', goods, row('import duty', 'importDutyAndVatFraction'));
  if (machine.desk) return sum('price of a machine, delivered', 'USD', goods, duty);
  const installation = row('installation', 'installationOneOffPerNode');
  return sum('price of a machine, installed', 'USD', goods, duty, installation);
}

/**
 * Cost of a machine bought at the start, again whenever its life ends within the horizon, and the last one sold at the
 * end: price less resale, and cost of capital by the annuity. Network, storage, duty and installation have no resale.
 */
export function capital<Figure>(one: Owned<Figure>): UnitComponent<Figure>[] {
  const { workload, machine, product, predicted, row } = one;
  const aging = agingOf(machine);
  const price = priceUsd(one);
  const paidUsd = one.valueOf(price);
  const lifeMonths = workload.assume(aging.years) * monthsPerYear;
  const purchases = Math.max(1, Math.ceil(workload.months / lifeMonths));
  const lastMonths = workload.months - (purchases - 1) * lifeMonths;
  const left = predicted(
    `share of the price left after ${lastMonths} months`,
    residualUsd(1, workload.assume(aging.residual), lastMonths),
    'fraction',
    'what is left after three years ^ (months / 36)',
    [row('share of the price left after three years', aging.residual)],
  );
  const resale = product('resale of the last machine', 'USD', machineUsd(one), left);
  const times = one.stated('purchases in the horizon', purchases, 'purchases', 'workload.horizon');
  const paid = one.difference('paid less resale', 'USD', product('purchases', 'USD', price, times), resale);
  const ratePerPeriod = monthlyRate(workload.assume('costOfCapital'));
  const interest = (resaleUsd: number, months: number): number =>
    annuityUsd({ priceUsd: paidUsd, residualUsd: resaleUsd, ratePerPeriod, periods: months }) * months -
    (paidUsd - resaleUsd);
  const rate = row('cost of capital a year', 'costOfCapital');
  const costs = (which: string, usd: number, from: readonly Figure[]): Figure =>
    predicted(`cost of capital of the ${which}`, usd, 'USD', annuityText, [...from, rate]);
  const last = costs('last machine', interest(one.valueOf(resale), lastMonths), [price, resale]);
  const earlierUsd = purchases === 1 ? 0 : (purchases - 1) * interest(0, lifeMonths);
  const earlier = costs('machines before it', earlierUsd, [price]);
  const again = Array.from({ length: purchases - 1 }, (_, i) => Math.floor((i + 1) * lifeMonths));
  return [
    { ...onceOfMachine(formulas.purchase, paid, paidUsd, one), ...(again.length > 0 && { again }) },
    onceOfMachine(formulas.interest, one.sum('cost of capital', 'USD', last, earlier), 0, one),
  ];
}

const annuityText = 'annuity at the cost of capital, less what the machine loses in value';
