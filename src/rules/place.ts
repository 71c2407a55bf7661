import { type MemoryFit, mayFit } from '../capacity/memory.js';
import { type ClassFit, classFits, runs } from '../places/device.js';
import { lackWords } from '../places/fleet-service.js';
import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { shareTolerance } from '../workload/conversation.js';
import { facetOf, isNamed, isSite } from '../workload/source.js';
import { isDevelopment, type Rules } from '../workload/workload.js';
import { failed, type Gate, listText, type PlanGate, passed, unknown, type Verdict } from './rule.js';

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

/** A model on the users' devices runs on all of them. Its speed is for the rules on latency. */
export const devices: Gate = {
  id: 'devices',
  level: 'option',
  ofMachines: true,
  check(option, taskPart, context) {
    const need = 'every device runs it';
    if (option.onDevices === null && taskPart.deviceGroup === undefined) return passed;
    if (isDevelopment(taskPart) && option.onDevices !== null)
      return failed(() => ({
        need: 'machines for developers',
        have: 'devices of users',
        reason: 'developers cannot work on the devices of users',
      }));
    if (option.onDevices === null || option.deviceGroup?.name !== taskPart.deviceGroup)
      return failed(() => ({
        need,
        have: option.deviceGroup?.name ?? 'all devices',
        reason: `${option.id} is for other devices than ${taskPart.id}`,
      }));
    if ((context.workload.devices?.classes ?? []).length === 0)
      return unknown(() => ({ need, reason: 'say what the devices are, under devices.classes' }));
    const fits = classFits(option, taskPart, context);
    const share = shareOf(fits.filter(runs));
    if (share >= 1 - shareTolerance) return passed;
    return failed(() => ({
      need,
      have: `${percent(share)} of devices`,
      reason: reasonOf(option.model, fits),
      figures: {
        havePercent: share * 100,
        unnamedPercent: (1 - shareOf(fits)) * 100,
        ...inGb(roomiest(fits)?.memory()),
      },
    }));
  },
};

const shareOf = (fits: readonly ClassFit[]): number => fits.reduce((sum, { share }) => sum + share, 0);

/** Of the classes that a model does not fit on, the one with most room. */
const roomiest = (fits: readonly ClassFit[]): ClassFit | undefined =>
  fits.filter(({ seen }) => seen === null).sort((a, b) => roomOf(b) - roomOf(a))[0];

const roomOf = (fit: ClassFit): number => fit.memory()?.usableBytes ?? 0;

const bytesPerGb = 1e9;
const inGb = (memory: MemoryFit | null | undefined) =>
  memory && { needGb: memory.neededBytes / bytesPerGb, roomGb: memory.usableBytes / bytesPerGb };

function reasonOf(model: string, fits: readonly ClassFit[]): string {
  const named = (list: readonly ClassFit[]) => list.map(({ accelerator }) => accelerator).join(', ');
  const without = fits.filter(({ seen }) => seen === null);
  const busy = fits.filter(({ seen, keepsUp }) => seen !== null && !keepsUp);
  const unnamed = 1 - shareOf(fits);
  const most = roomiest(fits);
  const memory = most?.memory() ?? null;
  const lack =
    most === undefined || memory === null || memory.neededBytes <= memory.usableBytes
      ? ''
      : ` (${lackWords(memory, most.accelerator)})`;
  const [close, far] = [true, false].map((may) =>
    without.filter((fit) => {
      const found = fit.memory();
      return (found !== null && mayFit(found)) === may;
    }),
  ) as [ClassFit[], ClassFit[]];
  return [
    ...(close.length === 0 ? [] : [`${model} may not fit: measure it on ${named(close)}${lack}`]),
    ...(far.length === 0 ? [] : [`${model} does not fit on ${named(far)}${close.length === 0 ? lack : ''}`]),
    ...(busy.length === 0 ? [] : [`${model} cannot keep up with the requests on ${named(busy)}`]),
    ...(unnamed > shareTolerance ? [`${percent(unnamed)} of devices are of no class that is named`] : []),
  ].join('; ');
}

