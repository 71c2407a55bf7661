import { deviceFte, fteUsdPerMonth, type Staff, siteWork, weeksPerYear } from '../cost/people.js';
import type { Workload } from '../workload/workload.js';

/** What people of a plan depend on, as numbers: parameters, and every kind of staff (index = place in `staffs`). */
export type PeopleColumns = {
  api: Uint8Array;
  share: Float64Array;
  /** Place among `siteNames`; -1: none. */
  site: Int32Array;
  sites: Float64Array;
  desk: Uint8Array;
  deviceFte: Float64Array;
  shipped: Uint8Array;
  /** Set-up as one bit, and weeks by bit. */
  setup: Int32Array;
  setupWeeks: Float64Array;
  onPremBit: number;
  siteFte: Float64Array;
  siteGrowth: Float64Array;
  usdPerFte: number;
  usdPerWeek: number;
  slope: number;
  growth: number;
  ftePerModel: number;
  ftePerFleet: number;
  fteApi: number;
  fteBase: number;
  fteOnCall: number;
  fteShipped: number;
  deskFrom: number;
  deskAll: number;
  deskWeeks: number;
  weeksPerSite: number;
  weeksPerDoubling: number;
  doublingFrom: number;
};

const siteNames = Object.keys(siteWork) as (keyof typeof siteWork)[];

export function peopleColumns(staffs: readonly Staff[], workload: Workload): PeopleColumns {
  const { assume, team, months } = workload;
  const setups = [...new Set(staffs.map(({ setup }) => setup))].filter((name) => name !== null);
  const learning = team.isLearning ? assume('learningFactor') : 1;
  return {
    api: Uint8Array.from(staffs, ({ api }) => (api ? 1 : 0)),
    share: Float64Array.from(staffs, ({ share }) => share),
    site: Int32Array.from(staffs, ({ site }) => (site === null ? -1 : siteNames.indexOf(site))),
    sites: Float64Array.from(staffs, ({ sites }) => sites),
    desk: Uint8Array.from(staffs, ({ site }) => (site === 'fteDeskBox' ? 1 : 0)),
    deviceFte: Float64Array.from(staffs, ({ devices }) => deviceFte(devices, assume)),
    shipped: Uint8Array.from(staffs, ({ shipped }) => (shipped ? 1 : 0)),
    setup: Int32Array.from(staffs, ({ setup }) => (setup === null ? 0 : 1 << setups.indexOf(setup))),
    setupWeeks: Float64Array.from(setups, (name) => assume(name)),
    onPremBit: setups.includes('setupEffortOnPrem') ? 1 << setups.indexOf('setupEffortOnPrem') : 0,
    siteFte: Float64Array.from(siteNames, (name) => assume(name)),
    siteGrowth: Float64Array.from(siteNames, (name) => assume(siteWork[name])),
    usdPerFte: fteUsdPerMonth(1, workload),
    usdPerWeek: (learning * team.yearlyCostUsd) / weeksPerYear / months,
    slope: assume('fteMachineSlope'),
    growth: assume('fteMachineGrowth'),
    ftePerModel: assume('ftePerModel'),
    ftePerFleet: assume('ftePerFleet'),
    fteApi: assume('fteApi'),
    fteBase: assume('fteOwnWeightsBase'),
    fteOnCall: assume('fteOnCall'),
    fteShipped: assume('fteShippedDevices'),
    deskFrom: assume('deskRequestsPerDay'),
    deskAll: assume('deskServiceRequestsPerDay'),
    deskWeeks: Math.max(0, assume('setupEffortOnPrem') - assume('setupEffortWorkstation')),
    weeksPerSite: assume('setupPerSite'),
    weeksPerDoubling: assume('setupPerDoubling'),
    doublingFrom: assume('setupMachinesFrom'),
  };
}

/** What people depend on in a deployment: `staff`, mean machines at a site, provider and model (-1: none) by number. */
export type Staffed = {
  staff: number;
  machines: number;
  provider: number;
  model: number;
  onCall: number;
  requestsPerDay: number;
};

