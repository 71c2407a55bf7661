import { monthly } from '../formula/formula.js';
import { parameter, product, sum } from '../formula/traced.js';
import type { UnitComponent } from './fleet-bill.js';
import { monthlyOfMachine, type Owned, onceOfMachine, racks, ratedKw } from './owned-machine.js';

const formulas = {
  colocation: monthly('other.colocation', 'Space in a colocation', 'machines x kW of one at most x USD per kW-month'),
  room: monthly('other.space', 'Space in the own room', 'machines x racks of one x USD per rack-month'),
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
    return [monthlyOfMachine(formulas.colocation, product('space', 'USD/month', ratedKw(owned), price), owned)];
  }
  const price = parameter('floor of a rack', 'rackSpaceOwnRoom', owned);
  return [monthlyOfMachine(formulas.room, product('space', 'USD/month', racks(owned), price), owned)];
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
  return [onceOfMachine(site.colocation === null ? formulas.fittings : formulas.rack, usd, usd.value, owned)];
}
