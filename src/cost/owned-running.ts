import { facilityKwh } from '../capacity/energy-use.js';
import { type Formula, monthly } from '../formula/formula.js';
import { difference, given, parameter, product, quotient, sum, type Traced } from '../formula/traced.js';
import { monthsPerYear, secondsPerHour } from '../units/clock.js';
import type { BeyondRoom, Component, UnitComponent } from './fleet-bill.js';
import {
  idleKw,
  machineUsd,
  monthlyOfMachine,
  type Owned,
  onceOfMachine,
  places,
  racks,
  ratedKw,
  servingKw,
} from './owned-machine.js';

const formulas = {
  maintenance: monthly('other.maintenance', 'Maintenance contract', 'machines x price x fraction a year / 12'),
  repair: monthly('other.repair', 'Repairs', 'machines x price x failures a year / 12'),
  insurance: monthly('other.insurance', 'Insurance', 'machines x price x fraction a year / 12'),
  license: monthly('other.license', 'Software licenses', 'machines x accelerators x USD per accelerator-year / 12'),
  watch: monthly('other.observability', 'Monitoring', 'machines x USD per host-month'),
};

const yearly = (working: Formula, usdPerYear: Traced, owned: Owned): UnitComponent =>
  monthlyOfMachine(
    working,
    quotient(working.label, 'USD/month', usdPerYear, given('months in a year', monthsPerYear, 'months')),
    owned,
  );

const ofPrice = (working: Formula, name: string, owned: Owned): UnitComponent =>
  yearly(
    working,
    product(working.label, 'USD/year', machineUsd(owned), parameter('fraction of the price a year', name, owned)),
    owned,
  );

/**
 * What keeps a machine running, bought or owned. A server has a maintenance contract, which covers what fails, and is
 * monitored; a machine for a desk is repaired when it fails.
 */
export function upkeep(owned: Owned): UnitComponent[] {
  const { desk, chassis, gpus } = owned.machine;
  const license = product(
    formulas.license.label,
    'USD/year',
    given('accelerators of a machine', gpus, 'accelerators'),
    parameter('license of an accelerator', 'gpuSoftwareLicence', owned),
  );
  return [
    desk
      ? ofPrice(formulas.repair, 'gpuAnnualFailureFraction', owned)
      : ofPrice(formulas.maintenance, 'maintenanceFractionPerYear', owned),
    ofPrice(formulas.insurance, 'insuranceFractionPerYear', owned),
    ...(chassis === null ? [] : [yearly(formulas.license, license, owned)]),
    ...(desk
      ? []
      : [monthlyOfMachine(formulas.watch, parameter('monitoring of a host', 'observabilityPerHost', owned), owned)]),
  ];
}

const powerFormulas = {
  idle: monthly(
    'power.idle',
    'Power of idle machines',
    'machine-hours x idle watts x watts of the machine over those of its accelerators x PUE x USD/kWh',
  ),
  work: monthly(
    'power.work',
    'Power of the work',
    'requests x busy machine-seconds of one x (serving watts - idle watts) x watts of the machine over those of its accelerators x PUE x USD/kWh',
  ),
};

/** USD for a kilowatt of the machine through an hour: the building's share on top of it, at the tariff. */
function kwhUsd(owned: Owned): Traced {
  const { site } = owned.machine;
  return product(
    'power for an hour',
    'USD/kWh of the machine',
    parameter('power of the building over that of its machines', site.pue, owned),
    parameter('electricity', site.electricity, owned),
    ...(site.colocation === null
      ? []
      : [parameter('share that is metered on top of the space', 'colocationPowerMeteredShare', owned)]),
  );
}

/** What a machine draws whether it works or not. */
export const idlePower = (owned: Owned): UnitComponent => ({
  working: powerFormulas.idle,
  amount: product('power of an idle machine', 'USD/unit-hour', idleKw(owned), kwhUsd(owned), places(owned.machine)),
});

/** USD an hour that a unit works, by its factors: what it draws above idle. */
const workingHour = (owned: Owned): Traced[] => [
  difference('kW above idle', 'kW', servingKw(owned), idleKw(owned)),
  kwhUsd(owned),
  places(owned.machine),
];

