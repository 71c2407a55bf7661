import type { Formula } from '../formula/traced.js';
import {
  difference,
  given,
  parameter,
  predicted,
  product,
  quotient,
  type Source,
  stated,
  sumOf,
  type Traced,
} from '../formula/traced.js';
import { monthsPerYear } from '../units/month.js';
import { certainlyAbove } from '../units/numeric.js';
import type { TaskPart, Workload } from '../workload/workload.js';

export const weeksPerYear = 52;

type Assume = (name: string) => number;

/** Sites of own servers: parameters of the work at one, and of its growth with their number. */
export const siteWork = {
  fteServerOwnRoom: 'fteMachineGrowth',
  fteServerColocation: 'fteMachineGrowth',
  fteDeskBox: 'fteDeskGrowth',
} as const;
type Site = keyof typeof siteWork;

/** The staff of one deployment, at any size. */
export type Staff = {
  /** Priced by token: a provider whose keys, limits and costs somebody watches. */
  api: boolean;
  /** Share of machine operations left to the team: 1 for rented and own ones, 0 without machines. */
  share: number;
  /** The parameter of that share; null: all or nothing of it. */
  shareOf: string | null;
  /** Where its machines stand, if they are one's own. */
  site: Site | null;
  /** Sites that have as many machines each. */
  sites: number;
  /** Devices of the company that somebody keeps a model running on. */
  devices: number;
  /** It is software shipped to its users' own devices, whatever their number. */
  shipped: boolean;
  /** Parameter with the person-weeks of its setup beyond every option's; null: none. */
  setup: string | null;
};

/** Nobody but for what every option needs. */
export const nobody: Staff = {
  api: false,
  share: 0,
  shareOf: null,
  site: null,
  sites: 1,
  devices: 0,
  shipped: false,
  setup: null,
};

/** Staff of a place; a one-off job has none, as a script sets up its machines. */
export const staffFor = (staff: Staff, { once }: Pick<Workload, 'once'>): Staff =>
  once ? { ...nobody, setup: staff.setup && 'setupEffortJob' } : staff;

/** One deployment of a plan, for its people. */
export type Staffed = {
  staff: Staff;
  provider: string;
  /** The model whose weights it serves; null: at an API, or on devices. */
  model: string | null;
  /** Mean number of machines at a site: instances as sold, endpoints, workers up, servers. */
  machines: number;
  /** How far somebody must be on call for what it serves: 0 to 1. */
  onCall: number;
  /** Requests a day that it serves. */
  requestsPerDay: number;
};

/** A deployment on machines: the team's share of the work, and mean machines at all sites. */
type Fleet = { share: number; shareOf: string | null; isDesk: boolean; machines: number };

/** People of a plan, over all its deployments. */
export type Staffing = {
  /** Largest share of running machines that is left to the team. */
  share: number;
  fleets: readonly Fleet[];
  /** Distinct models whose weights are served. */
  models: number;
  /** By place of own servers: how many at a site, and at how many sites. */
  sites: ReadonlyMap<Site, { servers: number; sites: number }>;
  onCall: number;
  /** Providers of APIs. */
  providers: number;
  devices: number;
  shipped: boolean;
  /** Parameters with the person-weeks of setting up, each once. */
  setups: readonly string[];
  /** How far boxes at desks are run like servers: 0 to 1. */
  served: number;
  /** Mean number of machines of all fleets. */
  machines: number;
};

const isDesk = ({ site }: Pick<Staff, 'site'>): boolean => site === 'fteDeskBox';

/**
 * How far boxes at desks are run like servers: 0 while all at a site serve a team and nobody is on call for them, 1
 * where they serve as many as a service or somebody always is; between, linear in the logarithm of the requests.
 */
function servedAtDesks(deployments: readonly Staffed[], assume: Assume): number {
  let [atSite, called] = [0, 0];
  for (const { staff, requestsPerDay, onCall } of deployments) {
    if (!isDesk(staff)) continue;
    atSite += requestsPerDay / staff.sites;
    called = Math.max(called, onCall);
  }
  const [from, all] = [assume('deskRequestsPerDay'), assume('deskServiceRequestsPerDay')];
  if (atSite <= from) return called;
  return atSite >= all ? 1 : Math.max(Math.log(atSite / from) / Math.log(all / from), called);
}

