import { type Mode, modesOf, optionId } from '../places/option.js';
import type { ApiRow, TaskRow } from '../tables/columns.js';
import { type NameRow, namesFor, providerNamed } from '../tables/importers/format.js';
import { apiKindOf, findApiRow } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import { dayMs, hourMs } from './records.js';
import { addSums, type Group, type Lengths, noLengths, noSums, type Sums, type Usage } from './sums.js';

/** The price list row of a record's provider and model, as its format names them; null: none, or several. */
type FindRow = (format: string, provider: string | null, model: string | null) => ApiRow | null;

/**
 * A look-up by the names of pricing/import/names.csv. The provider is the format's own, the record's, or else the maker
 * if it sells the model, or the only seller.
 */
export function rowFinder(tables: Tables, names: readonly NameRow[]): FindRow {
  const providers = [...new Set(tables.api.map(({ provider }) => provider))];
  const sellers = (model: string): ApiRow[] =>
    providers.flatMap((provider) => findApiRow(tables, provider, model) ?? []);
  const find: FindRow = (format, provider, model) => {
    if (model === null) return null;
    const [only] = namesFor(names, { format, kind: 'provider', theirs: '', provider: '', instance: '' });
    const named = provider === null ? only : providerNamed(names, format, provider.toLowerCase(), tables)?.provider;
    if (named !== undefined) return findApiRow(tables, named, model);
    if (provider !== null) return null;
    const rows = sellers(model);
    const makers = rows.filter(({ endpointKind }) => endpointKind === 'first-party');
    const [row] = makers.length > 0 ? makers : rows;
    return (makers.length > 0 ? makers : rows).length === 1 ? (row ?? null) : null;
  };
  // A look-up reads the whole price list, and a thousand groups may be of a few models.
  const known = new Map<string, ApiRow | null>();
  return (...named) => {
    const key = named.join('\0');
    const row = known.has(key) ? (known.get(key) ?? null) : find(...named);
    known.set(key, row);
    return row;
  };
}

/** The mode in use: thinking with reasoning tokens, or as the only one. */
export function modeInUse(row: ApiRow, reasons: boolean, tables: Tables): Mode {
  const modes = modesOf(tables.capabilityOf.get(row.family) ?? null);
  if (modes.length === 1) return modes[0] as Mode;
  return reasons ? 'thinking' : 'standard';
}

/** Id of the option that a row is; null where it is none by itself. */
export function optionInUse(row: ApiRow, mode: Mode): string | null {
  const kind = apiKindOf(row);
  const none = { quantization: null, instance: null, region: null, purchase: null };
  return kind && optionId({ ...none, kind, provider: row.provider, model: row.modelId, mode });
}

/** Days of the load, so that volume, tokens and bill are of the same calls. */
export type Window = {
  /** Days since 1970, both within. */
  first: number;
  last: number;
  /** The first whole day there is. */
  earliest: number;
  /** How many, or of a trace a part of one. */
  days: number;
  /** Whether its days are whole, or what little there is was taken as it is. */
  isWhole: boolean;
};

/** What becomes a task of the scenario. */
export type UsageTask = Lengths & {
  name: string;
  /** As the source names it; of several models the one that cost most. */
  provider: string | null;
  model: string | null;
  models: number;
  row: ApiRow | null;
  batch: boolean;
  groups: Group[];
  sums: Sums;
  /** Calls a day. */
  perDay: number;
};

const mostDays = 28;
const mostTasks = 12;
const leastShareOfCost = 0.01;

/**
 * The last whole days, at most four weeks; all days if these have no calls. Records of a whole day begin in its first
 * hour, or end in its last.
 */
export function windowOf({ groups, from, to, bucketMs, isTrace }: Usage): Window {
  const [first, last] = [Math.floor(from / dayMs), Math.max(Math.floor(from / dayMs), Math.ceil(to / dayMs) - 1)];
  if (isTrace) return { first, last, earliest: first, days: Math.max(to - from, hourMs / 60) / dayMs, isWhole: false };
  const whole = {
    first: from - first * dayMs <= hourMs ? first : first + 1,
    last: (last + 1) * dayMs - to <= hourMs ? last : last - 1,
  };
  const isUsed = groups.some(({ days }) =>
    [...days].some(([day, { calls, input }]) => day >= whole.first && day <= whole.last && calls + input > 0),
  );
  if (!isUsed) return { first, last, earliest: first, days: last - first + 1, isWhole: false };
  // A bucket of a month lies on its first day: it cannot be cut.
  const start = bucketMs > dayMs ? whole.first : Math.max(whole.first, whole.last - mostDays + 1);
  return { first: start, last: whole.last, earliest: whole.first, days: whole.last - start + 1, isWhole: true };
}

/** Cost as reported and computed, USD. */
export const usdOf = ({ usd, computedUsd }: Sums): number => usd + computedUsd;

type Labeled = UsageTask & { label: string; modelLabel: string };

/**
 * Tasks of a window's groups, by name, model and tariff. Those below 1 % of the cost, and all beyond twelve, are merged
 * by model, and as `other` if still below 1 %.
 *
 * @param uncountedPerDay calls a day of groups whose source counts none, in proportion to their tokens
 */
