import { type Board, frontOf } from './board.js';
import type { Choices, Limited } from './combine.js';
import type { Part } from './part.js';
import { marginAlikeUsd } from './parts.js';
import type { Taken } from './taken.js';

/** What may serve every set, among parts on machines and others: those of every set are gone through once they are asked for. */
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

/** Of parts for a set, cheapest first, those that none before them could stand for in any plan that no rule is asked of. */
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