/** Sums the staff of deployments. */
export function staffingOf(deployments: readonly Staffed[], assume: Assume): Staffing {
  const fleets: Fleet[] = [];
  const models = new Set<string>();
  const providers = new Set<string>();
  const setups = new Set<string>();
  const sites = new Map<Site, { servers: number; sites: number }>();
  const served = servedAtDesks(deployments, assume);
  let [share, onCall, devices, all] = [0, 0, 0, 0];
  let shipped = false;
  for (const one of deployments) {
    const { staff, provider, model, machines, onCall: called } = one;
    const own = isDesk(staff) ? served : staff.share;
    if (staff.api) providers.add(provider);
    if (model !== null) models.add(model);
    if (staff.setup !== null) setups.add(staff.setup);
    devices = Math.max(devices, staff.devices);
    shipped ||= staff.shipped;
    if (staff.site !== null) {
      const known = sites.get(staff.site);
      sites.set(staff.site, {
        servers: (known?.servers ?? 0) + machines,
        sites: Math.max(known?.sites ?? 0, staff.sites),
      });
    }
    if (own === 0) continue;
    fleets.push({ share: own, shareOf: staff.shareOf, isDesk: isDesk(staff), machines: machines * staff.sites });
    all += machines * staff.sites;
    share = Math.max(share, own);
    onCall = Math.max(onCall, called);
  }
  return {
    share,
    fleets,
    models: models.size,
    sites,
    onCall,
    providers: providers.size,
    devices,
    shipped,
    setups: [...setups],
    served,
    machines: all,
  };
}

/**
 * How far tasks on the team's machines need an on-call person: 1 where the team says so, else from 0 at one required
 * availability to 1 at a higher one.
 */
export function onCallFor(taskParts: readonly TaskPart[], { team, assume }: Pick<Workload, 'team' | 'assume'>): number {
  if (team.onCall) return 1;
  const asked = taskParts.reduce((most, { needs }) => Math.max(most, needs.availability ?? 0), 0);
  const [from, all] = [assume('onCallFrom'), assume('onCallAll')];
  return Math.min(1, Math.max(0, (asked - from) / (all - from)));
}

export const runFormula: Formula = {
  id: 'people.run',
  label: 'People who run it',
  unit: 'USD/month',
  text: '(largest share x (base + further fleets + on call) + share x slope x machines^growth of each fleet + further models + servers at sites + further API providers + devices) FTE x yearly cost / 12',
};
export const setupFormula: Formula = {
  id: 'people.setup',
  label: 'People who set it up',
  unit: 'USD/month',
  text: '(set-up weeks of each deployment type once + some for each further site and each doubling of machines) x learning / 52 x yearly cost / months of the horizon',
};

/** FTE for the machines of one fleet: its share x slope x machines^growth. */
const fleetFte = (share: number, machines: number, assume: Assume): number =>
  share === 0 || machines <= 0 ? 0 : share * assume('fteMachineSlope') * machines ** assume('fteMachineGrowth');

/** FTE for a model on managed devices; the parameter is per thousand. */
export const deviceFte = (devices: number, assume: Assume): number =>
  devices <= 0 ? 0 : assume('fteManagedDevices') * (devices / perThousand) ** assume('fteDeviceGrowth');
const perThousand = 1000;

/** FTE of servers of one's own where they stand. */
const siteFte = (site: Site, { servers, sites }: { servers: number; sites: number }, assume: Assume): number =>
  servers <= 0 ? 0 : sites * assume(site) * servers ** assume(siteWork[site]);

/** FTE of a plan without its fleets' machines: what deployments share, and boxes at desks. */
export function sharedFte(
  { share, fleets, models, sites, onCall, providers, devices, shipped }: Staffing,
  assume: Assume,
): number {
  let fte = Math.max(0, providers - 1) * assume('fteApi') + deviceFte(devices, assume);
  if (shipped) fte += assume('fteShippedDevices');
  if (models > 1) fte += (models - 1) * assume('ftePerModel');
  for (const [site, there] of sites) fte += siteFte(site, there, assume);
  for (const fleet of fleets) if (fleet.isDesk) fte += fleetFte(fleet.share, fleet.machines, assume);
  if (share === 0) return fte;
  const further = Math.max(0, fleets.length - 1) * assume('ftePerFleet');
  return fte + share * (assume('fteOwnWeightsBase') + further + onCall * assume('fteOnCall'));
}

