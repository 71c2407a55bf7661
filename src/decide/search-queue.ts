/** What is open in a search, the least bound first; of equal bounds the one put in first. */
export class SearchQueue<Item> {
  private readonly items: { item: Item; bound: number; turn: number }[] = [];
  private turn = 0;

  put(item: Item, bound: number): void {
    const { items } = this;
    const entry = { item, bound, turn: this.turn++ };
    let at = items.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above] as (typeof items)[number];
      if (!before(entry, parent)) break;
      items[at] = parent;
      at = above;
    }
    items[at] = entry;
  }

  take(): { item: Item; bound: number } | null {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined) return null;
    if (items.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && before(items[below + 1] as typeof last, items[below] as typeof last)) below++;
      if (!before(items[below] as typeof last, last)) break;
      items[at] = items[below] as typeof last;
      at = below;
    }
    items[at] = last;
    return first;
  }
}

const before = (a: { bound: number; turn: number }, b: { bound: number; turn: number }): boolean =>
  a.bound < b.bound || (a.bound === b.bound && a.turn < b.turn);
