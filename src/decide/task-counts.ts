import type { Admitted } from '../core/admitted.js';
import type { ApiService } from '../core/api-latency.js';
import { ownModelAt } from '../core/catalog.js';
import { kindCount, kindOf } from '../core/kinds.js';
import { lateBits } from '../core/latency.js';
import { holdsContext, writtenBy } from '../core/requests.js';
import type { Shape } from '../core/shape.js';
import { bitOf, firstRule } from '../core/verdicts.js';
import { optionOnDevices } from '../places/device.js';
import { splitsOf } from '../places/fleet-units.js';
import type { Context, TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { context as contextRule } from '../rules/model.js';
import { devices as deviceRule } from '../rules/place.js';
import { gates } from '../rules/registry.js';
import { mayRun } from '../rules/rule.js';
import type { Kind } from '../tables/rows.js';
import { firstAtLeast } from '../units/bisection.js';
import { memoized } from '../units/memo.js';
import { longestPrompt, onlyPart } from '../workload/workload.js';
import { lowerToGroup, sequencesOf } from './memory-needs.js';

/** Options that were looked at, and how many each rule was the first to turn down. */
export type Counted = { total: number; feasible: number; rejectedBy: Map<string, number> };

/** Options of every deployment type by the first rule that turns them down. */
export function countsOf({ admitted, context, service }: Shape): ReadonlyMap<Kind, Counted> {
  const counts = new Map(
    kindOf.map((kind): [Kind, Counted] => [kind, { total: 0, feasible: 0, rejectedBy: new Map() }]),
  );
  const count = (kind: Kind, rule: string | null, options: number): void => {
    const known = counts.get(kind) as Counted;
    known.total += options;
    if (rule === null) known.feasible += options;
    else known.rejectedBy.set(rule, (known.rejectedBy.get(rule) ?? 0) + options);
  };
  const { catalog, verdicts } = admitted;
  const taskPart = onlyPart(context.workload);
  const written = writtenBy(catalog, taskPart, context);
  const holds = holdsContext(catalog, written, taskPart);
  const tooLong = bitOf(contextRule.id);
  const released = verdicts.families.map((bits, family) => bits | (holds[family] === 1 ? 0 : tooLong));
  /** A scheme is only looked at of what passes as released. */
  const bitsOf = (item: number): number => {
    const family = catalog.items.family[item] as number;
    const whole = released[family] as number;
    return whole !== 0 ? whole : (verdicts.items[item] as number);
  };
  countApis(admitted, service, count);
  countMachines(admitted, bitsOf, written, context, count);
  countDevices(admitted, released, context, count);
  return counts;
}

type Count = (kind: Kind, rule: string | null, options: number) => void;

function countApis({ apis, verdicts }: Admitted, { bits }: ApiService, count: Count): void {
  const tooLong = bitOf(contextRule.id);
  for (let api = 0; api < apis.count; api++) {
    const late = (bits[api] as number) & ~tooLong;
    const others = (verdicts.apis[api] as number) | ((bits[api] as number) & tooLong);
    // What is seen is asked last.
    count(kindOf[apis.kind[api] as number] as Kind, firstRule(others !== 0 ? others : late), 1);
  }
}

function countMachines(
  { catalog, offers, verdicts }: Admitted,
  bitsOf: (item: number) => number,
  written: Float64Array,
  context: Context,
  count: Count,
): void {
  const { items, schemes, batched, machines } = catalog;
  const { units } = offers;
  const taskPart = onlyPart(context.workload);
  const longest = longestPrompt(taskPart.tokens);
  const groups = groupsOf(catalog, bitsOf);
  const tokensOf = (item: number): number => longest + (written[items.family[item] as number] as number);
  const atPlace = verdicts.places.map(ruleAt);
  /** By deployment type, rule against the model and rule against the place. */
  const totals = new Float64Array(kindCount * ruleCount * ruleCount);
  const ofRule = new Float64Array(ruleCount);
  const ofPlace = new Float64Array(ruleCount);
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
      ofRule.fill(0);
      for (let group = 0; group < groups.count; group++) {
        const models = fits[ofSize + group] as number;
        const scheme = groups.scheme[group] as number;
        if (models === 0 || runs[accelerator * schemes.length + scheme] === 0) continue;
        if (units.personal[unit] === 0 && batched[scheme] === 0) continue;
        const rule = groups.rule[group] as number;
        ofRule[rule] = (ofRule[rule] as number) + models;
      }
      ofPlace.fill(0);
      for (let offer = units.firstOffer[unit] as number; offer < (units.firstOffer[unit + 1] as number); offer++) {
        const rule = atPlace[offers.place[offer] as number] as number;
        ofPlace[rule] = (ofPlace[rule] as number) + 1;
      }
      const at = (units.kind[unit] as number) * ruleCount;
      for (let rule = 0; rule < ruleCount; rule++) {
        const models = ofRule[rule] as number;
        if (models === 0) continue;
        for (let place = 0; place < ruleCount; place++) {
          const total = (at + rule) * ruleCount + place;
          totals[total] = (totals[total] as number) + models * (ofPlace[place] as number);
        }
      }
    }
  }
  totals.forEach((options, at) => {
    if (options === 0) return;
    const [rule, place] = [Math.floor(at / ruleCount) % ruleCount, at % ruleCount];
    count(kindOf[Math.floor(at / ruleCount / ruleCount)] as Kind, ruleOf[Math.min(rule, place)] ?? null, options);
  });
}

