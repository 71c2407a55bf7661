import type { Candidate } from '../placements/candidate.js';
import type { Under } from './search-lines.js';

/**
 * Candidates that ask the same of people, as one: the least of each figure over its members, so that what bounds the group
 * bounds each of them. A group of one is a leaf.
 */
export type Group = {
  /** One of the members, for what all have in common; of a leaf the only one. */
  member: number;
  size: number;
  /** The same for all that ask the same of people (providers of APIs apart). */
  staffing: number;
  /** The provider of all of them; null: several. */
  provider: string | null;
  under: Under;
  /** Fewest units, and fewest GPUs, that stand at the busiest hour. */
  units: number;
  gpus: number;
  /** USD paid before they work for as few. */
  upfront: number;
  /** Whether no month's bill shows some of what a member costs. */
  once: boolean;
  /** USD a month by which each slice is billed more in the busiest month than in the mean one; null: nothing asks. */
  peaks: Float64Array | null;
  /** USD by which members differ: what splitting the group may win. */
  spread: number;
  halves: readonly [Group, Group] | null;
};

/** What a leaf is made of. */
export type Leaf = Pick<Group, 'staffing' | 'under' | 'units' | 'gpus' | 'upfront' | 'once' | 'peaks'>;

/** One group for each way to ask of people, split down to single candidates: first by provider, then by what tells costs apart. */
export function groupsOf(candidates: readonly Candidate[], leaves: readonly Leaf[]): Group[] {
  const byStaffing = new Map<number, number[]>();
  for (const [c, { staffing }] of leaves.entries()) {
    const members = byStaffing.get(staffing);
    if (members === undefined) byStaffing.set(staffing, [c]);
    else members.push(c);
  }
  return [...byStaffing.values()].map(groupOf);

  function groupOf(members: readonly number[]): Group {
    const [first] = members as [number];
    const leaf = leaves[first] as Leaf;
    const provider = (candidates[first] as Candidate).provider;
    if (members.length === 1) {
      return { ...leaf, member: first, size: 1, provider, spread: 0, halves: null };
    }
    const { figure, sum } = widest(members);
    const all = members.map((c) => leaves[c] as Leaf);
    let halves: readonly [Group, Group] | null = null;
    return {
      member: first,
      size: members.length,
      staffing: leaf.staffing,
      provider: members.every((c) => (candidates[c] as Candidate).provider === provider) ? provider : null,
      under: lowest(all.map(({ under }) => under)),
      units: all.reduce((least, { units }) => Math.min(least, units), leaf.units),
      gpus: all.reduce((least, { gpus }) => Math.min(least, gpus), leaf.gpus),
      upfront: all.reduce((least, { upfront }) => Math.min(least, upfront), leaf.upfront),
      once: all.some(({ once }) => once),
      peaks: all.reduce<Float64Array | null>((least, { peaks }) => least && peaks && lowered(least, peaks), leaf.peaks),
      spread: sum,
      // Most groups are never split.
      get halves() {
        halves ??= split(members, figure).map(groupOf) as [Group, Group];
        return halves;
      },
    };
  }

  function split(members: readonly number[], figure: number): [number[], number[]] {
    if (candidates[members[0] as number]?.staff.api) {
      const providers = [...new Set(members.map((c) => (candidates[c] as Candidate).provider))];
      if (providers.length > 1) {
        const early = new Set(providers.slice(0, providers.length >> 1));
        const isEarly = (c: number) => early.has((candidates[c] as Candidate).provider);
        return [members.filter(isEarly), members.filter((c) => !isEarly(c))];
      }
    }
    const sorted = members.toSorted((a, b) => figureOf(a, figure) - figureOf(b, figure) || a - b);
    return [sorted.slice(0, sorted.length >> 1), sorted.slice(sorted.length >> 1)];
  }

  /** Figure 0 is the start of the whole slope, the others are its slices. */
  function figureOf(c: number, figure: number): number {
    const { starts, lines } = (leaves[c] as Leaf).under;
    return (figure === 0 ? starts[0] : lines[0]?.[figure - 1]) as number;
  }

  function widest(members: readonly number[]): { figure: number; width: number; sum: number } {
    let best = { figure: 0, width: -1, sum: 0 };
    let sum = 0;
    const figures = 1 + ((leaves[members[0] as number] as Leaf).under.lines[0]?.length ?? 0);
    for (let figure = 0; figure < figures; figure++) {
      let least = Number.POSITIVE_INFINITY;
      let most = 0;
      for (const c of members) {
        const value = figureOf(c, figure);
        if (value < least) least = value;
        if (value > most) most = value;
      }
      // What some may not serve at all tells them apart the most; beyond some times the least nothing is chosen.
      const width = least === Number.POSITIVE_INFINITY ? 0 : Math.min(most - least, dearerTimes * least);
      sum += width;
      if (width > best.width) best = { figure, width, sum: 0 };
    }
    return { ...best, sum };
  }
}

const dearerTimes = 3;

/** The least of every figure. */
function lowest([first, ...others]: readonly Under[]): Under {
  const { starts, lines } = first as Under;
  const least: Under = { starts: starts.slice(), lines: lines.map((line) => line.slice()) };
  for (const other of others) {
    lower(least.starts, other.starts);
    for (let slope = 0; slope < lines.length; slope++)
      lower(least.lines[slope] as Float64Array, other.lines[slope] as Float64Array);
  }
  return least;
}

const lowered = (values: Float64Array, others: Float64Array): Float64Array =>
  values.map((value, i) => Math.min(value, others[i] as number));

function lower(values: Float64Array, others: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.min(values[i] as number, others[i] as number);
}