/**
 * FTE of a plan beyond what every option needs: one continuous formula for all kinds, never falling. Its basis is in
 * the sources of its parameters.
 */
export const fteOf = (staffing: Staffing, assume: Assume): number =>
  staffing.fleets.reduce(
    (fte, { share, isDesk: atDesk, machines }) => (atDesk ? fte : fte + fleetFte(share, machines, assume)),
    sharedFte(staffing, assume),
  );

/** What setting up is reckoned from. */
type ToSetUp = Pick<Staffing, 'setups' | 'machines' | 'served' | 'sites'>;

const furtherSites = (sites: Staffing['sites']): number =>
  [...sites.values()].reduce((most, one) => Math.max(most, one.sites - 1), 0);

/** Person-weeks of setup: each kind of place once, more per further site, and per doubling of machines above some. */
export function setupWeeks(
  { setups, machines, served, sites }: ToSetUp,
  { team, assume }: Pick<Workload, 'team' | 'assume'>,
): number {
  let weeks = 0;
  for (const name of setups) weeks += assume(name);
  if (!setups.includes('setupEffortOnPrem'))
    weeks += served * Math.max(0, assume('setupEffortOnPrem') - assume('setupEffortWorkstation'));
  if (setups.length > 0) weeks += furtherSites(sites) * assume('setupPerSite');
  weeks += Math.max(0, Math.log2(machines / assume('setupMachinesFrom'))) * assume('setupPerDoubling');
  return weeks * (team.isLearning ? assume('learningFactor') : 1);
}

/** One-off USD to set a plan up. */
export const setupUsd = (staffing: ToSetUp, workload: Workload): number =>
  (setupWeeks(staffing, workload) / weeksPerYear) * workload.team.yearlyCostUsd;

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
 * Whether people, a bill or up-front payments of part of a plan exceed a limit of whole plans; they only grow.
 *
 * @param fte people at the least
 * @param billedUsd USD a month
 * @param machinesUsd USD that machines cost before they work
 */
export function turnsDown({ fte }: { fte: number }, billedUsd: number, workload: Workload, machinesUsd = 0): boolean {
  const { team, rules } = workload;
  if (team.given && !team.mayHire && fte > team.freeFte * certainlyAbove) return true;
  // Wages of setting up are no cash for things.
  if (machinesUsd > (rules.budgetUpfrontUsd ?? Number.POSITIVE_INFINITY) * certainlyAbove) return true;
  return (
    billedUsd + cashExtraUsd(fte, workload) > (rules.budgetMonthlyUsd ?? Number.POSITIVE_INFINITY) * certainlyAbove
  );
}

const fte = 'FTE';

/** A number of machines to the power of a parameter, times the FTE of one. */
const grown = (label: string, one: Traced, machines: Traced, growth: Traced): Traced =>
  predicted(
    label,
    machines.value <= 0 ? 0 : one.value * machines.value ** growth.value,
    fte,
    `${one.label} x ${machines.label}^growth`,
    [one, machines, growth],
  );

/** How far boxes at desks are run like servers, of what it depends on. */
const servedShare = (share: number, context: Source): Traced =>
  predicted(
    'how far boxes at desks are run like servers',
    share,
    'ratio',
    'ln(requests a day at a site / those of a team) / ln(those of a service / those of a team), at least how far somebody is on call',
    [
      parameter('requests a day of a team', 'deskRequestsPerDay', context),
      parameter('requests a day of a service', 'deskServiceRequestsPerDay', context),
    ],
  );

/**
 * The derivation of a plan's FTE.
 *
 * @param machines mean machines of every fleet, in the order of the staffing; null: from the staffing
 */
