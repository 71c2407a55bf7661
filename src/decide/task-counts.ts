import { activationBytes } from '../capacity/memory.js';
import type { Engine } from '../capacity/replica.js';
import { sequenceBytesAt } from '../capacity/request-rate.js';
import { admit, bitOf, firstRule, lateBits } from '../core/admitted.js';
import { kindCount, kindOf } from '../core/apis.js';
import { ownModelAt } from '../core/catalog.js';
import type { ItemColumns } from '../core/items.js';
import { holdsContext, writtenBy } from '../core/order.js';
import { type Shape, shapeOf } from '../core/shape.js';
import { supplyOf } from '../core/supply.js';
import { promptToHold } from '../cost/prompt.js';
import { optionOnDevices } from '../places/device.js';
import { splitsOf } from '../places/option.js';
import type { Context, TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { context as contextRule } from '../rules/model.js';
import { devices as deviceRule } from '../rules/place.js';
import { gates } from '../rules/registry.js';
import { mayRun } from '../rules/rule.js';
import { aloneIn } from '../several/tasks.js';
import type { Kind } from '../tables/columns.js';
import { numbered, numbers } from '../units/columns.js';
import { memoized } from '../units/memo.js';
import { firstAtLeast } from '../units/numeric.js';
import { onlyPart, type TaskPart } from '../workload/workload.js';

/** Evaluated options, and how many each rule was the first to exclude. */
export type Counted = { total: number; feasible: number; rejectedBy: Map<string, number> };

/** Sums up what came of options. */
export function summed(counts: readonly Counted[]): Counted {
  const all: Counted = { total: 0, feasible: 0, rejectedBy: new Map() };
  for (const { total, feasible, rejectedBy } of counts) {
    all.total += total;
    all.feasible += feasible;
    for (const [rule, options] of rejectedBy) all.rejectedBy.set(rule, (all.rejectedBy.get(rule) ?? 0) + options);
  }
  return all;
}

/** The same for one of several tasks. */
export function countsFor(taskPart: TaskPart, context: Context): ReadonlyMap<Kind, Counted> {
  const alone = aloneIn(context, taskPart);
  return countsOf([shapeOf(admit(supplyOf(context), alone), alone)]);
}

/** A task with what rules say of models as released and in a scheme. */
type Ruled = Shape & { taskPart: TaskPart; written: Float64Array; released: Int32Array };

/**
 * Options of every deployment type by the first rule that excludes them: for all of some tasks, then for the largest.
 */
export function countsOf(shapes: readonly Shape[]): ReadonlyMap<Kind, Counted> {
  const counts = new Map(
    kindOf.map((kind): [Kind, Counted] => [kind, { total: 0, feasible: 0, rejectedBy: new Map() }]),
  );
  const count = (kind: Kind, rule: string | null, options: number): void => {
    const known = counts.get(kind) as Counted;
    known.total += options;
    if (rule === null) known.feasible += options;
    else known.rejectedBy.set(rule, (known.rejectedBy.get(rule) ?? 0) + options);
  };
  const tasks = shapes.map(ruled).sort((a, b) => b.taskPart.requestsPerDay - a.taskPart.requestsPerDay);
  countApis(tasks, count);
  countMachines(tasks, count);
  countDevices(tasks, count);
  return counts;
}

function ruled(shape: Shape): Ruled {
  const { catalog, verdicts } = shape.admitted;
  const taskPart = onlyPart(shape.context.workload);
  const written = writtenBy(catalog, taskPart, shape.context);
  const holds = holdsContext(catalog, written, taskPart, shape.context);
  const tooLong = bitOf(contextRule.id);
  const released = verdicts.families.map((bits, family) => bits | (holds[family] === 1 ? 0 : tooLong));
  return { ...shape, taskPart, written, released };
}

/** Rules against an item; a scheme is only looked at of what passes as released. */
function bitsOf({ admitted: { catalog, verdicts }, released }: Ruled, item: number): number {
  const whole = released[catalog.items.family[item] as number] as number;
  return whole !== 0 ? whole : (verdicts.items[item] as number);
}

type Count = (kind: Kind, rule: string | null, options: number) => void;

/** The rule that counts: none where something passes for a task, else that of the largest task. */
const firstOf = (rules: readonly (string | null)[]): string | null =>
  rules.includes(null) ? null : (rules[0] ?? null);

function countApis(tasks: readonly Ruled[], count: Count): void {
  const tooLong = bitOf(contextRule.id);
  const [{ admitted }] = tasks as readonly [Ruled];
  for (let api = 0; api < admitted.apis.count; api++) {
    const rules = tasks.map(({ admitted: { verdicts }, service }) => {
      const bits = service.bits[api] as number;
      const others = (verdicts.apis[api] as number) | (bits & tooLong);
      // Rules on latency come last.
      return firstRule(others !== 0 ? others : bits & ~tooLong);
    });
    count(kindOf[admitted.apis.kind[api] as number] as Kind, firstOf(rules), 1);
  }
}

function countMachines(tasks: readonly Ruled[], count: Count): void {
  const [{ admitted }] = tasks as readonly [Ruled];
  const { catalog, offers } = admitted;
  const { items, schemes, batched, machines } = catalog;
  const { units } = offers;
  const groups = groupsOf(tasks);
  /** Tokens of the task that needs the least room. */
  const tokensOf = (item: number): number =>
    tasks.reduce((least, { taskPart, written, context }) => {
      const family = items.family[item] as number;
      const prompt = promptToHold(catalog.families[family]?.option.family ?? null, taskPart, context);
      return Math.min(least, prompt + (written[family] as number));
    }, Number.POSITIVE_INFINITY);
  const places = placesOf(tasks);
  /** By deployment type, group of items and of places: options. */
  const totals = new Float64Array(kindCount * groups.rules.length * places.rules.length);
  const inGroup = new Float64Array(groups.rules.length);
  const atPlace = new Float64Array(places.rules.length);
  for (const [engine, settings] of offers.engines.entries()) {
    const { cardBytes, runs } = machines[engine] as (typeof machines)[number];
    const sequences = sequencesOf(items, tokensOf, settings);
    const sizes = Float64Array.from(new Set(cardBytes)).sort();
    const sizeOf = Int32Array.from(cardBytes, (size) => firstAtLeast(sizes, size));
    const lowered = (need: Float64Array, cards: number) => lowerToGroup(need, items, sequences, cards, settings);
    const anything = (): Float64Array => new Float64Array(items.count).fill(Number.POSITIVE_INFINITY);
    const asWhole = memoized((cards: number) => fittingOn(sizes, lowered(anything(), cards), groups));
    const ofBest = anything();
    /** By number of cuts: in the best of 1, 2, 4 and so many cards. */
    const inBest: Int32Array[] = [];
    for (let unit = 0; unit < units.count; unit++) {
      if (units.engine[unit] !== engine) continue;
      const gpus = units.gpus[unit] as number;
      const cuts = splitsOf(gpus).length;
      while (inBest.length < cuts) inBest.push(fittingOn(sizes, lowered(ofBest, 2 ** inBest.length), groups));
      const fits = units.sleeps[unit] === 1 ? asWhole(gpus) : (inBest[cuts - 1] as Int32Array);
      const accelerator = units.accelerator[unit] as number;
      const ofSize = (sizeOf[accelerator] as number) * groups.count;
      inGroup.fill(0);
      for (let group = 0; group < groups.count; group++) {
        const models = fits[ofSize + group] as number;
        const scheme = groups.scheme[group] as number;
        if (models === 0 || runs[accelerator * schemes.length + scheme] === 0) continue;
        if (units.personal[unit] === 0 && batched[scheme] === 0) continue;
        const rule = groups.rule[group] as number;
        inGroup[rule] = (inGroup[rule] as number) + models;
      }
      atPlace.fill(0);
      for (let offer = units.firstOffer[unit] as number; offer < (units.firstOffer[unit + 1] as number); offer++) {
        const place = places.of[offers.place[offer] as number] as number;
        atPlace[place] = (atPlace[place] as number) + 1;
      }
      const at = (units.kind[unit] as number) * inGroup.length;
      for (let rule = 0; rule < inGroup.length; rule++) {
        const models = inGroup[rule] as number;
        if (models === 0) continue;
        for (let place = 0; place < atPlace.length; place++) {
          const total = (at + rule) * atPlace.length + place;
          totals[total] = (totals[total] as number) + models * (atPlace[place] as number);
        }
      }
    }
  }
  totals.forEach((options, at) => {
    if (options === 0) return;
    const ofItem = groups.rules[Math.floor(at / atPlace.length) % inGroup.length] as readonly number[];
    const ofPlace = places.rules[at % atPlace.length] as readonly number[];
    const kind = kindOf[Math.floor(at / atPlace.length / inGroup.length)] as Kind;
    count(kind, firstOf(ofItem.map((rule, t) => ruleOf[Math.min(rule, ofPlace[t] as number)] ?? null)), options);
  });
}

/** Numbers of what the same rules exclude first, by task. */
function placesOf(tasks: readonly Ruled[]): { of: Int32Array; rules: readonly (readonly number[])[] } {
  const found = numbered<readonly number[]>((rules) => rules.join());
  const [{ admitted }] = tasks as readonly [Ruled];
  const of = numbers(admitted.offers.places.length, (place) =>
    found.of(tasks.map(({ admitted: { verdicts } }) => ruleAt(verdicts.places[place] as number))),
  );
  return { of, rules: found.all };
}

/** Rules in the order in which they are checked; the last place is for none. */
const ruleOf: readonly (string | null)[] = [...gates.map(({ id }) => id), null];
const ruleCount = ruleOf.length;
/** The place of the first rule that turns something down. */
const ruleAt = (bits: number): number => (bits === 0 ? ruleCount - 1 : 31 - Math.clz32(bits & -bits));

/** Items of one scheme that the same rules exclude first. */
type Groups = {
  count: number;
  scheme: readonly number[];
  /** Place among `rules`, which names the rule by task. */
  rule: readonly number[];
  rules: readonly (readonly number[])[];
  ofItem: Int32Array;
};

function groupsOf(tasks: readonly Ruled[]): Groups {
  const [{ admitted }] = tasks as readonly [Ruled];
  const { items, schemes } = admitted.catalog;
  const rules = numbered<readonly number[]>((ofTasks) => ofTasks.join());
  const keys = numbered<number>(String);
  const ofItem = numbers(items.count, (item) => {
    const rule = rules.of(tasks.map((task) => ruleAt(bitsOf(task, item))));
    return keys.of(rule * schemes.length + (items.scheme[item] as number));
  });
  const rule = keys.all.map((key) => Math.floor(key / schemes.length));
  const scheme = keys.all.map((key) => key % schemes.length);
  return { count: keys.all.length, scheme, rule, rules: rules.all, ofItem };
}

/** How many items of a group (column) fit on one card of a size (row). */
function fittingOn(sizes: Float64Array, need: Float64Array, { count, ofItem }: Groups): Int32Array {
  const fitting = new Int32Array(sizes.length * count);
  // From the size that the item before needs.
  let size = 0;
  for (let item = 0; item < need.length; item++) {
    const bytes = need[item] as number;
    while (size < sizes.length && (sizes[size] as number) < bytes) size++;
    while (size > 0 && (sizes[size - 1] as number) >= bytes) size--;
    const at = size * count + (ofItem[item] as number);
    if (at < fitting.length) fitting[at] = (fitting[at] as number) + 1;
  }
  for (let at = count; at < fitting.length; at++)
    fitting[at] = (fitting[at] as number) + (fitting[at - count] as number);
  return fitting;
}

function countDevices(tasks: readonly Ruled[], count: Count): void {
  const [{ admitted, context }] = tasks as readonly [Ruled];
  const { catalog, offers } = admitted;
  const { items, schemes } = catalog;
  if (context.workload.devices === null) return;
  for (let item = 0; item < items.count; item++) {
    if (schemes[items.scheme[item] as number]?.batchedServing !== false) continue;
    const rules = tasks.map((task) => {
      const whole = task.released[items.family[item] as number] as number;
      if (whole !== 0) return firstRule(whole);
      const { verdicts } = task.admitted;
      const bits = (verdicts.items[item] as number) | (verdicts.places[offers.devicePlace] as number);
      const option = optionOnDevices(ownModelAt(catalog, item), null);
      const isTooMuch = !mayRun(deviceRule.check(option, task.taskPart, task.context, null));
      const others = bits | (isTooMuch ? bitOf(deviceRule.id) : 0);
      if (others !== 0) return firstRule(others);
      const seen = placementOf('edge').service(option, task.taskPart, task.context) as TaskService;
      return firstRule(lateBits(option, task.taskPart, task.context, seen));
    });
    count('edge', firstOf(rules), 1);
  }
}

/**
 * Lowers `need` to the bytes that every item needs of each of so many cards with one sequence of its
 * tokens: weights, cache and activations. An item whose heads the cards do not divide stays as it is.
 */
function lowerToGroup(
  need: Float64Array,
  items: ItemColumns,
  sequence: Float64Array,
  cards: number,
  engine: Engine,
): Float64Array {
  // The formula is a sum of three products.
  const ofHidden = activationBytes(1, 0, 0, cards, engine);
  const ofFeedForward = activationBytes(0, 1, 0, cards, engine);
  const ofVocabulary = activationBytes(0, 0, 1, cards, engine);
  for (let item = 0; item < items.count; item++) {
    const heads = items.heads[item] as number;
    if (cards > 1 && (heads === 0 || heads % cards !== 0)) continue;
    const copies = items.latent[item] === 1 ? cards : Math.max(1, cards / (items.kvHeads[item] as number));
    const bytes =
      ((items.weightBytes[item] as number) + (sequence[item] as number) * copies) / cards +
      ofHidden * (items.hiddenSize[item] as number) +
      ofFeedForward * (items.feedForward[item] as number) +
      ofVocabulary * (items.vocabulary[item] as number);
    if (bytes < (need[item] as number)) need[item] = bytes;
  }
  return need;
}

/** Bytes of cache of a sequence of each item, paging included. */
function sequencesOf(items: ItemColumns, tokensOf: (item: number) => number, engine: Engine): Float64Array {
  const bytes = new Float64Array(items.count);
  for (let item = 0; item < items.count; item++)
    bytes[item] = sequenceBytesAt(items, item, tokensOf(item)) * engine.pagedKvOverhead;
  return bytes;
}
