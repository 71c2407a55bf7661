import type { Figures } from '../formula/figures.js';
import { type Formula, monthly } from '../formula/formula.js';
import type { Traced } from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { Origin, Tables } from '../tables/tables.js';
import { monthsPerYear } from '../units/clock.js';
import type { CostTerms } from '../workload/workload.js';
import type { UnitComponent } from './fleet-bill.js';
import { hoursInMonth } from './task-trace.js';

/** Where a machine of one's own stands: names of the parameters that its power and space are priced with. */
export type Site = {
  pue: string;
  electricity: string;
  /** USD per kW and month of a third party's building; null: a room of one's own. */
  colocation: string | null;
  /** The same of what a room of one's own lacks the feed and the cooling for. */
  beyondRoom: string;
};

/** A machine that is bought whole, with its accelerators. `gpus` is 1 where it is sold as one thing. */
export type OwnedMachine = {
  accelerator: AcceleratorRow;
  gpus: number;
  /** Parameter with the price of all but the accelerators; null: the list price is that of the whole machine. */
  chassis: string | null;
  /** A machine for a desk: no rack, no room of its own, no maintenance contract. */
  desk: boolean;
  site: Site;
  /** Such machines that one unit of the fleet consists of: one at each place. */
  copies: number;
};

/** A machine with all that its price depends on; `figures`: whether it is priced as traced figures or as numbers. */
export type Owned<Figure = Traced> = {
  machine: OwnedMachine;
  workload: CostTerms;
  tables: Tables;
  figures: Figures<Figure>;
};

const wattsPerKw = 1000;

export const acceleratorOrigin = ({ accelerator }: OwnedMachine): Origin => ({
  table: 'accelerators',
  row: accelerator.row,
});

/** Watts of the whole machine from those of its accelerators; a machine sold as one thing is rated as one. */
function wholeKw<Figure>(label: string, watts: Figure, owned: Owned<Figure>): Figure {
  const { machine, figures } = owned;
  const parts = [watts, figures.given('accelerators of a machine', machine.gpus, 'accelerators')];
  if (machine.accelerator.kind !== 'soc')
    parts.push(
      figures.parameter('watts of the machine over those of its accelerators', 'serverPowerOverGpuTdp', owned),
    );
  return figures.product(label, 'kW', ...parts, figures.given('kilowatts in a watt', 1 / wattsPerKw, 'kW/W'));
}

const ratedWatts = <Figure>({ machine, figures }: Owned<Figure>): Figure =>
  figures.given(
    `rated power of ${machine.accelerator.accelerator}`,
    machine.accelerator.tdpW ?? 0,
    'W',
    acceleratorOrigin(machine),
  );

/** Most that a machine draws: what space and cooling are sized for. */
export const ratedKw = <Figure>(owned: Owned<Figure>): Figure =>
  wholeKw('kW of a machine at most', ratedWatts(owned), owned);

function idleWatts<Figure>(owned: Owned<Figure>): Figure {
  const { machine, figures } = owned;
  const { accelerator, idleW } = machine.accelerator;
  if (idleW !== null) return figures.given(`idle power of ${accelerator}`, idleW, 'W', acceleratorOrigin(machine));
  return figures.product(
    'idle power, assumed',
    'W',
    ratedWatts(owned),
    figures.parameter('idle power over rated power', 'idlePowerShareOfTdp', owned),
  );
}

/** What a machine draws with a model loaded and nothing to do. */
export const idleKw = <Figure>(owned: Owned<Figure>): Figure =>
  wholeKw('kW of an idle machine', idleWatts(owned), owned);

/** What a machine draws while it serves. */
export function servingKw<Figure>(owned: Owned<Figure>): Figure {
  const { figures } = owned;
  const serving = figures.product(
    'power while serving',
    'W',
    ratedWatts(owned),
    figures.parameter('share of the rated power', 'gpuAveragePowerFractionOfTdpServing', owned),
  );
  const watts = figures.largest('power while serving', 'W', serving, idleWatts(owned));
  return wholeKw('kW of a serving machine', watts, owned);
}