export function tracedFte(staffing: Staffing, machines: readonly (Traced | null)[], context: Source): Traced {
  const { share, fleets, models, sites, onCall, providers, devices, shipped } = staffing;
  const named = (label: string, name: string) => parameter(label, name, context);
  const times = (label: string, of: string | null, part: Traced, own: number): Traced => {
    if (of !== null) return product(label, fte, named('share that is left to the team', of), part);
    return own < 1 ? product(label, fte, servedShare(own, context), part) : { ...part, label };
  };
  const further = (label: string, count: number, what: string, name: string): Traced | null =>
    count < 1
      ? null
      : product(label, fte, given(`${what} beyond the first`, count, what), named('people for each', name));
  const anyFleet = (): Traced =>
    sumOf('work that is there once', fte, [
      named('weights of one’s own', 'fteOwnWeightsBase'),
      further('further fleets', fleets.length - 1, 'fleets', 'ftePerFleet'),
      onCall === 0
        ? null
        : product(
            'on call',
            fte,
            given('how far availability asks for it', onCall, 'ratio'),
            named('people on call', 'fteOnCall'),
          ),
    ]);
  const ofFleet = ({ share: own, shareOf, machines: count }: Fleet, i: number): Traced => {
    const slope = named('people for one machine', 'fteMachineSlope');
    const growth = named('growth with machines', 'fteMachineGrowth');
    const all = machines[i] ?? given('machines, mean number', count, 'machines');
    return times('machines of a fleet', shareOf, grown('by their number', slope, all, growth), own);
  };
  const atSite = ([site, there]: [Site, { servers: number; sites: number }]): Traced => {
    const each = named('people for one server', site);
    const servers = given('servers, mean number', there.servers, 'servers');
    const ofOne = grown('at a site', each, servers, named('growth with servers', siteWork[site]));
    return product('servers where they stand', fte, given('sites', there.sites, 'sites'), ofOne);
  };
  const onDevices = (): Traced => {
    const each = named('people for a thousand', 'fteManagedDevices');
    const thousands = given('thousands of devices', devices / perThousand, 'thousand devices');
    return grown('devices', each, thousands, named('growth with devices', 'fteDeviceGrowth'));
  };
  const shareOf = fleets.find((fleet) => fleet.share === share)?.shareOf ?? null;
  const parts = [
    share === 0 ? null : times('machines, whatever their number', shareOf, anyFleet(), share),
    ...fleets.map(ofFleet),
    further('further models', models - 1, 'models', 'ftePerModel'),
    ...[...sites].map(atSite),
    further('further API providers', providers - 1, 'providers', 'fteApi'),
    devices === 0 ? null : onDevices(),
    shipped ? named('people for software on devices of users', 'fteShippedDevices') : null,
  ];
  return parts.every((part) => part === null)
    ? given('people needed beside what every option needs', 0, fte)
    : sumOf('people needed', fte, parts);
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
export function tracedSetupUsd({ setups, machines, served, sites }: ToSetUp, context: Source): Traced {
  const { workload } = context;
  const weeks = 'weeks';
  const named = (label: string, name: string) => parameter(label, name, context);
  const fewest = named('machines that make no difference', 'setupMachinesFrom');
  const doublings = Math.max(0, Math.log2(machines / fewest.value));
  const likeServers = (): Traced => {
    const [servers, boxes] = [named('servers', 'setupEffortOnPrem'), named('boxes', 'setupEffortWorkstation')];
    const more = difference('servers beyond boxes', weeks, servers, boxes);
    return product('boxes at desks that are run like servers', weeks, servedShare(served, context), more);
  };
  const doubled = (): Traced => {
    const formula = 'log2(machines / machines that make no difference)';
    const count = given('machines, mean number', machines, 'machines');
    const times = predicted('doublings of machines', doublings, 'doublings', formula, [count, fewest]);
    return product('many machines', weeks, times, named('work for each', 'setupPerDoubling'));
  };
  const others = setups.length > 0 ? furtherSites(sites) : 0;
  const work = sumOf('work to set it up', weeks, [
    ...setups.map((name) => named('work to set up a place', name)),
    served > 0 && !setups.includes('setupEffortOnPrem') ? likeServers() : null,
    others > 0
      ? product(
          'further sites',
          weeks,
          given('sites beyond the first', others, 'sites'),
          named('work at each', 'setupPerSite'),
        )
      : null,
    doublings > 0 ? doubled() : null,
  ]);
  const all = workload.team.isLearning
    ? product('work, learning as they go', weeks, work, named('times as long for a team that learns', 'learningFactor'))
    : work;
  return product(
    setupFormula.label,
    'USD',
    quotient('years', 'years', all, given('weeks in a year', weeksPerYear, weeks)),
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
