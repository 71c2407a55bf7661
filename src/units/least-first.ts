/** A queue from which the least comes first: a binary heap. */
type LeastFirst<Thing> = {
  /** The least; undefined: it is empty. */
  peek(): Thing | undefined;
  push(thing: Thing): void;
  pop(): Thing | undefined;
};

/** @param isBefore a strict order */
export function leastFirst<Thing>(isBefore: (one: Thing, other: Thing) => boolean): LeastFirst<Thing> {
  /** Children of the place i stand at 2 i + 1 and 2 i + 2, and none comes before it. */
  const heap: Thing[] = [];
  const isInOrder = (parent: number, child: number): boolean => !isBefore(heap[child] as Thing, heap[parent] as Thing);
  const swap = (one: number, other: number): void => {
    [heap[one], heap[other]] = [heap[other] as Thing, heap[one] as Thing];
  };
  return {
    peek: () => heap[0],
    push(thing) {
      let at = heap.push(thing) - 1;
      for (let parent = (at - 1) >> 1; at > 0 && !isInOrder(parent, at); parent = (at - 1) >> 1) {
        swap(at, parent);
        at = parent;
      }
    },
    pop() {
      const [least] = heap;
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return least;
      heap[0] = last;
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        if (left >= heap.length) return least;
        const child = right < heap.length && !isInOrder(left, right) ? right : left;
        if (isInOrder(at, child)) return least;
        swap(at, child);
        at = child;
      }
    },
  };
}