/** FTE for the machines of one fleet: it adds up over deployments, all else does not. */
export const machineFte = ({ share, sites, slope, growth }: PeopleColumns, staff: number, machines: number): number =>
  share[staff] === 0 || machines <= 0
    ? 0
    : (share[staff] as number) * slope * (machines * (sites[staff] as number)) ** growth;

/** People of a plan but for the machines of its fleets: FTE, and USD a month with setting up. */
type SharedPeople = { fte: number; usd: number };

/** What deployments share of people, as `staffingOf`, `sharedFte` and `setupUsd` have it. */
export function sharedPeople(columns: PeopleColumns, deployments: readonly Staffed[]): SharedPeople {
  const { desk, sites: sitesOf } = columns;
  const count = deployments.length;
  let [atDesk, deskCall, hasDesk] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const { staff, requestsPerDay, onCall } = deployments[i] as Staffed;
    if (desk[staff] === 0) continue;
    hasDesk = 1;
    atDesk += requestsPerDay / (sitesOf[staff] as number);
    deskCall = Math.max(deskCall, onCall);
  }
  const served = hasDesk === 0 ? 0 : servedAtDesks(columns, atDesk, deskCall);
  let [share, onCall, devices, shipped, machines, setups] = [0, 0, 0, 0, 0, 0];
  let [fleets, models, providers, fte] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const one = deployments[i] as Staffed;
    const { staff } = one;
    let [isFirstModel, isFirstProvider] = [one.model !== -1, columns.api[staff] === 1];
    for (let k = 0; k < i; k++) {
      const other = deployments[k] as Staffed;
      if (other.model === one.model) isFirstModel = false;
      if (columns.api[other.staff] === 1 && other.provider === one.provider) isFirstProvider = false;
    }
    if (isFirstModel) models++;
    if (isFirstProvider) providers++;
    setups |= columns.setup[staff] as number;
    devices = Math.max(devices, columns.deviceFte[staff] as number);
    shipped |= columns.shipped[staff] as number;
    const own = desk[staff] === 1 ? served : (columns.share[staff] as number);
    if (own === 0) continue;
    fleets++;
    const all = one.machines * (sitesOf[staff] as number);
    machines += all;
    if (desk[staff] === 1 && all > 0) fte += own * columns.slope * all ** columns.growth;
    share = Math.max(share, own);
    onCall = Math.max(onCall, one.onCall);
  }
  fte += Math.max(0, providers - 1) * columns.fteApi + devices + shipped * columns.fteShipped;
  if (models > 1) fte += (models - 1) * columns.ftePerModel;
  let mostSites = 0;
  for (let site = 0; site < siteNames.length; site++) {
    let [servers, sites] = [0, 0];
    for (let i = 0; i < count; i++) {
      const { staff, machines: there } = deployments[i] as Staffed;
      if (columns.site[staff] !== site) continue;
      servers += there;
      sites = Math.max(sites, sitesOf[staff] as number);
    }
    mostSites = Math.max(mostSites, sites - 1);
    if (servers > 0) fte += sites * (columns.siteFte[site] as number) * servers ** (columns.siteGrowth[site] as number);
  }
  if (share > 0)
    fte += share * (columns.fteBase + Math.max(0, fleets - 1) * columns.ftePerFleet + onCall * columns.fteOnCall);
  let weeks = 0;
  for (let bit = 0; bit < columns.setupWeeks.length; bit++)
    if (((setups >> bit) & 1) === 1) weeks += columns.setupWeeks[bit] as number;
  if ((setups & columns.onPremBit) === 0) weeks += served * columns.deskWeeks;
  if (setups !== 0) weeks += mostSites * columns.weeksPerSite;
  if (machines > columns.doublingFrom) weeks += Math.log2(machines / columns.doublingFrom) * columns.weeksPerDoubling;
  return { fte, usd: fte * columns.usdPerFte + weeks * columns.usdPerWeek };
}

/** How far boxes at desks are run like servers: 0 to 1. */
function servedAtDesks({ deskFrom, deskAll }: PeopleColumns, requestsPerDay: number, onCall: number): number {
  if (requestsPerDay <= deskFrom) return onCall;
  return requestsPerDay >= deskAll
    ? 1
    : Math.max(Math.log(requestsPerDay / deskFrom) / Math.log(deskAll / deskFrom), onCall);
}
