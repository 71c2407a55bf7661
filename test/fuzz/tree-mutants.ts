import * as fc from 'fast-check';
import { factor, oddValue } from './values.js';

type Step = {
  kind: 'replace' | 'same-key' | 'scale' | 'widen' | 'delete' | 'duplicate' | 'swap' | 'rename' | 'add' | 'graft';
  at: number;
  other: number;
  by: number;
  value: unknown;
};
/** A place in a tree; `under` is the nearest key of a map above it. */
type Slot = { holder: Record<string, unknown> | unknown[]; key: string | number; under: string };
type Entry = { key: string; value: unknown };

/** What some documents hold: values by their key, and entries by the key of the map they stand in. */
export type Pool = { keys: string[]; byKey: Map<string, unknown[]>; within: Map<string, Entry[]> };

const kind = fc.oneof(
  { weight: 6, arbitrary: fc.constant('same-key' as const) },
  { weight: 5, arbitrary: fc.constant('scale' as const) },
  { weight: 5, arbitrary: fc.constant('add' as const) },
  { weight: 2, arbitrary: fc.constant('widen' as const) },
  { weight: 3, arbitrary: fc.constant('replace' as const) },
  { weight: 2, arbitrary: fc.constant('delete' as const) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('duplicate' as const, 'swap' as const, 'rename' as const, 'graft' as const),
  },
);

/** Changes of a tree of maps and lists. Most leave something that can still be read. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ kind, at: fc.nat({ max: 100_000 }), other: fc.nat({ max: 100_000 }), by: factor, value: oddValue }),
  { minLength: 1, maxLength: 5 },
);

export function poolOf(documents: readonly unknown[]): Pool {
  const byKey = new Map<string, unknown[]>();
  const within = new Map<string, Entry[]>();
  for (const slot of documents.flatMap((document) => slotsOf(document))) {
    if (typeof slot.key === 'number') continue;
    const value = held(slot);
    byKey.set(slot.key, [...(byKey.get(slot.key) ?? []), value]);
    within.set(slot.under, [...(within.get(slot.under) ?? []), { key: slot.key, value }]);
  }
  return { keys: [...byKey.keys()].sort(), byKey, within };
}

/** A copy of the tree after the steps. */
export function changedTree(document: unknown, list: readonly Step[], pool: Pool): unknown {
  const root = { root: structuredClone(document) };
  for (const step of list) {
    const slots = slotsOf(root.root);
    const slot = slots[step.at % Math.max(1, slots.length)];
    const second = slots[step.other % Math.max(1, slots.length)];
    if (slot && second) change(slot, second, step, pool);
  }
  return root.root;
}

function change(slot: Slot, second: Slot, { kind, other, by, value }: Step, pool: Pool): void {
  const old = held(slot);
  const another = <Item>(list: readonly Item[] | undefined): Item | undefined => list?.[other % list.length];
  // A value may be one for all cases, as `fc.constant` gives it: changed with a tree, it would grow from case to case.
  if (kind === 'replace') put(slot, structuredClone(value));
  else if (kind === 'same-key') put(slot, structuredClone(another(pool.byKey.get(String(slot.key))) ?? value));
  else if (kind === 'scale') put(slot, scaled(old, by));
  else if (kind === 'widen') put(slot, typeof old === 'number' ? widened(old, by) : old);
  else if (kind === 'graft') put(slot, structuredClone(held(second)));
  else if (kind === 'swap') {
    const moved = structuredClone(held(second));
    put(second, structuredClone(old));
    put(slot, moved);
  } else if (Array.isArray(slot.holder)) {
    if (kind === 'delete') slot.holder.splice(Number(slot.key), 1);
    else slot.holder.push(structuredClone(old));
  } else if (kind === 'delete') delete slot.holder[String(slot.key)];
  else if (kind === 'rename') put({ ...slot, key: another(pool.keys) ?? 'x' }, old);
  else if (kind === 'add') {
    const entry = another(pool.within.get(slot.under));
    if (entry) put({ ...slot, key: entry.key }, structuredClone(entry.value));
  }
}

const widened = (value: number, by: number): string => `${Math.min(value, value * by)}..${Math.max(value, value * by)}`;

/** The numbers in a text, or a number, times a factor. */
function scaled(value: unknown, by: number): unknown {
  if (typeof value === 'number') return value * by;
  if (typeof value !== 'string') return value;
  return value.replace(/\d+(?:\.\d+)?/g, (digits) => String(Number(digits) * by));
}

const held = ({ holder, key }: Pick<Slot, 'holder' | 'key'>): unknown =>
  (holder as Record<string | number, unknown>)[key];

/** Defines, so that `__proto__` becomes a key like any other. */
const put = ({ holder, key }: Slot, value: unknown): void =>
  void Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });

/** Every place down to some depth: what lies deeper is moved and copied whole. */
function slotsOf(tree: unknown, under = '', depth = 0, into: Slot[] = []): Slot[] {
  if (typeof tree !== 'object' || tree === null || depth > 60) return into;
  const holder = tree as Slot['holder'];
  const keys = Array.isArray(holder) ? holder.keys() : Object.keys(holder);
  for (const key of keys) {
    into.push({ holder, key, under });
    slotsOf(held({ holder, key }), typeof key === 'string' ? key : under, depth + 1, into);
  }
  return into;
}
