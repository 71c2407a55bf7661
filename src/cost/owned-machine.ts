import { type Formula, monthly } from '../formula/formula.js';
import {
  difference,
  given,
  largest,
  parameter,
  predicted,
  product,
  quotient,
  stated,
  sum,
  type Traced,
} from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { Origin, Tables } from '../tables/tables.js';
import { monthsPerYear } from '../units/clock.js';
import type { CostTerms } from '../workload/workload.js';
import { monthlyRate } from './break-even-line.js';
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

export type Owned = { machine: OwnedMachine; workload: CostTerms; tables: Tables };

const wattsPerKw = 1000;

/** A figure of a machine that several components need, made once. */
function once(make: (owned: Owned) => Traced): (owned: Owned) => Traced {
  const made = new WeakMap<Owned, Traced>();
  return (owned) => {
    const found = made.get(owned) ?? make(owned);
    made.set(owned, found);
    return found;
  };
}

export const acceleratorOrigin = ({ accelerator }: OwnedMachine): Origin => ({
  table: 'accelerators',
  row: accelerator.row,
});

/** Watts of the whole machine from those of its accelerators; a machine sold as one thing is rated as one. */
function wholeKw(label: string, watts: Traced, { machine, workload, tables }: Owned): Traced {
  const parts = [
    watts,
    given('accelerators of a machine', machine.gpus, 'accelerators'),
    ...(machine.accelerator.kind === 'soc'
      ? []
      : [
          parameter('watts of the machine over those of its accelerators', 'serverPowerOverGpuTdp', {
            workload,
            tables,
          }),
        ]),
    given('kilowatts in a watt', 1 / wattsPerKw, 'kW/W'),
  ];
  return product(label, 'kW', ...parts);
}

const ratedWatts = (machine: OwnedMachine): Traced =>
  given(
    `rated power of ${machine.accelerator.accelerator}`,
    machine.accelerator.tdpW ?? 0,
    'W',
    acceleratorOrigin(machine),
  );

/** Most that a machine draws: what space and cooling are sized for. */
export const ratedKw = once((owned) => wholeKw('kW of a machine at most', ratedWatts(owned.machine), owned));

const idleWatts = once(({ machine, workload, tables }) =>
  machine.accelerator.idleW === null
    ? product(
        'idle power, assumed',
        'W',
        ratedWatts(machine),
        parameter('idle power over rated power', 'idlePowerShareOfTdp', { workload, tables }),
      )
    : given(
        `idle power of ${machine.accelerator.accelerator}`,
        machine.accelerator.idleW,
        'W',
        acceleratorOrigin(machine),
      ),
);

/** What a machine draws with a model loaded and nothing to do. */
export const idleKw = once((owned) => wholeKw('kW of an idle machine', idleWatts(owned), owned));

/** What a machine draws while it serves. */
export const servingKw = (owned: Owned): Traced =>
  wholeKw(
    'kW of a serving machine',
    largest(
      'power while serving',
      'W',
      product(
        'power while serving',
        'W',
        ratedWatts(owned.machine),
        parameter('share of the rated power', 'gpuAveragePowerFractionOfTdpServing', owned),
      ),
      idleWatts(owned),
    ),
    owned,
  );

/** Racks that a machine takes: by the power a rack may draw. */
export const racks = once((owned) =>
  quotient('racks of a machine', 'racks', ratedKw(owned), parameter('power of a rack', 'rackPowerLimitTypical', owned)),
);

const acceleratorsUsd = ({ machine }: Owned): Traced =>
  product(
    'price of the accelerators',
    'USD',
    given(
      `price of ${machine.accelerator.accelerator}`,
      machine.accelerator.listPriceUsd ?? 0,
      'USD',
      acceleratorOrigin(machine),
    ),
    given('accelerators of a machine', machine.gpus, 'accelerators'),
  );

/** Cards in a slot; others are modules of a board that has a machine of its own. */
const inSlots: ReadonlySet<string> = new Set(['pcie', 'none']);

/** What the accelerators stand in: a small server is enough for cards that draw little together. */
function chassisOf({ machine: { accelerator, gpus, chassis }, workload }: Owned): string | null {
  const small = 'serverChassisSmallExclGpu';
  if (chassis === null || !inSlots.has(accelerator.interconnect)) return chassis;
  const isLight = (accelerator.tdpW ?? 0) * gpus <= workload.assume('smallServerGpuWatts');
  return isLight && workload.assume(small) < workload.assume(chassis) ? small : chassis;
}

/** Accelerators with what they stand in: what is sold again, insured and maintained. */
export const machineUsd = once((owned) => {
  const chassis = chassisOf(owned);
  if (chassis === null) return acceleratorsUsd(owned);
  return sum('price of a machine', 'USD', acceleratorsUsd(owned), parameter('chassis', chassis, owned));
});

/** An amount a machine and month, as a component of a unit: one machine at each place, by the hour. */
export const monthlyOfMachine = (
  working: Formula,
  usdPerMonth: Traced,
  { machine, workload }: Owned,
): UnitComponent => ({
  working,
  amount: quotient(
    working.label,
    'USD/unit-hour',
    product(working.label, 'USD/month', usdPerMonth, places(machine)),
    hoursInMonth(workload),
  ),
});