/** Racks that a machine takes: by the power a rack may draw. */
export const racks = <Figure>(owned: Owned<Figure>): Figure =>
  owned.figures.quotient(
    'racks of a machine',
    'racks',
    ratedKw(owned),
    owned.figures.parameter('power of a rack', 'rackPowerLimitTypical', owned),
  );

const acceleratorsUsd = <Figure>({ machine, figures }: Owned<Figure>): Figure =>
  figures.product(
    'price of the accelerators',
    'USD',
    figures.given(
      `price of ${machine.accelerator.accelerator}`,
      machine.accelerator.listPriceUsd ?? 0,
      'USD',
      acceleratorOrigin(machine),
    ),
    figures.given('accelerators of a machine', machine.gpus, 'accelerators'),
  );

/** Cards in a slot; others are modules of a board that has a machine of its own. */
const inSlots: ReadonlySet<string> = new Set(['pcie', 'none']);

/** What the accelerators stand in: a small server is enough for cards that draw little together. */
function chassisOf({ machine: { accelerator, gpus, chassis }, workload }: Pick<Owned, 'machine' | 'workload'>) {
  const small = 'serverChassisSmallExclGpu';
  if (chassis === null || !inSlots.has(accelerator.interconnect)) return chassis;
  const isLight = (accelerator.tdpW ?? 0) * gpus <= workload.assume('smallServerGpuWatts');
  return isLight && workload.assume(small) < workload.assume(chassis) ? small : chassis;
}

/** Accelerators with what they stand in: what is sold again, insured and maintained. */
export function machineUsd<Figure>(owned: Owned<Figure>): Figure {
  const { figures } = owned;
  const chassis = chassisOf(owned);
  if (chassis === null) return acceleratorsUsd(owned);
  return figures.sum('price of a machine', 'USD', acceleratorsUsd(owned), figures.parameter('chassis', chassis, owned));
}

/** An amount a machine and month, as a component of a unit: one machine at each place, by the hour. */
export const monthlyOfMachine = <Figure>(
  working: Formula,
  usdPerMonth: Figure,
  { machine, workload, figures }: Owned<Figure>,
): UnitComponent<Figure> => ({
  working,
  amount: figures.quotient(
    working.label,
    'USD/unit-hour',
    figures.product(working.label, 'USD/month', usdPerMonth, places(machine, figures)),
    figures.of(hoursInMonth(workload)),
  ),
});

/**
 * An amount a machine over the whole horizon, of which `upfrontUsd` is paid at the start: spread over the hours of the
 * horizon, and on no month's bill.
 */
export const onceOfMachine = <Figure>(
  working: Formula,
  usd: Figure,
  upfrontUsd: number,
  { machine, workload, figures }: Owned<Figure>,
): UnitComponent<Figure> => ({
  working,
  amount: figures.quotient(
    working.label,
    'USD/unit-hour',
    figures.product(working.label, 'USD', usd, places(machine, figures)),
    figures.stated('hours of the horizon', workload.hoursPerMonth * workload.months, 'hours', 'workload.horizon'),
  ),
  upfrontUsdPerUnit: upfrontUsd * machine.copies,
  once: true,
});

export const places = <Figure>({ copies }: OwnedMachine, figures: Figures<Figure>): Figure =>
  figures.given('places', copies, 'machines of a unit');

/**
 * Share of a debt to pay per period so that it is gone after `periods`, interest included:
 * i / (1 - (1 + i)^-n), and 1/n without interest (capital recovery factor of engineering economics).
 */
export function capitalRecoveryFactor(ratePerPeriod: number, periods: number): number {
  if (ratePerPeriod === 0) return 1 / periods;
  // 1 - (1 + i)^-n by logarithms, which keep the digits of small rates.
  return ratePerPeriod / -Math.expm1(-periods * Math.log1p(ratePerPeriod));
}

/** What owning something costs per period: its price, its worth at the end, the rate per period, the periods. */
export type Asset = { priceUsd: number; residualUsd: number; ratePerPeriod: number; periods: number };

