import { secondKinds } from '../core/failover.js';
import { kindCount } from '../core/kinds.js';
import { type Board, frontOf } from './board.js';
import type { Choices, Limited } from './combine.js';
import type { Part } from './part.js';
import { marginAlikeUsd } from './parts.js';

/** What may serve every set, from parts on machines and others; made set by set on demand. */
export function choicesOf(board: Board, others: readonly Part[], taken: Taken, ruled: boolean): Choices {
  const { sets } = board.tasks;
  const othersOf: Part[][] = Array.from({ length: sets }, () => []);
  for (const part of others) if (taken.part(part)) (othersOf[part.set] as Part[]).push(part);
  const least = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
  for (let set = 1; set < sets; set++) {
    const first = frontOf(board, set).find((part) => taken.part(part));
    least[set] = (othersOf[set] as Part[]).reduce((usd, part) => Math.min(usd, part.usd), first?.usd ?? Infinity);
  }
  const limitedIn = (what: Limited): Float64Array => {
    const fewest = new Float64Array(sets).fill(Number.POSITIVE_INFINITY);
    for (let set = 1; set < sets; set++)
      for (const part of partsFor(set)) if (part[what] < (fewest[set] as number)) fewest[set] = part[what];
    return fewest;
  };
  const sorted: (readonly Part[] | undefined)[] = [];
  const partsFor = (set: number): readonly Part[] => {
    const all = () =>
      [...frontOf(board, set).filter((part) => taken.part(part)), ...(othersOf[set] as Part[])].sort(
        (a, b) => a.usd - b.usd,
      );
    sorted[set] ??= ruled ? all() : notDominated(board, all());
    return sorted[set];
  };
  const limited = ruled
    ? { fte: limitedIn('fte'), cashUsd: limitedIn('cashUsd'), upfrontUsd: limitedIn('upfrontUsd') }
    : null;
  return { least, limited, partsFor };
}

/** Parts for a set, cheapest first, that none before them could replace in any plan without rules. */
function notDominated({ people }: Board, sorted: readonly Part[]): Part[] {
  const keptOf = new Map<number, Part[]>();
  return sorted.filter((part) => {
    const kept = keptOf.get(part.staff) ?? [];
    const isDominated = kept.some(
      (one) =>
        one.owned === -1 &&
        (one.second === null || one.second.provider === part.second?.provider) &&
        (people.api[part.staff] === 0 || one.provider === part.provider) &&
        one.usd + (one.machines > part.machines ? marginAlikeUsd(people, one, part.machines) : 0) <= part.usd,
    );
    if (!isDominated) keptOf.set(part.staff, [...kept, part]);
    return !isDominated;
  });
}

/** Which parts may serve: by set, deployment type of the place and of its second one (-1: none), and whether owned. */
export type TakesPart = (set: number, kind: number, secondKind: number, isOwned: boolean) => boolean;

/** Parts that take part; whether a deployment type may serve a set at all, and with a second place. */
export type Taken = {
  part(part: Part): boolean;
  any(set: number, kind: number): boolean;
  anyPair(set: number, kind: number): boolean;
};

const everything: Taken = { part: () => true, any: () => true, anyPair: () => true };

/** Second places by their own place in the table: none is the first. */
const seconds = [-1, ...secondKinds];
const [unknown, yes, no] = [0, 1, 2];

/** Parts that may serve by a question, whose answers are cached. */
export function takenBy(takes: TakesPart | null, sets: number): Taken {
  if (takes === null) return everything;
  const answers = new Uint8Array(sets * kindCount * seconds.length * 2);
  const isTaken = (set: number, kind: number, second: number, isOwned: boolean): boolean => {
    const at = ((set * kindCount + kind) * seconds.length + seconds.indexOf(second)) * 2 + (isOwned ? 1 : 0);
    if (answers[at] === unknown) answers[at] = takes(set, kind, second, isOwned) ? yes : no;
    return answers[at] === yes;
  };
  return {
    part: ({ set, kind, second, owned }) => isTaken(set, kind, second?.kind ?? -1, owned !== -1),
    any: (set, kind) => seconds.some((second) => isTaken(set, kind, second, false) || isTaken(set, kind, second, true)),
    anyPair: (set, kind) => secondKinds.some((second) => isTaken(set, kind, second, false)),
  };
}
