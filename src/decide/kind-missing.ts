import { placementOf } from '../places/registry.js';
import type { KindBest } from './choice.js';

/** Why a kind of place has no plan of its own: nothing of it is on sale, or what is does not meet the rules of some task. */
export function kindMissing({ kind, considered, unserved }: KindBest): string {
  const none = `nothing of the kind ${kind}`;
  if (considered.total === 0) return `${none}: ${placementOf(kind).absent ?? 'none on sale'}`;
  const [first] = unserved;
  return first === undefined ? `${none} serves every task` : `${none} meets every rule for ${first.task}`;
}