/**
 * Annuity, USD per period: (price - residual) x CRF + residual x i. The residual is paid back at the end, so only its
 * interest is lost. With a rate of 0 the straight line of a book view.
 */
export const annuityUsd = ({ priceUsd, residualUsd, ratePerPeriod, periods }: Asset): number =>
  (priceUsd - residualUsd) * capitalRecoveryFactor(ratePerPeriod, periods) + residualUsd * ratePerPeriod;

/** What something bought for `priceUsd` is worth after `months`: price x (share kept after 36 months)^(months / 36). */
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

/** Everything that is paid when a machine is bought: itself, what connects and feeds it, duty and installation. */
function priceUsd<Figure>(owned: Owned<Figure>): Figure {
  const { figures, machine } = owned;
  const row = (label: string, name: string) => figures.parameter(label, name, owned);
  const goods = machine.desk
    ? machineUsd(owned)
    : figures.sum(
        'machine with network and storage',
        'USD',
        machineUsd(owned),
        row('network of a machine', 'networkingPerNodeEthernetInference'),
        row('storage of a machine', 'storagePerNode'),
      );
  const duty = figures.product('import duty', 'USD', goods, row('import duty', 'importDutyAndVatFraction'));
  return machine.desk
    ? figures.sum('price of a machine, delivered', 'USD', goods, duty)
    : figures.sum(
        'price of a machine, installed',
        'USD',
        goods,
        duty,
        row('installation', 'installationOneOffPerNode'),
      );
}

/**
 * What a machine costs that is bought at the start, again whenever its life ends within the horizon, and sold at the end
 * (the earlier ones are worn out): the price less the resale, and the cost of capital by the annuity. Network, storage,
 * duty and installation are not sold again.
 */
export function capital<Figure>(owned: Owned<Figure>): UnitComponent<Figure>[] {
  const { workload, machine, figures } = owned;
  const aging = agingOf(machine);
  const price = priceUsd(owned);
  const paidUsd = figures.valueOf(price);
  const lifeMonths = workload.assume(aging.years) * monthsPerYear;
  const purchases = Math.max(1, Math.ceil(workload.months / lifeMonths));
  const lastMonths = workload.months - (purchases - 1) * lifeMonths;
  const left = figures.predicted(
    `share of the price left after ${lastMonths} months`,
    residualUsd(1, workload.assume(aging.residual), lastMonths),
    'fraction',
    'what is left after three years ^ (months / 36)',
    [figures.parameter('share of the price left after three years', aging.residual, owned)],
  );
  const resale = figures.product('resale of the last machine', 'USD', machineUsd(owned), left);
  const bought = figures.product(
    'purchases',
    'USD',
    price,
    figures.stated('purchases in the horizon', purchases, 'purchases', 'workload.horizon'),
  );
  const ratePerPeriod = monthlyRate(workload.assume('costOfCapital'));
  const interest = (resaleUsd: number, months: number): number =>
    annuityUsd({ priceUsd: paidUsd, residualUsd: resaleUsd, ratePerPeriod, periods: months }) * months -
    (paidUsd - resaleUsd);
  const rate = figures.parameter('cost of capital a year', 'costOfCapital', owned);
  const annuity = 'annuity at the cost of capital, less what the machine loses in value';
  const last = figures.predicted(
    'cost of capital of the last machine',
    interest(figures.valueOf(resale), lastMonths),
    'USD',
    annuity,
    [price, resale, rate],
  );
  const earlier = figures.predicted(
    'cost of capital of the machines before it',
    purchases === 1 ? 0 : (purchases - 1) * interest(0, lifeMonths),
    'USD',
    annuity,
    [price, rate],
  );
  const paid = figures.difference('paid less resale', 'USD', bought, resale);
  const again = Array.from({ length: purchases - 1 }, (_, i) => Math.floor((i + 1) * lifeMonths));
  return [
    { ...onceOfMachine(formulas.purchase, paid, paidUsd, owned), ...(again.length > 0 && { again }) },
    onceOfMachine(formulas.interest, figures.sum('cost of capital', 'USD', last, earlier), 0, owned),
  ];
}