export function tasksOf(
  { groups }: Usage,
  { first, last, days }: Window,
  findRow: FindRow,
  uncountedPerDay: number,
): UsageTask[] {
  const byKey = new Map<string, Labeled>();
  for (const group of groups) {
    const inWindow = [...group.days].filter(([day]) => day >= first && day <= last);
    if (inWindow.length === 0) continue;
    const row = findRow(group.format, group.provider, group.model);
    const modelLabel = row?.family ?? group.model ?? 'unknown-model';
    const label = slug(group.name ?? modelLabel);
    const key = `${label}\0${row ? `${row.provider}/${row.modelId}` : `${group.provider}/${group.model}`}\0${group.batch}`;
    const task = byKey.get(key) ?? { ...emptyTask(group, row), label, modelLabel: slug(modelLabel) };
    byKey.set(key, task);
    for (const [, sums] of inWindow) addSums(task.sums, sums);
    mergeLengths(task, group);
    task.groups.push(group);
  }
  const all = [...byKey.values()].filter(({ sums }) => sums.calls > 0 || sums.input + sums.output > 0);
  const isUncounted = ({ sums }: UsageTask) => sums.calls === 0;
  const tokensOf = ({ sums }: UsageTask) => sums.input + sums.output;
  const uncounted = all.filter(isUncounted).reduce((sum, task) => sum + tokensOf(task), 0);
  for (const task of all)
    if (isUncounted(task) && uncounted > 0) task.sums.calls = (uncountedPerDay * days * tokensOf(task)) / uncounted;

  const isPriced = all.some(({ sums }) => usdOf(sums) > 0);
  const costOf = (task: UsageTask) => (isPriced ? usdOf(task.sums) : tokensOf(task));
  const byCost = (tasks: Labeled[]) => tasks.sort((a, b) => costOf(b) - costOf(a) || (a.label < b.label ? -1 : 1));
  const sorted = byCost(all);
  const least = leastShareOfCost * sorted.reduce((sum, task) => sum + costOf(task), 0);
  const isLarge = (task: UsageTask) => costOf(task) >= least;
  for (let count = sorted.filter(isLarge).length; ; count--) {
    const rest = byCost(byModel(sorted.slice(count)));
    const large = rest.filter(isLarge);
    const small = rest.slice(large.length);
    const others = small.length > 1 ? [together(small, 'other')] : small;
    const tasks = [...sorted.slice(0, count), ...large, ...others];
    if (tasks.length > mostTasks && count > 0) continue;
    return withNames(tasks).map((task) => ({ ...task, perDay: task.sums.calls / days }));
  }
}

/** Tasks of one model and tariff as one. */
function byModel(tasks: readonly Labeled[]): Labeled[] {
  const alike = new Map<string, Labeled[]>();
  for (const task of tasks) {
    const key = `${task.modelLabel}\0${task.provider}\0${task.batch}`;
    alike.set(key, [...(alike.get(key) ?? []), task]);
  }
  return [...alike.values()].map((each) =>
    each.length === 1
      ? (each[0] as Labeled)
      : together(each, alike.size === 1 ? 'other' : `other-${each[0]?.modelLabel}`),
  );
}

/** Tasks as one, by the model of the first. */
function together(tasks: readonly Labeled[], label: string): Labeled {
  const [first] = tasks as [Labeled, ...Labeled[]];
  const { provider, model, row, modelLabel } = first;
  const batch = tasks.every((task) => task.batch);
  const one = { ...emptyTask({ provider, model, batch }, row), label, modelLabel };
  one.models = new Set(tasks.map((task) => task.modelLabel)).size;
  one.groups = tasks.flatMap(({ groups }) => groups);
  for (const task of tasks) {
    addSums(one.sums, task.sums);
    mergeLengths(one, task);
  }
  return one;
}

function withNames(tasks: readonly Labeled[]): UsageTask[] {
  const named: UsageTask[] = [];
  for (const { label, modelLabel, ...task } of tasks) {
    const models = new Set(tasks.filter((other) => other.label === label).map((other) => other.modelLabel));
    const base = models.size > 1 ? `${label}-${modelLabel}` : label;
    named.push({ ...task, name: unique(slug(task.batch ? `${base}-batch` : base), named) });
  }
  return named;
}

function emptyTask(from: Pick<Group, 'provider' | 'model' | 'batch'>, row: ApiRow | null): UsageTask {
  const { provider, model, batch } = from;
  return {
    ...{ name: '', provider, model, models: 1, row, batch, groups: [], perDay: 0, sums: noSums() },
    ...noLengths(),
  };
}

function mergeLengths(to: Lengths, from: Lengths): void {
  for (const key of ['input', 'output', 'ttft', 'total'] as const) to[key].merge(from[key]);
}

const longestName = 40;

/** A name as a scenario may have it: letters, digits, hyphens. */
export function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, longestName)
    .replace(/^-+|-+$/g, '');
  return /[A-Za-z]/.test(plain) ? plain : `task${plain === '' ? '' : '-'}${plain}`;
}

function unique(name: string, others: readonly { name: string }[]): string {
  const taken = (text: string) => others.some((other) => other.name === text);
  if (!taken(name) && name !== 'constructor' && name !== 'prototype') return name;
  let number = 2;
  while (taken(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}

/** The preset of nearest lengths, by logarithms; for deferrable work one that may wait. */
export function nearestPreset(presets: readonly TaskRow[], input: number, output: number, batch: boolean): string {
  const far = (row: TaskRow): number =>
    Math.log(row.inputTokens / Math.max(1, input)) ** 2 + Math.log(row.outputTokens / Math.max(1, output)) ** 2;
  const fitting = presets.filter(({ needsVision, batchable }) => !needsVision && (batchable || !batch));
  const [first] = fitting;
  return fitting.reduce((best, row) => (best && far(row) >= far(best) ? best : row), first)?.task ?? '';
}