const hoursOf = (unitSeconds: number): number => unitSeconds / secondsPerHour;

/** What a request adds: the watts above idle for as long as a unit works for it. Ask once, then for each request. */
export function workPower(owned: Owned): (unitSeconds: number) => Component {
  const factors = workingHour(owned);
  return (unitSeconds) => ({
    working: powerFormulas.work,
    amount: product(
      'power of a request',
      'USD/request',
      ...factors,
      given('busy hours of a request', hoursOf(unitSeconds), 'unit-hours'),
    ),
  });
}

/** The same in USD a request, which keeps nothing of what it is made of. */
export function workPowerUsd(owned: Owned): (unitSeconds: number) => number {
  const usdPerHour = workingHour(owned).reduce((usd, { value }) => usd * value, 1);
  return (unitSeconds) => usdPerHour * hoursOf(unitSeconds);
}

const siteFormulas = {
  colocation: monthly('other.colocation', 'Space in a colocation', 'machines x kW of one at most x USD per kW-month'),
  room: monthly('other.space', 'Space in the own room', 'machines x racks of one x USD per rack-month'),
  beyondRoom: monthly(
    'other.beyond-room',
    'Power feed and cooling beyond the room',
    'machines beyond those a room carries x kW of one at most x USD per kW-month of a colocation',
  ),
  rack: monthly('other.site-setup', 'Racks set up in the colocation', 'machines x racks of one x USD per rack, once'),
  fittings: monthly(
    'other.site-setup',
    'Power and cooling of the own room',
    'machines x kW of one at most x USD per kW of power distribution and cooling, once',
  ),
};

/** What the place of a machine costs a month: nothing for a desk. */
export function space(owned: Owned): UnitComponent[] {
  const { desk, site } = owned.machine;
  if (desk) return [];
  if (site.colocation !== null) {
    const price = parameter('space, power and cooling of a kW', site.colocation, owned);
    return [monthlyOfMachine(siteFormulas.colocation, product('space', 'USD/month', ratedKw(owned), price), owned)];
  }
  const price = parameter('floor of a rack', 'rackSpaceOwnRoom', owned);
  return [monthlyOfMachine(siteFormulas.room, product('space', 'USD/month', racks(owned), price), owned)];
}

/** Power feed and cooling beyond what a room of one's own carries; a third party's building carries any number. */
export function beyondRoom(owned: Owned): BeyondRoom | null {
  const { site } = owned.machine;
  if (site.colocation !== null) return null;
  const kw = ratedKw(owned);
  const price = parameter('space, power and cooling of a kW', site.beyondRoom, owned);
  return {
    from: quotient('machines that a room carries', 'units', parameter('power of a room', 'roomPower', owned), kw),
    unitHour: monthlyOfMachine(siteFormulas.beyondRoom, product('space', 'USD/month', kw, price), owned),
  };
}

/** What has to be paid before a machine can stand there: sunk for one that stands there already. */
export function fittingOut(owned: Owned): UnitComponent[] {
  const { desk, site } = owned.machine;
  if (desk) return [];
  const kw = ratedKw(owned);
  const usd =
    site.colocation !== null
      ? product('set-up', 'USD', racks(owned), parameter('set-up of a rack', 'colocationSetupOneOff', owned))
      : product(
          'set-up',
          'USD',
          kw,
          sum(
            'power and cooling of a kW',
            'USD/kW',
            parameter('power distribution and UPS', 'rackPduUpsPerKw', owned),
            parameter('cooling', 'ownRoomCoolingCapexPerKw', owned),
          ),
        );
  return [onceOfMachine(site.colocation === null ? siteFormulas.fittings : siteFormulas.rack, usd, usd.value, owned)];
}

/** USD of electricity: kW of the equipment x load factor x PUE x hours x USD per kWh. */
export const energyUsd = (
  use: { kilowatts: number; loadFactor: number; pue: number; hours: number },
  usdPerKwh: number,
): number => facilityKwh(use.kilowatts, use.loadFactor, use.pue, use.hours) * usdPerKwh;