/** No more places than the scenario allows; fallbacks and overflows count. */
export const places: PlanGate = {
  id: 'places',
  check({ places }, { rules: { maxDeployments } }) {
    if (places <= maxDeployments) return passed;
    return failed(() => ({
      need: `${places} places to run`,
      have: `at most ${maxDeployments}`,
      reason: `has ${places} places to run, at most ${maxDeployments} are allowed`,
      turnsAt: { path: 'preferences.maxDeployments', value: places },
      figures: { need: places, have: maxDeployments },
    }));
  },
};

/** What an option is by the facets of a place. */
const facetsOf = ({ kind, provider, purchase }: Option): Record<'kind' | 'provider' | 'purchase', string | null> => ({
  kind,
  provider,
  purchase,
});

/** Excluded by preferences; changes without the `names`, unless something else excludes it. */
const isExcluded = (what: string, have: string, { exclude }: Rules, names: readonly string[], turns = true): Verdict =>
  failed(() => ({
    need: `not ${what}`,
    have,
    reason: `preferences exclude ${what}`,
    turnsAt: turns
      ? { path: 'preferences.exclude', value: listText(exclude.filter((name) => !names.includes(name))) }
      : null,
  }));

/** Excluded as preferences want others; allowed with `more` among them. */
const isNotWanted = (have: string, { only }: Rules, wanted: readonly string[], more: readonly string[]): Verdict =>
  failed(() => ({
    need: `only ${wanted.join(', ')}`,
    have,
    reason: `preferences ask for only ${wanted.join(', ')}`,
    turnsAt: { path: 'preferences.only', value: listText([...only, ...more]) },
  }));

/** Models that the user wants to see, or does not, by family, id or how they begin. */
export const modelWishes: Gate = {
  id: 'model-wishes',
  level: 'model',
  asks: (_, { workload: { rules } }) => rules.onlyModels.length > 0 || rules.exclude.length > 0,
  check(option, _, { workload: { rules } }) {
    const { family } = option;
    if (family === null) return passed;
    const wanted = rules.onlyModels;
    const excluded = rules.exclude.filter((name) => isNamed(name, option));
    if (excluded.length > 0) return isExcluded(excluded.join(', '), family, rules, excluded);
    if (wanted.length === 0 || wanted.some((name) => isNamed(name, option))) return passed;
    return isNotWanted(family, rules, wanted, [family]);
  },
};

/** Whether the user wants a second place for this: an overflow, or a fallback. */
export function wishOf(role: 'overflow' | 'failover', { workload: { rules } }: Context): Verdict {
  return rules.exclude.includes(role) ? isExcluded(role, role, rules, [role]) : passed;
}

/** Places that the user wants, or not: deployment types, providers and forms of purchase by name. */
export const preferences: Gate = {
  id: 'preferences',
  level: 'provider',
  asks: (_, { workload: { rules } }) => rules.only.length > 0 || rules.exclude.length > 0,
  check(option, _, { workload: { rules }, tables }) {
    if (rules.only.length === 0 && rules.exclude.length === 0) return passed;
    const facets = Object.entries(facetsOf(option)).filter((entry): entry is [string, string] => entry[1] !== null);
    const excluded = facets.flatMap(([, name]) => (rules.exclude.includes(name) ? [name] : []));
    const missing = facets.flatMap(([facet, name]) => {
      // An unknown name is that of a provider without offers: an error lifts no restriction.
      const wanted = rules.only.filter((one) => (facetOf(one, tables) ?? 'provider') === facet);
      // Own hardware among some providers means all sites, unless one is named.
      const anySite = isSite(name) && rules.only.includes(option.kind) && !wanted.some(isSite);
      return wanted.length > 0 && !wanted.includes(name) && !anySite ? [{ name, wanted }] : [];
    });
    const [name] = excluded;
    if (name !== undefined) return isExcluded(name, name, rules, excluded, missing.length === 0);
    const [first] = missing;
    if (first === undefined) return passed;
    const names = missing.map((other) => other.name);
    return isNotWanted(first.name, rules, first.wanted, names);
  },
};
