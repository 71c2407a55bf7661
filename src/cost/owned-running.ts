import { type Formula, monthly } from '../formula/traced.js';
import { monthsPerYear, secondsPerHour } from '../units/month.js';
import type { BeyondRoom, Component, UnitComponent } from './fleet-bill.js';
import {
  accelerators,
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

const yearly = <Figure>(working: Formula, usdPerYear: Figure, one: Owned<Figure>): UnitComponent<Figure> => {
  const months = one.given('months in a year', monthsPerYear, 'months');
  return monthlyOfMachine(working, one.quotient(working.label, 'USD/month', usdPerYear, months), one);
};

const ofPrice = <Figure>(working: Formula, name: string, one: Owned<Figure>): UnitComponent<Figure> => {
  const share = one.row('fraction of the price a year', name);
  return yearly(working, one.product(working.label, 'USD/year', machineUsd(one), share), one);
};

/**
 * Upkeep of a machine, bought or owned. A server has a maintenance contract and monitoring; a desk machine is repaired
 * when it fails.
 */
export function upkeep<Figure>(one: Owned<Figure>): UnitComponent<Figure>[] {
  const { desk, chassis } = one.machine;
  const license = (): Figure => {
    const each = one.row('license of an accelerator', 'gpuSoftwareLicence');
    return one.product(formulas.license.label, 'USD/year', accelerators(one), each);
  };
  return [
    desk
      ? ofPrice(formulas.repair, 'gpuAnnualFailureFraction', one)
      : ofPrice(formulas.maintenance, 'maintenanceFractionPerYear', one),
    ofPrice(formulas.insurance, 'insuranceFractionPerYear', one),
    ...(chassis === null ? [] : [yearly(formulas.license, license(), one)]),
    ...(desk ? [] : [monthlyOfMachine(formulas.watch, one.row('monitoring of a host', 'observabilityPerHost'), one)]),
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

/** USD per kilowatt-hour of the machine: the tariff with the building's share on top. */
function kwhUsd<Figure>({ machine: { site }, row, product }: Owned<Figure>): Figure {
  const parts = [
    row('power of the building over that of its machines', site.pue),
    row('electricity', site.electricity),
    ...(site.colocation === null
      ? []
      : [row('share that is metered on top of the space', 'colocationPowerMeteredShare')]),
  ];
  return product('power for an hour', 'USD/kWh of the machine', ...parts);
}

/** What a machine draws whether it works or not. */
export const idlePower = <Figure>(one: Owned<Figure>): UnitComponent<Figure> => ({
  working: powerFormulas.idle,
  amount: one.product('power of an idle machine', 'USD/unit-hour', idleKw(one), kwhUsd(one), places(one)),
});

/** Energy of a request: watts above idle for as long as a unit works for it. Call once, then per request. */
export function workPower<Figure>(one: Owned<Figure>): (unitSeconds: number) => Component<Figure> {
  const above = one.difference('kW above idle', 'kW', servingKw(one), idleKw(one));
  const factors = [above, kwhUsd(one), places(one)];
  return (unitSeconds) => {
    const hours = one.given('busy hours of a request', unitSeconds / secondsPerHour, 'unit-hours');
    return { working: powerFormulas.work, amount: one.product('power of a request', 'USD/request', ...factors, hours) };
  };
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
export function space<Figure>(one: Owned<Figure>): UnitComponent<Figure>[] {
  const { desk, site } = one.machine;
  if (desk) return [];
  const [working, size, price] =
    site.colocation === null
      ? [siteFormulas.room, racks(one), one.row('floor of a rack', 'rackSpaceOwnRoom')]
      : [siteFormulas.colocation, ratedKw(one), one.row(spaceOfKw, site.colocation)];
  return [monthlyOfMachine(working, one.product('space', 'USD/month', size, price), one)];
}

const spaceOfKw = 'space, power and cooling of a kW';

/** Power feed and cooling beyond what an own room carries; a third party's building has no limit. */
export function beyondRoom<Figure>(one: Owned<Figure>): BeyondRoom<Figure> | null {
  const { site } = one.machine;
  if (site.colocation !== null) return null;
  const kw = ratedKw(one);
  const extra = one.product('space', 'USD/month', kw, one.row(spaceOfKw, site.beyondRoom));
  return {
    from: one.quotient('machines that a room carries', 'units', one.row('power of a room', 'roomPower'), kw),
    unitHour: monthlyOfMachine(siteFormulas.beyondRoom, extra, one),
  };
}

/** Costs before a machine can be installed; sunk for an existing one. */
export function fittingOut<Figure>(one: Owned<Figure>): UnitComponent<Figure>[] {
  const { row } = one;
  const { desk, site } = one.machine;
  if (desk) return [];
  const fitted = (working: Formula, size: Figure, price: Figure): UnitComponent<Figure>[] => {
    const usd = one.product('set-up', 'USD', size, price);
    return [onceOfMachine(working, usd, one.valueOf(usd), one)];
  };
  if (site.colocation !== null)
    return fitted(siteFormulas.rack, racks(one), row('set-up of a rack', 'colocationSetupOneOff'));
  const ofKw = [row('power distribution and UPS', 'rackPduUpsPerKw'), row('cooling', 'ownRoomCoolingCapexPerKw')];
  return fitted(siteFormulas.fittings, ratedKw(one), one.sum('power and cooling of a kW', 'USD/kW', ...ofKw));
}