/** Rules in the order in which they are asked; the last place is that of none. */
const ruleOf: readonly (string | null)[] = [...gates.map(({ id }) => id), null];
const ruleCount = ruleOf.length;
/** The place of the first rule that turns something down. */
const ruleAt = (bits: number): number => (bits === 0 ? ruleCount - 1 : 31 - Math.clz32(bits & -bits));

/** Items of one scheme that the same rule is the first to turn down. */
type Groups = { count: number; scheme: readonly number[]; rule: readonly number[]; ofItem: Int32Array };

function groupsOf({ items, schemes }: Admitted['catalog'], bitsOf: (item: number) => number): Groups {
  const numbers = new Int32Array(schemes.length * ruleCount).fill(-1);
  const all: number[] = [];
  const ofItem = new Int32Array(items.count);
  for (let item = 0; item < items.count; item++) {
    const key = ruleAt(bitsOf(item)) * schemes.length + (items.scheme[item] as number);
    if (numbers[key] === -1) numbers[key] = all.push(key) - 1;
    ofItem[item] = numbers[key] as number;
  }
  const rule = all.map((key) => Math.floor(key / schemes.length));
  return { count: all.length, scheme: all.map((key) => key % schemes.length), rule, ofItem };
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

function countDevices(
  { catalog, offers, verdicts }: Admitted,
  released: Int32Array,
  context: Context,
  count: Count,
): void {
  const { items, schemes } = catalog;
  const taskPart = onlyPart(context.workload);
  if (context.workload.devices === null) return;
  const place = verdicts.places[offers.devicePlace] as number;
  for (let item = 0; item < items.count; item++) {
    if (schemes[items.scheme[item] as number]?.batchedServing !== false) continue;
    const whole = released[items.family[item] as number] as number;
    if (whole !== 0) {
      count('edge', firstRule(whole), 1);
      continue;
    }
    const bits = (verdicts.items[item] as number) | place;
    const option = optionOnDevices(ownModelAt(catalog, item), null);
    const isTooMuch = !mayRun(deviceRule.check(option, taskPart, context, null));
    const others = bits | (isTooMuch ? bitOf(deviceRule.id) : 0);
    const seen = (): TaskService => placementOf('edge').service(option, taskPart, context) as TaskService;
    count('edge', firstRule(others !== 0 ? others : lateBits(option, taskPart, context, seen())), 1);
  }
}
