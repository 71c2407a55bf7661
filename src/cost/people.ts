import type { Formula } from '../formula/formula.js';
import {
  difference,
  given,
  largest,
  parameter,
  product,
  quotient,
  type Source,
  stated,
  sum,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import type { Kind } from '../tables/rows.js';
import { certainlyAbove } from '../units/float.js';
import type { Workload } from '../workload/workload.js';

export const monthsPerYear = 12;
export const weeksPerYear = 52;

/** Work that is there once, however many deployments of a plan bring it; `perUnit`: once for each of their units. */
export type Role = {
  name: string;
  fte: number;
  /** Parameters it comes from. */
  parameters?: readonly string[];
  perUnit?: true;
};

/** What one deployment asks of people. */
export type Staff = {
  /** An API has to be integrated, once for each provider. */
  api: boolean;
  /** A fleet of our own, and GPUs of a unit that count for the fleet band (a workstation's do not). */
  fleet: boolean;
  gpusPerUnit: number;
  role: Role | null;
  /** Parameter with the person-weeks of setting it up. */
  setup: string;
};

/** What a plan asks of people: numbers only, whatever its deployments are. */
export type Staffing = {
  /** Providers of APIs, each once. */
  apiProviders: number;
  /** Fleets run by ourselves, and the GPUs of all of them together at the busiest hour. */
  fleets: number;
  gpus: number;
  /** Each once. */
  roles: readonly Role[];
  /** Parameters with the person-weeks of setting up, each once. */
  setups: readonly string[];
};

/** Adds up what deployments ask; `units` of a fleet stand at the busiest hour. */
export function staffingOf(deployments: readonly { provider: string; staff: Staff; units: number }[]): Staffing {
  const providers: string[] = [];
  const roles: Role[] = [];
  const setups: string[] = [];
  const counts = new Map<string, number>();
  let fleets = 0;
  let gpus = 0;
  for (const { provider, staff, units } of deployments) {
    if (staff.api && !providers.includes(provider)) providers.push(provider);
    if (staff.fleet) fleets++;
    gpus += units * staff.gpusPerUnit;
    const { role, setup } = staff;
    if (role?.perUnit) counts.set(role.name, (counts.get(role.name) ?? 0) + units);
    if (role !== null && !roles.some(({ name }) => name === role.name)) roles.push(role);
    if (!setups.includes(setup)) setups.push(setup);
  }
  const counted =
    counts.size === 0 ? roles : roles.map((role) => ({ ...role, fte: role.fte * (counts.get(role.name) ?? 1) }));
  return { apiProviders: providers.length, fleets, gpus, roles: counted, setups };
}

export const runFormula: Formula = {
  id: 'people.run',
  label: 'People who run it',
  unit: 'USD/month',
  text: '(fleet band by total GPUs + further fleets x adder + roles + API integrations - baseline) FTE x yearly cost / 12',
};
export const setupFormula: Formula = {
  id: 'people.setup',
  label: 'People who set it up',
  unit: 'USD/month',
  text: '(set-up weeks of each kind of place once - baseline) / 52 x yearly cost / months of the horizon',
};

/** FTE to run a fleet of `gpus`: flat up to the small band's end, straight lines between band ends, per GPU above the last. */
export function fleetFte(gpus: number, assume: (name: string) => number): number {
  if (gpus <= 0) return 0;
  return bandFte(gpus, [
    { upTo: assume('fleetBandSmallGpus'), fte: assume('fteSelfHostedCloudSmall') },
    { upTo: assume('fleetBandMediumGpus'), fte: assume('fteSelfHostedCloudMedium') },
    { upTo: assume('fleetBandLargeGpus'), fte: assume('fteSelfHostedCloudLarge') },
  ]);
}

/**
 * FTE to keep a model running on `devices` of users: flat up to the small band's end, a straight line to where the large
 * band begins, flat to its end, per device above.
 */
export const deviceFte = (devices: number, assume: (name: string) => number): number =>
  bandFte(devices, [
    { upTo: assume('deviceBandSmallEnd'), fte: assume('fteEdgeSmall') },
    { upTo: assume('deviceBandLargeStart'), fte: assume('fteEdgeLarge') },
    { upTo: assume('deviceBandLargeEnd'), fte: assume('fteEdgeLarge') },
  ]);

/** Flat up to the first band's end, straight lines between band ends, in proportion above the last. */
function bandFte(size: number, bands: readonly { upTo: number; fte: number }[]): number {
  let below = bands[0] as (typeof bands)[number];
  if (size <= below.upTo) return below.fte;
  for (const band of bands.slice(1)) {
    if (size <= band.upTo) return below.fte + ((band.fte - below.fte) * (size - below.upTo)) / (band.upTo - below.upTo);
    below = band;
  }
  return (below.fte * size) / below.upTo;
}

/** FTE of a plan, less the least that any option needs. Never falls with GPUs, fleets or providers. */
export function fteOf(
  { apiProviders, fleets, gpus, roles }: Omit<Staffing, 'setups'>,
  assume: (name: string) => number,
): number {
  let run = fleetFte(gpus, assume) + Math.max(0, fleets - 1) * assume('ftePerFurtherFleet');
  for (const { fte } of roles) run += fte;
  return Math.max(0, run + apiProviders * assume('fteCloudApi') - assume('peopleBaseline'));
}

/** The parameter of a kind: `setupEffort` + `self-hosted-cloud` = `setupEffortSelfHostedCloud`. */
export function parameterOf(prefix: string, kind: Kind): string {
  const key = `${prefix}-${kind}`;
  let name = names.get(key);
  if (name === undefined) {
    name = key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    names.set(key, name);
  }
  return name;
}
const names = new Map<string, string>();

/** One-off USD to set a plan up: each kind of place once, less the least that any option needs. */
export function setupUsd({ setups }: Pick<Staffing, 'setups'>, workload: Workload): number {
  let weeks = -workload.assume('setupBaseline');
  for (const name of setups) weeks += workload.assume(name);
  return (Math.max(0, weeks) / weeksPerYear) * workload.team.yearlyCostUsd;
}

/** USD a month for `fte` people at full cost. */
export const fteUsdPerMonth = (fte: number, workload: Workload): number =>
  (fte * workload.team.yearlyCostUsd) / monthsPerYear;

/** USD a month of people and set-up for what a plan consists of. */
export const peopleUsd = (staffing: Staffing, workload: Workload): number =>
  fteUsdPerMonth(fteOf(staffing, workload.assume), workload) + setupUsd(staffing, workload) / workload.months;

/** What people cost in cash: only what exceeds the team's free time. */
export const cashExtraUsd = (fte: number, workload: Workload): number =>
  fteUsdPerMonth(Math.max(0, fte - workload.team.freeFte), workload);

/**
 * The share of set-up work that is paid in cash. One person at least does it, as in the playbook: what of that person is not
 * free has to be bought.
 */
export const setupCashShare = ({ team }: Workload): number => Math.max(0, 1 - team.freeFte);

/**
 * Whether people, a bill or what is paid up front of part of a plan are over a limit of whole plans: they only grow with the
 * rest.
 *
 * @param people FTE, and USD of setting up, spread over the months
 * @param billedUsd USD a month
 * @param machinesUsd USD that machines cost before they work
 */
export function turnsDown(
  { fte, setupUsd: setup }: { fte: number; setupUsd: number },
  billedUsd: number,
  workload: Workload,
  machinesUsd = 0,
): boolean {
  const { team, rules } = workload;
  if (fte > (rules.maxFte ?? Number.POSITIVE_INFINITY) * certainlyAbove) return true;
  if (team.given && !team.mayHire && fte > team.freeFte * certainlyAbove) return true;
  const upfront = machinesUsd + setup * workload.months * setupCashShare(workload);
  if (upfront > (rules.budgetUpfrontUsd ?? Number.POSITIVE_INFINITY) * certainlyAbove) return true;
  return (
    billedUsd + cashExtraUsd(fte, workload) > (rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) * certainlyAbove
  );
}

const fte = 'FTE';
const none = (unit: string) => given('none', 0, unit);

/** FTE of the fleets by their GPUs, as `fleetFte`: the small band's, a straight line between bands, per GPU above the last. */
function tracedFleetFte(gpus: Traced, context: Source): Traced {
  const label = 'people for the fleets';
  const [small, medium, large] = ['Small', 'Medium', 'Large'].map((size) => ({
    gpus: parameter(`GPUs of the ${size.toLowerCase()} band`, `fleetBand${size}Gpus`, context),
    fte: parameter(`people of the ${size.toLowerCase()} band`, `fteSelfHostedCloud${size}`, context),
  })) as [Band, Band, Band];
  if (gpus.value <= small.gpus.value) return { ...small.fte, label: `${label}: the small band` };
  for (const [below, above] of [
    [small, medium],
    [medium, large],
  ] as const) {
    if (gpus.value > above.gpus.value) continue;
    return sum(
      label,
      fte,
      below.fte,
      product(
        'on the way to the next band',
        fte,
        difference('from band to band', fte, above.fte, below.fte),
        quotient(
          'share of the way',
          'ratio',
          difference('GPUs above the band', 'GPUs', gpus, below.gpus),
          difference('GPUs from band to band', 'GPUs', above.gpus, below.gpus),
        ),
      ),
    );
  }
  return product(label, fte, quotient('people for a GPU', 'FTE/GPU', large.fte, large.gpus), gpus);
}

type Band = { gpus: Traced; fte: Traced };

/** What the FTE of a plan are made of; `gpus` tells how many GPUs count for the band. */
export function tracedFte(staffing: Omit<Staffing, 'setups'>, gpus: Traced, context: Source): Traced {
  const { apiProviders, fleets, roles } = staffing;
  const parts = [
    ...(gpus.value > 0 ? [tracedFleetFte(gpus, context)] : []),
    ...(fleets > 1
      ? [
          product(
            'further fleets',
            fte,
            given('fleets beyond the first', fleets - 1, 'fleets'),
            parameter('people for each', 'ftePerFurtherFleet', context),
          ),
        ]
      : []),
    ...roles.map((role) =>
      context.tables.parameterOf.has(role.name) && context.workload.assume(role.name) === role.fte
        ? parameter('work that is there once', role.name, context)
        : given(`work that is there once: ${role.name}`, role.fte, fte),
    ),
    ...(apiProviders > 0
      ? [
          product(
            'APIs',
            fte,
            given('providers to integrate', apiProviders, 'providers'),
            parameter('people for each', 'fteCloudApi', context),
          ),
        ]
      : []),
  ];
  const work = parts.length === 0 ? none(fte) : sumOf('work to run it', fte, parts);
  const least = parameter('least that any option needs', 'peopleBaseline', context);
  return largest('people needed', fte, difference('work beyond the least', fte, work, least), none(fte));
}

const yearlyCost = ({ workload }: Source): Traced =>
  stated('cost of a person', workload.team.yearlyCostUsd, 'USD/year', 'team.yearlyCost');

/** USD a month of people at full cost. */
export const tracedRunUsd = (people: Traced, context: Source): Traced =>
  quotient(
    runFormula.label,
    runFormula.unit,
    product('people', 'USD/year', people, yearlyCost(context)),
    given('months in a year', monthsPerYear, 'months'),
  );

/** One-off USD of setting a plan up, as `setupUsd`. */
export function tracedSetupUsd({ setups }: Pick<Staffing, 'setups'>, context: Source): Traced {
  const weeks = sumOf(
    'work to set it up',
    'weeks',
    setups.map((name) => parameter('work to set up a place', name, context)),
  );
  const least = parameter('least that any option needs', 'setupBaseline', context);
  return product(
    setupFormula.label,
    'USD',
    quotient(
      'work beyond the least',
      'years',
      largest(
        'weeks beyond the least',
        'weeks',
        difference('weeks less the least', 'weeks', weeks, least),
        none('weeks'),
      ),
      given('weeks in a year', weeksPerYear, 'weeks'),
    ),
    yearlyCost(context),
  );
}

/** What setting up costs in a month of the horizon. */
export const tracedSetupPerMonth = (once: Traced, { workload }: Source): Traced =>
  quotient(
    setupFormula.label,
    setupFormula.unit,
    once,
    stated('months of the horizon', workload.months, 'months', 'workload.horizon'),
  );
