import { engineOf } from '../capacity/replica.js';
import type { FleetCosts } from '../cost/fleet-bill.js';
import { ratesOf } from '../cost/fleet-rates.js';
import { rentedCosts, weightsDisk } from '../cost/rented-costs.js';
import { sizing } from './fleet-numbers.js';
import { fleetPlacement } from './fleet-placement.js';
import { type Bought, perOffer } from './market.js';
import type { Case } from './placement.js';
import { rentedUnits, rentUsd, tracedRent } from './rented-units.js';

const costsOf = perOffer((offer, of) => {
  const { termMonths, provider, followsHours, row, alsoOf } = offer;
  return rentedCosts(
    { usdPerHour: rentUsd(offer, of.demand), termMonths, provider, rows: alsoOf === undefined ? [row] : [row, alsoOf] },
    followsHours,
    of.demand,
    of.tables,
  );
});

function withDisk({ offer, diskGb }: Bought, of: Case): FleetCosts {
  const costs = costsOf(offer, of);
  return { ...costs, unitHour: [...costs.unitHour, weightsDisk(diskGb, of.demand, of.tables)] };
}

/** Open weights on GPUs rented in the team's own account. */
export const selfHostedCloud = fleetPlacement({
  kind: 'self-hosted-cloud',
  title: 'Open model on rented GPUs',
  personal: false,
  units: rentedUnits,
  engine: (_, { demand, tables }) => engineOf(demand, tables),
  costs: withDisk,
  rates: (bought, of) => ratesOf(withDisk(bought, of)),
  tracedRent: (offer, { gpus }, of) => tracedRent(offer, gpus, of),
  staff: ({ gpus }) => ({
    api: false,
    fleet: true,
    gpusPerUnit: gpus,
    role: null,
    setup: 'setupEffortSelfHostedCloud',
  }),
  sizing: (_, { demand }) => sizing(demand),
});
