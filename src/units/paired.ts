/** Two lists of the same sort of thing by what tells its members apart. Of equal keys in a list the last one counts. */
export type Paired<Item> = {
  /** In both, in the order of the later list. */
  pairs: { key: string; old: Item; now: Item }[];
  /** Only in the later list. */
  added: Item[];
  /** Only in the earlier list. */
  removed: Item[];
};

/** What two lists share and what only one of them has: every comparison begins here. */
export function paired<Item>(
  before: readonly Item[],
  after: readonly Item[],
  keyOf: (item: Item) => string,
): Paired<Item> {
  const known = new Map(before.map((item) => [keyOf(item), item]));
  const now = new Map(after.map((item) => [keyOf(item), item]));
  const found: Paired<Item> = { pairs: [], added: [], removed: [] };
  for (const [key, item] of now) {
    const old = known.get(key);
    if (old === undefined) found.added.push(item);
    else found.pairs.push({ key, old, now: item });
  }
  for (const [key, item] of known) if (!now.has(key)) found.removed.push(item);
  return found;
}

/** Decimal places of a percentage: what two costs of 12 significant digits tell of it. */
const percentPlaces = 9;

/** How far a figure moved, in percent; null from 0 to anything else. */
export function percentChange(from: number, to: number): number | null {
  if (from === 0) return to === 0 ? 0 : null;
  return Number((((to - from) / from) * 100).toFixed(percentPlaces));
}
