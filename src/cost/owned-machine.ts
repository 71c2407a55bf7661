import type { Formula } from '../formula/formula.js';
import { given, largest, parameter, product, quotient, stated, sum, type Traced } from '../formula/traced.js';
import type { AcceleratorRow } from '../tables/rows.js';
import type { Origin, Tables } from '../tables/tables.js';
import type { CostTerms } from '../workload/workload.js';
import type { UnitComponent } from './fleet-bill.js';
import { hoursInMonth } from './slice-trace.js';

/** Where a machine of one's own stands: names of the parameters that its power and space are priced with. */
export type Site = {
  pue: string;
  electricity: string;
  /** USD per kW and month of a third party's building; null: a room of one's own. */
  colocation: string | null;
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

/** Accelerators with what they stand in: what is sold again, insured and maintained. */
export const machineUsd = once((owned) => {
  const { chassis } = owned.machine;
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