/**
 * An amount a machine over the whole horizon, of which `upfrontUsd` is paid at the start: spread over the hours of the
 * horizon, and on no month's bill.
 */
export const onceOfMachine = (
  working: Formula,
  usd: Traced,
  upfrontUsd: number,
  { machine, workload }: Owned,
): UnitComponent => ({
  working,
  amount: quotient(
    working.label,
    'USD/unit-hour',
    product(working.label, 'USD', usd, places(machine)),
    stated('hours of the horizon', workload.hoursPerMonth * workload.months, 'hours', 'workload.horizon'),
  ),
  upfrontUsdPerUnit: upfrontUsd * machine.copies,
  once: true,
});

export const places = ({ copies }: OwnedMachine): Traced => given('places', copies, 'machines of a unit');

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

/**
 * The same amount every period instead of `payments`, each at the end of its period: their present value times the capital
 * recovery factor; their sum over the periods without interest.
 */
export function levelPaymentUsd(payments: readonly number[], ratePerPeriod: number, periods: number): number {
  const present = payments.reduce((sum, payment, at) => sum + payment / (1 + ratePerPeriod) ** (at + 1), 0);
  return present * capitalRecoveryFactor(ratePerPeriod, periods);
}

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
const agingOf = ({ machine: { accelerator } }: Owned) => ({
  residual:
    accelerator.kind === 'consumer' || accelerator.kind === 'soc'
      ? 'residualValueConsumerAfter3y'
      : 'residualValueAfter3y',
  years: accelerator.kind === 'datacenter' ? 'depreciationYearsGpu' : 'depreciationYearsWorkstation',
});

/** Everything that is paid when a machine is bought: itself, what connects and feeds it, duty and installation. */
function priceUsd(owned: Owned): Traced {
  const row = (label: string, name: string) => parameter(label, name, owned);
  const goods = owned.machine.desk
    ? machineUsd(owned)
    : sum(
        'machine with network and storage',
        'USD',
        machineUsd(owned),
        row('network of a machine', 'networkingPerNodeEthernetInference'),
        row('storage of a machine', 'storagePerNode'),
      );
  const duty = product('import duty', 'USD', goods, row('import duty', 'importDutyAndVatFraction'));
  return owned.machine.desk
    ? sum('price of a machine, delivered', 'USD', goods, duty)
    : sum('price of a machine, installed', 'USD', goods, duty, row('installation', 'installationOneOffPerNode'));
}

/**
 * What a machine costs that is bought at the start, again whenever its life ends within the horizon, and sold at the end
 * (the earlier ones are worn out): the price less the resale, and the cost of capital by the annuity. Network, storage,
 * duty and installation are not sold again.
 */
export function capital(owned: Owned): UnitComponent[] {
  const { workload } = owned;
  const aging = agingOf(owned);
  const price = priceUsd(owned);
  const lifeMonths = workload.assume(aging.years) * monthsPerYear;
  const purchases = Math.max(1, Math.ceil(workload.months / lifeMonths));
  const lastMonths = workload.months - (purchases - 1) * lifeMonths;
  const left = predicted(
    `share of the price left after ${lastMonths} months`,
    residualUsd(1, workload.assume(aging.residual), lastMonths),
    'fraction',
    'what is left after three years ^ (months / 36)',
    [parameter('share of the price left after three years', aging.residual, owned)],
  );
  const resale = product('resale of the last machine', 'USD', machineUsd(owned), left);
  const bought = product(
    'purchases',
    'USD',
    price,
    stated('purchases in the horizon', purchases, 'purchases', 'workload.horizon'),
  );
  const ratePerPeriod = monthlyRate(workload.assume('costOfCapital'));
  const interest = (resaleUsd: number, months: number): number =>
    annuityUsd({ priceUsd: price.value, residualUsd: resaleUsd, ratePerPeriod, periods: months }) * months -
    (price.value - resaleUsd);
  const rate = parameter('cost of capital a year', 'costOfCapital', owned);
  const annuity = 'annuity at the cost of capital, less what the machine loses in value';
  const last = predicted('cost of capital of the last machine', interest(resale.value, lastMonths), 'USD', annuity, [
    price,
    resale,
    rate,
  ]);
  const earlier = predicted(
    'cost of capital of the machines before it',
    purchases === 1 ? 0 : (purchases - 1) * interest(0, lifeMonths),
    'USD',
    annuity,
    [price, rate],
  );
  const paid = difference('paid less resale', 'USD', bought, resale);
  const again = Array.from({ length: purchases - 1 }, (_, i) => Math.floor((i + 1) * lifeMonths));
  return [
    { ...onceOfMachine(formulas.purchase, paid, price.value, owned), ...(again.length > 0 && { again }) },
    onceOfMachine(formulas.interest, sum('cost of capital', 'USD', last, earlier), 0, owned),
  ];
}
