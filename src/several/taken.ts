import { secondKinds } from '../core/failover.js';
import { kindCount } from '../core/kinds.js';
import type { Part } from './part.js';

/** Which parts may serve: by set of tasks, deployment type of the place and of the second one (-1: none), and whether it is owned. */
export type TakesPart = (set: number, kind: number, secondKind: number, isOwned: boolean) => boolean;

/** Parts that take part; whether some of a deployment type may serve a set, alone or with a second place, and with a second place. */
export type Taken = {
  part(part: Part): boolean;
  any(set: number, kind: number): boolean;
  anyPair(set: number, kind: number): boolean;
};

const everything: Taken = { part: () => true, any: () => true, anyPair: () => true };

/** Second places by their own place in the table: none is the first. */
const seconds = [-1, ...secondKinds];
const [unknown, yes, no] = [0, 1, 2];

/** Parts of which a question says that they may serve; each of its answers is asked once. */
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
