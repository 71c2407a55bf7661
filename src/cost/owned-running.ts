import { type Formula, monthly } from '../formula/formula.js';
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

const yearly = <Figure>(working: Formula, usdPerYear: Figure, owned: Owned<Figure>): UnitComponent<Figure> => {
  const { figures } = owned;
  const months = figures.given('months in a year', monthsPerYear, 'months');
  return monthlyOfMachine(working, figures.quotient(working.label, 'USD/month', usdPerYear, months), owned);
};

const ofPrice = <Figure>(working: Formula, name: string, owned: Owned<Figure>): UnitComponent<Figure> => {
  const { figures } = owned;
  const share = figures.parameter('fraction of the price a year', name, owned);
  return yearly(working, figures.product(working.label, 'USD/year', machineUsd(owned), share), owned);
};

/**
 * What keeps a machine running, bought or owned. A server has a maintenance contract, which covers what fails, and is
 * monitored; a machine for a desk is repaired when it fails.
 */
export function upkeep<Figure>(owned: Owned<Figure>): UnitComponent<Figure>[] {
  const { figures } = owned;
  const { desk, chassis, gpus } = owned.machine;
  const components = [
    desk
      ? ofPrice(formulas.repair, 'gpuAnnualFailureFraction', owned)
      : ofPrice(formulas.maintenance, 'maintenanceFractionPerYear', owned),
    ofPrice(formulas.insurance, 'insuranceFractionPerYear', owned),
  ];
  if (chassis !== null) {
    const license = figures.product(
      formulas.license.label,
      'USD/year',
      figures.given('accelerators of a machine', gpus, 'accelerators'),
      figures.parameter('license of an accelerator', 'gpuSoftwareLicence', owned),
    );
    components.push(yearly(formulas.license, license, owned));
  }
  if (!desk) {
    const watched = figures.parameter('monitoring of a host', 'observabilityPerHost', owned);
    components.push(monthlyOfMachine(formulas.watch, watched, owned));
  }
  return components;
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
function kwhUsd<Figure>(owned: Owned<Figure>): Figure {
  const { figures } = owned;
  const { site } = owned.machine;
  const parts = [
    figures.parameter('power of the building over that of its machines', site.pue, owned),
    figures.parameter('electricity', site.electricity, owned),
  ];
  if (site.colocation !== null)
    parts.push(figures.parameter('share that is metered on top of the space', 'colocationPowerMeteredShare', owned));
  return figures.product('power for an hour', 'USD/kWh of the machine', ...parts);
}

/** What a machine draws whether it works or not. */
export function idlePower<Figure>(owned: Owned<Figure>): UnitComponent<Figure> {
  const { machine, figures } = owned;
  const parts = [idleKw(owned), kwhUsd(owned), places(machine, figures)];
  return {
    working: powerFormulas.idle,
    amount: figures.product('power of an idle machine', 'USD/unit-hour', ...parts),
  };
}

/** What a request adds: the watts above idle for as long as a unit works for it. Ask once, then for each request. */
export function workPower<Figure>(owned: Owned<Figure>): (unitSeconds: number) => Component<Figure> {
  const { machine, figures } = owned;
  const factors = [
    figures.difference('kW above idle', 'kW', servingKw(owned), idleKw(owned)),
    kwhUsd(owned),
    places(machine, figures),
  ];
  return (unitSeconds) => ({
    working: powerFormulas.work,
    amount: figures.product(
      'power of a request',
      'USD/request',
      ...factors,
      figures.given('busy hours of a request', unitSeconds / secondsPerHour, 'unit-hours'),
    ),
  });
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
export function space<Figure>(owned: Owned<Figure>): UnitComponent<Figure>[] {
  const { figures } = owned;
  const { desk, site } = owned.machine;
  if (desk) return [];
  const monthlyFor = (working: Formula, size: Figure, label: string, price: string) => [
    monthlyOfMachine(
      working,
      figures.product('space', 'USD/month', size, figures.parameter(label, price, owned)),
      owned,
    ),
  ];
  return site.colocation === null
    ? monthlyFor(siteFormulas.room, racks(owned), 'floor of a rack', 'rackSpaceOwnRoom')
    : monthlyFor(siteFormulas.colocation, ratedKw(owned), spaceOfKw, site.colocation);
}

const spaceOfKw = 'space, power and cooling of a kW';

/** Power feed and cooling beyond what a room of one's own carries; a third party's building carries any number. */
export function beyondRoom<Figure>(owned: Owned<Figure>): BeyondRoom<Figure> | null {
  const { figures } = owned;
  const { site } = owned.machine;
  if (site.colocation !== null) return null;
  const kw = ratedKw(owned);
  const room = figures.parameter('power of a room', 'roomPower', owned);
  const price = figures.parameter(spaceOfKw, site.beyondRoom, owned);
  return {
    from: figures.quotient('machines that a room carries', 'units', room, kw),
    unitHour: monthlyOfMachine(siteFormulas.beyondRoom, figures.product('space', 'USD/month', kw, price), owned),
  };
}

/** What has to be paid before a machine can stand there: sunk for one that stands there already. */
export function fittingOut<Figure>(owned: Owned<Figure>): UnitComponent<Figure>[] {
  const { figures } = owned;
  const { desk, site } = owned.machine;
  if (desk) return [];
  const row = (label: string, name: string) => figures.parameter(label, name, owned);
  const usd =
    site.colocation !== null
      ? figures.product('set-up', 'USD', racks(owned), row('set-up of a rack', 'colocationSetupOneOff'))
      : figures.product(
          'set-up',
          'USD',
          ratedKw(owned),
          figures.sum(
            'power and cooling of a kW',
            'USD/kW',
            row('power distribution and UPS', 'rackPduUpsPerKw'),
            row('cooling', 'ownRoomCoolingCapexPerKw'),
          ),
        );
  const working = site.colocation === null ? siteFormulas.fittings : siteFormulas.rack;
  return [onceOfMachine(working, usd, figures.valueOf(usd), owned)];
}
