import type { Demand } from '../scenario/demand.js';
import type { ParameterRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { onVolumeAxis, requestsPerMonthPerDaily } from './axis.js';
import { at, fixedCost, scale } from './curve.js';
import { type FleetRule, fleetTerm, type Work } from './fleet-term.js';
import type { CostLine, Formula } from './line.js';

const bytesPerGb = 1e9;

/** What is paid for one unit of a rented fleet, per hour. */
export type UnitPrice = {
  instanceUsdPerHour: number;
  /** Payments over payments within the horizon: a commitment is paid whole. */
  commitment: number;
  diskGb: number;
  provider: string;
  rentalRow: number;
};

const formula = (id: string, label: string, text: string): Formula => ({ id, label, unit: 'USD/month', text });
const formulas = {
  follows: formula(
    'compute.instances',
    'Rented machines',
    'sum over hours of (machines the hour needs, for the scaling lag before a higher hour those of that hour, + spares) x USD per machine-hour',
  ),
  peak: formula(
    'compute.instances',
    'Reserved machines',
    '(machines the highest hour needs + spares) x hours/month x USD per machine-hour',
  ),
  overhang: formula(
    'compute.commitment',
    'Commitment beyond the horizon',
    'reserved machines x (months paid / months of the horizon - 1)',
  ),
  storage: formula(
    'storage.weights',
    'Disk for the weights',
    'machine-hours x GB of weights x USD per GB-month / hours in a month',
  ),
  platform: formula('other.platform', 'Load balancer and cluster', 'load balancer + control plane, once per fleet'),
  watch: formula('other.observability', 'Monitoring', 'machine-hours x USD per host-month / hours in a month'),
  egress: formula(
    'network.egress',
    'Traffic to users',
    'output tokens x bytes per token on the wire / 1e9 x USD per GB',
  ),
};

/** USD per unit-hour of everything that comes with a unit. */
export const unitUsdPerHour = (price: UnitPrice, demand: Demand): number =>
  price.instanceUsdPerHour * price.commitment +
  (price.diskGb * demand.assume('storageBlockSsd') + demand.assume('observabilityPerHost')) / demand.hoursPerMonth;

/** USD a month that a fleet costs whatever its size. */
export const platformUsd = (demand: Demand): number =>
  demand.assume('loadBalancer') + demand.assume('kubernetesControlPlane');

const dearestEgress = new WeakMap<Tables, ParameterRow>();

/**
 * USD per GB of traffic out of a provider; where the tables have no figure the highest one stands in, because traffic
 * of text is a small part of the bill.
 */
export function egressUsdPerGb(provider: string, tables: Tables): { usd: number; known: boolean; row: number } {
  const key = `egress-${provider}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const own = tables.parameterOf.get(key);
  if (own !== undefined) return { usd: own.likely, known: true, row: own.row };
  let dearest = dearestEgress.get(tables);
  if (dearest === undefined) {
    const all = tables.owning.filter(({ name, unit }) => name.startsWith('egress') && unit.endsWith('gb'));
    dearest = all.reduce((most, row) => (row.likely > most.likely ? row : most), all[0] as ParameterRow);
    dearestEgress.set(tables, dearest);
  }
  return { usd: dearest.likely, known: false, row: dearest.row };
}

/** USD a month of traffic per request a day. */
export const egressPerDaily = ({ slice }: Pick<Work, 'slice'>, usdPerGb: number, demand: Demand): number =>
  (requestsPerMonthPerDaily(slice, demand) * slice.tokens.output * demand.assume('bytesPerTokenOnTheWire') * usdPerGb) /
  bytesPerGb;

/** The bill of one rented fleet with these slices on it. */
export function fleetBill(
  price: UnitPrice,
  work: readonly Work[],
  rule: FleetRule,
  demand: Demand,
  tables: Tables,
): CostLine[] {
  const perUnitHour = fleetTerm(1, work, rule, demand);
  const units = { fixed: 0, perUnit: 0, terms: [perUnitHour] };
  const rental = [{ table: 'rental' as const, row: price.rentalRow }];
  const parameter = (name: string) => {
    const row = tables.parameterOf.get(name);
    return row === undefined ? [] : [{ table: row.table, row: row.row }];
  };
  const lines: CostLine[] = [];
  const put = (working: Formula, curve: CostLine['curve'], sources: CostLine['sources'], upfront = 0) =>
    lines.push({ part: working.id, label: working.label, curve, upfront, working, sources });
  const machines = scale(units, price.instanceUsdPerHour);
  if (rule.followsHours) put(formulas.follows, machines, [...rental, ...parameter('scalingLagMinutes')]);
  else put(formulas.peak, machines, rental);
  if (price.commitment > 1) {
    const overhang = scale(units, price.instanceUsdPerHour * (price.commitment - 1));
    put(formulas.overhang, overhang, rental, at(overhang, demand.requestsPerDay) * demand.months);
  }
  put(
    formulas.storage,
    scale(units, (price.diskGb * demand.assume('storageBlockSsd')) / demand.hoursPerMonth),
    parameter('storageBlockSsd'),
  );
  put(
    formulas.watch,
    scale(units, demand.assume('observabilityPerHost') / demand.hoursPerMonth),
    parameter('observabilityPerHost'),
  );
  put(formulas.platform, fixedCost(platformUsd(demand)), [
    ...parameter('loadBalancer'),
    ...parameter('kubernetesControlPlane'),
  ]);
  const egress = egressUsdPerGb(price.provider, tables);
  const working = egress.known
    ? formulas.egress
    : { ...formulas.egress, label: `${formulas.egress.label} (rate assumed)` };
  const curves = work.map(({ slice }) =>
    onVolumeAxis({ fixed: 0, perUnit: egressPerDaily({ slice }, egress.usd, demand), terms: [] }, slice, demand),
  );
  lines.push({
    part: working.id,
    label: working.label,
    curve: {
      fixed: curves.reduce((sum, { fixed }) => sum + fixed, 0),
      perUnit: curves.reduce((sum, { perUnit }) => sum + perUnit, 0),
      terms: [],
    },
    upfront: 0,
    working,
    sources: [{ table: 'owning', row: egress.row }],
    ...(!egress.known && { rateAssumed: true as const }),
  });
  return lines;
}
