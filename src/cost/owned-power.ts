import type { Component, UnitComponent } from './fleet-bill.js';
import { monthly } from './formula.js';
import { idleKw, type Owned, places, servingKw } from './owned-machine.js';
import { difference, given, parameter, product, type Traced } from './traced.js';

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

/** What a request adds: the watts above idle for as long as a unit works for it. Ask once, then for each request. */
export function workPower(owned: Owned): (unitSeconds: number) => Component {
  const kw = difference('kW above idle', 'kW', servingKw(owned), idleKw(owned));
  const usdPerKwh = kwhUsd(owned);
  const copies = places(owned.machine);
  return (unitSeconds) => ({
    working: formulas.work,
    amount: product(
      'power of a request',
      'USD/request',
      kw,
      usdPerKwh,
      copies,
      given('busy hours of a request', unitSeconds / secondsPerHour, 'unit-hours'),
    ),
  });
}
