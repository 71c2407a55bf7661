import { engineOf } from '../capacity/replica.js';
import { rentedCosts } from '../cost/rented-costs.js';
import { sizing } from './fleet-numbers.js';
import { fleetPlacement } from './fleet-placement.js';
import { rentedUnits, tracedRent } from './rented-units.js';

/** Open weights on GPUs rented in the team's own account. */
export const selfHostedCloud = fleetPlacement({
  kind: 'self-hosted-cloud',
  title: 'Open model on rented GPUs',
  personal: false,
  units: rentedUnits,
  engine: (_, { demand, tables }) => engineOf(demand.assume, tables),
  costs: ({ offer: { usdPerHour, termMonths, provider, followsHours, row }, diskGb }, { demand, tables }) =>
    rentedCosts({ usdPerHour, termMonths, provider, diskGb, row }, followsHours, demand, tables),
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
