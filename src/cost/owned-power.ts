import { monthly } from '../formula/formula.js';
import { difference, given, parameter, product, type Traced } from '../formula/traced.js';
import type { Component, UnitComponent } from './fleet-bill.js';
import { idleKw, type Owned, places, servingKw } from './owned-machine.js';

const secondsPerHour = 3600;

const formulas = {
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
  working: formulas.idle,
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
    working: formulas.work,
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
