import type { Row, RowGroup } from './row.js';

/**
 * Of rows, as they are met, those that none before them in their class undercuts. Who is undercut by a row whose targets on latency were not
 * asked yet comes back once they are.
 */
export class RowFront {
  readonly #kept = new Map<string, { row: Row; group: RowGroup }[]>();
  readonly #isKept = new Map<Row, boolean>();
  readonly #behind = new Map<Row, Row[]>();
  /** Rows, and groups, of which one that undercut them was asked for its targets: they make way for no other that is to be asked yet. */
  readonly #wary = new Set<Row | RowGroup>();

  /** @param classOf rows of one class ask the same of people but for how many units they take */
  constructor(readonly classOf: (row: Row, group: RowGroup) => string) {}

  has(row: Row, group: RowGroup): boolean {
    let isKept = this.#isKept.get(row);
    if (isKept === undefined) {
      isKept = this.#isUseful(row, group);
      this.#isKept.set(row, isKept);
    }
    return isKept;
  }

  /** Targets on latency were asked of a row: whatever was behind it is to be met anew. */
  release(row: Row): Row[] {
    const behind = this.#behind.get(row) ?? [];
    this.#behind.delete(row);
    for (const one of behind) {
      this.#isKept.delete(one);
      this.#wary.add(one);
    }
    return behind;
  }

  /** Asking for targets on latency made other rows of those of a group. */
  forget(group: RowGroup): void {
    this.#wary.add(group);
    for (const [key, kept] of this.#kept) {
      const others = kept.filter((one) => one.group !== group);
      if (others.length === kept.length) continue;
      this.#kept.set(key, others);
      for (const { row, group: own } of kept)
        if (own === group) {
          this.#isKept.delete(row);
          this.release(row);
        }
    }
  }

  #isUseful(row: Row, group: RowGroup): boolean {
    const key = this.classOf(row, group);
    const kept = this.#kept.get(key) ?? [];
    const isWary = this.#wary.has(row) || this.#wary.has(group);
    do {
      const better = kept.find((one) => (one.row.isExact || !isWary) && one.row.undercuts(row));
      if (better === undefined) continue;
      if (!better.row.isExact) {
        const behind = this.#behind.get(better.row) ?? [];
        this.#behind.set(better.row, behind);
        behind.push(row);
      }
      return false;
    } while (row.lookCloser());
    kept.push({ row, group });
    this.#kept.set(key, kept);
    return true;
  }
}
