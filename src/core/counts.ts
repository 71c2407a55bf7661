import { optionOnDevices } from '../places/device.js';
import { countOptions, type ModelGroups } from '../places/fleet-count.js';
import { splitsOf } from '../places/fleet-units.js';
import type { Context, TaskService } from '../places/placement.js';
import { placementOf } from '../places/registry.js';
import { context as contextRule } from '../rules/model.js';
import { devices as deviceRule } from '../rules/place.js';
import { gateOrder } from '../rules/registry.js';
import { mayRun } from '../rules/rule.js';
import type { Kind } from '../tables/rows.js';
import { longestPrompt, type TaskPart } from '../workload/workload.js';
import type { Admitted } from './admitted.js';
import { apiService } from './api-latency.js';
import { ownModelAt } from './catalog.js';
import { kindOf } from './kinds.js';
import { lateBits } from './latency.js';
import { bytesInGroup, leastOf, sequencesOf } from './memory-needs.js';
import { holdsContext, writtenBy } from './requests.js';
import { bitOf, firstRule } from './verdicts.js';

/** Options that were looked at, and how many each rule was the first to turn down. */
export type Counted = { total: number; feasible: number; rejectedBy: Map<string, number> };

/** Options of every deployment type by the first rule that turns them down. */
export function countsOf(admitted: Admitted, context: Context): ReadonlyMap<Kind, Counted> {
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
  const [taskPart] = context.workload.taskParts as [TaskPart];
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
  countApis(admitted, context, count);
  countMachines(admitted, bitsOf, written, context, count);
  countDevices(admitted, released, context, count);
  return counts;
}

type Count = (kind: Kind, rule: string | null, options: number) => void;

function countApis({ apis, verdicts }: Admitted, context: Context, count: Count): void {
  const { bits } = apiService(apis, context);
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
  const { items, schemes, machines } = catalog;
  const { units } = offers;
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const longest = longestPrompt(taskPart.tokens);
  const models = groupsOf(catalog, bitsOf);
  const atPlace = Array.from(verdicts.places, firstRule);
  const tokensOf = (item: number): number => longest + (written[items.family[item] as number] as number);
  const earlier = (a: string | null, b: string | null): string | null =>
    a === null || b === null || gateOrder.indexOf(a) <= gateOrder.indexOf(b) ? (a ?? b) : b;
  for (const [engine, settings] of offers.engines.entries()) {
    const sequences = sequencesOf(items, tokensOf, settings);
    const inGroups: (Float64Array | undefined)[] = [];
    const inGroup = (cards: number): Float64Array => {
      inGroups[cards] ??= bytesInGroup(items, sequences, cards, settings);
      return inGroups[cards];
    };
    for (const [k, kind] of kindOf.entries()) {
      const some = Array.from({ length: units.count }, (_, unit) => unit).filter(
        (unit) => units.kind[unit] === k && units.engine[unit] === engine,
      );
      if (some.length === 0) continue;
      const { cardBytes, runs } = machines[engine] as (typeof machines)[number];
      countOptions(
        models,
        units.sleeps[some[0] as number] === 1 ? inGroup : (gpus) => leastOf(splitsOf(gpus).map(inGroup)),
        some.map((unit) => {
          const accelerator = units.accelerator[unit] as number;
          const places = new Map<string | null, number>();
          for (let offer = units.firstOffer[unit] as number; offer < (units.firstOffer[unit + 1] as number); offer++) {
            const rule = atPlace[offers.place[offer] as number] ?? null;
            places.set(rule, (places.get(rule) ?? 0) + 1);
          }
          return {
            gpus: units.gpus[unit] as number,
            cardBytes: cardBytes[accelerator] as number,
            runs: (scheme) =>
              (units.personal[unit] === 1 || schemes[scheme]?.batchedServing === true) &&
              runs[accelerator * schemes.length + scheme] === 1,
            places,
          };
        }),
        { earlier, count: (rule, options) => count(kind, rule, options) },
      );
    }
  }
}

/** Items by their scheme and the first rule that turns them down. */
function groupsOf({ items }: Admitted['catalog'], bitsOf: (item: number) => number): ModelGroups {
  const groups: { scheme: number; gate: string | null }[] = [];
  const groupOf = new Int32Array(items.count);
  const known = new Map<number, number>();
  for (let item = 0; item < items.count; item++) {
    const bits = bitsOf(item);
    const scheme = items.scheme[item] as number;
    // Of the bits the lowest alone, so that there are few keys.
    const key = (bits & -bits) * bytes + scheme;
    let group = known.get(key);
    if (group === undefined) {
      group = groups.push({ scheme, gate: firstRule(bits) }) - 1;
      known.set(key, group);
    }
    groupOf[item] = group;
  }
  return { groups, groupOf };
}
/** Schemes are numbered in a byte. */
const bytes = 256;

function countDevices(
  { catalog, offers, verdicts }: Admitted,
  released: Int32Array,
  context: Context,
  count: Count,
): void {
  const { items, schemes } = catalog;
  const [taskPart] = context.workload.taskParts as [TaskPart];
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
