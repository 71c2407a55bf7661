import { engineOf } from '../capacity/replica.js';
import type { FleetCosts } from '../cost/fleet-bill.js';
import { ratesOf } from '../cost/fleet-rates.js';
import { rentedCosts, weightsDisk } from '../cost/rented-costs.js';
import { sizing } from './fleet-numbers.js';
import { fleetPlacement } from './fleet-placement.js';
import { type Bought, perOffer } from './market.js';
import type { Context } from './placement.js';
import { rentedUnits, rentUsd, tracedRent } from './rented-units.js';

const costsOf = perOffer((offer, context) => {
  const { termMonths, provider, followsHours, row, alsoOf } = offer;
  return rentedCosts(
    {
      usdPerHour: rentUsd(offer, context.workload),
      termMonths,
      provider,
      rows: alsoOf === undefined ? [row] : [row, alsoOf],
    },
    followsHours,
    context.workload,
    context.tables,
  );
});

function withDisk({ offer, diskGb }: Bought, context: Context): FleetCosts {
  const costs = costsOf(offer, context);
  return { ...costs, unitHour: [...costs.unitHour, weightsDisk(diskGb, context.workload, context.tables)] };
}

/** Open weights on GPUs rented in the team's own account. */
export const selfHostedCloud = fleetPlacement({
  kind: 'self-hosted-cloud',
  title: 'Open model on rented GPUs',
  personal: false,
  units: rentedUnits,
  engine: (_, { workload, tables }) => engineOf(workload, tables),
  costs: withDisk,
  rates: (bought, context) => ratesOf(withDisk(bought, context)),
  tracedRent: (offer, { gpus }, context) => tracedRent(offer, gpus, context),
  staff: ({ gpus }) => ({
    api: false,
    fleet: true,
    gpusPerUnit: gpus,
    role: null,
    setup: 'setupEffortSelfHostedCloud',
  }),
  sizing: (_, { workload }) => sizing(workload),
});
