import type { Case } from '../../places/placement.js';
import type { Demand, Slice } from '../../workload/demand.js';
import { cascade } from './cascade.js';
import type { Cut, Slicing } from './cut.js';
import { edgeFallback } from './edge-fallback.js';
import { ragFineTuned } from './rag-fine-tuned.js';
import { sensitivitySplit } from './sensitivity-split.js';
import { tieredRouting } from './tiered-routing.js';

/** Shapes that cut up by how hard requests are: what is a part already, too. */
const byHardness: readonly Slicing[] = [tieredRouting, cascade];
/** Every shape that cuts a task up. What pairs two places for the same requests is beside them. */
const slicings: readonly Slicing[] = [...byHardness, sensitivitySplit, edgeFallback, ragFineTuned];

/** Every cut, and after them the same with their parts cut again by how hard requests are. */
function cutsOf(slice: Slice, of: Case): Cut[] {
  const cuts = (slice.part === 'all' ? slicings : byHardness).flatMap((slicing) => slicing(slice, of));
  const asParts = ({ shape, slices }: Cut): Cut => ({ shape, slices: slices.map(({ divisible: _, ...part }) => part) });
  return [...cuts.map(asParts), ...cuts.flatMap((cut) => cutAgain(cut, of)).map(asParts)];
}

/** With all parts cut again that can be, then with some of them alone: a part whose requests meet again is none. */
function cutAgain({ shape, slices }: Cut, of: Case): Cut[] {
  const ways = slices.map((part) => {
    const [cut] = part.divisible === undefined ? [] : byHardness.flatMap((slicing) => slicing(part, of));
    return cut === undefined ? [[part]] : [cut.slices, [part]];
  });
  // The last pick cuts none.
  return everyPick(ways)
    .slice(0, -1)
    .map((picked) => ({ shape, slices: picked }));
}

/** Every slice that a plan may serve: tasks as a whole, and their parts in any cut. */
const partsOf = (slice: Slice, of: Case): Slice[] => cutsOf(slice, of).flatMap(({ slices }) => slices);

/** The same slice under another demand, where it has one. */
export function findSliceIn(of: Case): (slice: Slice) => Slice | null {
  const byId = new Map(of.demand.slices.map((slice) => [slice.id, slice]));
  const partsOfTask = new Map<string, Slice[]>();
  return ({ id, task, cut }) => {
    const whole = byId.get(id);
    if (whole !== undefined) return whole;
    let parts = partsOfTask.get(task);
    if (parts === undefined) {
      parts = of.demand.slices.filter((slice) => slice.task === task).flatMap((slice) => partsOf(slice, of));
      partsOfTask.set(task, parts);
    }
    return parts.find((part) => part.id === id && part.cut?.key === cut?.key) ?? null;
  };
}

/** The same slice under another demand of the same tasks. */
export function sliceIn(of: Case): (slice: Slice) => Slice {
  const find = findSliceIn(of);
  return (slice) => {
    const found = find(slice);
    if (found === null) throw new Error(`no slice ${slice.id} in the demand`);
    return found;
  };
}

/** Every way to cut a task up, as the slices that stand in its place; first as a whole. */
export const waysToCut = (slice: Slice, of: Case): Slice[][] => [
  [slice],
  ...cutsOf(slice, of).map(({ slices }) => slices),
];

/**
 * Every way to cut all tasks up, first all as a whole. Where there are more than `slicingVariants`, or more than
 * `slicesWeighed` slices in them: all cut at once by their first cut, then one task at a time by it, then so by their second
 * cut and so on, as far as these limits go.
 */
export const variantsOf = (of: Case): Case[] =>
  picksOf(of).picks.map((slices, i) => (i === 0 ? of : variant(of, slices, i)));

/** Slices that one decision places, over all ways to cut the tasks up: how long it takes grows about as they do. */
export const slicesWeighed = (of: Case): number => sizeOf(picksOf(of).picks);

/** How many ways to cut the tasks up are weighed, and how many there are. */
export function waysWeighed(of: Case): { weighed: number; all: number } {
  const { picks, all } = picksOf(of);
  return { weighed: picks.length, all };
}

function picksOf(of: Case): { picks: Slice[][]; all: number } {
  const { slices, assume } = of.demand;
  const ways = slices.map((slice) => waysToCut(slice, of));
  const all = ways.reduce((product, one) => product * one.length, 1);
  if (all === 1) return { picks: [[...slices]], all };
  const [most, mostSlices] = [assume('slicingVariants'), assume('slicesWeighed')];
  const every = all <= most ? everyPick(ways) : [];
  if (every.length > 0 && sizeOf(every) <= mostSlices) return { picks: every, all };
  const some = somePicks(ways).slice(0, Math.max(1, most));
  return { picks: some.filter((_, i) => i === 0 || sizeOf(some.slice(0, i + 1)) <= mostSlices), all };
}

const sizeOf = (picks: readonly Slice[][]): number => picks.reduce((sum, slices) => sum + slices.length, 0);

/** What is remembered of slices holds of the same slices only. */
function variant({ memo, ...of }: Case, slices: Slice[], i: number): Case {
  const demand: Demand = { ...of.demand, slices };
  if (memo === undefined) return { ...of, demand };
  const key = `variant ${i}`;
  if (!memo.has(key)) memo.set(key, new Map());
  return { ...of, demand, memo: memo.get(key) as Map<string, unknown> };
}

const everyPick = (ways: readonly Slice[][][]): Slice[][] =>
  ways.reduce<Slice[][]>((picks, one) => picks.flatMap((pick) => one.map((way) => [...pick, ...way])), [[]]);

function somePicks(ways: readonly Slice[][][]): Slice[][] {
  /** All by the same cut; those that have fewer by their last. */
  const together = (cut: number) => ways.map((one) => Math.min(cut, one.length - 1));
  /** Each task that has it by this cut, all others as a whole. */
  const alone = (cut: number) =>
    ways.flatMap((one, own) => (cut < one.length ? [ways.map((_, task) => (task === own ? cut : 0))] : []));
  const most = Math.max(...ways.map((one) => one.length));
  const chosen = Array.from({ length: most }, (_, cut) => [together(cut), ...alone(cut)]).flat();
  const different = new Map(chosen.map((choice) => [choice.join(), choice]));
  return [...different.values()].map((choice) => ways.flatMap((one, task) => one[choice[task] as number] as Slice[]));
}
