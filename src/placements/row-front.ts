import type { Row, RowGroup } from './row.js';

type Met = { row: Row; group: RowGroup };

/**
 * Of rows, as they are met, those that none before them in their class undercuts. Who is undercut by a row whose targets on latency were
 * not asked yet comes back once they are.
 */
export class RowFront {
  /** Rows of a class that are kept: those that are exact, and those whose targets are to be asked. */
  readonly #kept = new Map<string, { exact: Met[]; open: Met[] }>();
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

  /** Targets on latency were asked of some rows: whatever was behind them is to be met anew. */
  release(rows: readonly Row[]): Row[] {
    for (const kept of this.#kept.values()) {
      kept.exact.push(...kept.open.filter(({ row }) => row.isExact && row.serves !== 0));
      kept.open = kept.open.filter(({ row }) => !row.isExact);
    }
    return rows.flatMap((row) => this.#comeForth(row));
  }

  /** Asking for targets on latency made other rows of those of some groups. */
  forget(groups: ReadonlySet<RowGroup>): void {
    for (const group of groups) this.#wary.add(group);
    for (const [key, { exact, open }] of this.#kept) {
      const left = (met: readonly Met[]): Met[] =>
        met.filter(({ row, group }) => {
          if (!groups.has(group)) return true;
          this.#isKept.delete(row);
          this.#comeForth(row);
          return false;
        });
      this.#kept.set(key, { exact: left(exact), open: left(open) });
    }
  }

  #comeForth(row: Row): Row[] {
    const behind = this.#behind.get(row) ?? [];
    this.#behind.delete(row);
    for (const one of behind) {
      this.#isKept.delete(one);
      this.#wary.add(one);
    }
    return behind;
  }

  #isUseful(row: Row, group: RowGroup): boolean {
    const key = this.classOf(row, group);
    const kept = this.#kept.get(key) ?? { exact: [], open: [] };
    this.#kept.set(key, kept);
    const others = this.#wary.has(row) || this.#wary.has(group) ? [] : kept.open;
    do {
      if (kept.exact.some((one) => one.row.undercuts(row))) return false;
      const better = others.find((one) => one.row.undercuts(row));
      if (better === undefined) continue;
      const behind = this.#behind.get(better.row) ?? [];
      this.#behind.set(better.row, behind);
      behind.push(row);
      return false;
    } while (row.lookCloser());
    (row.isExact ? kept.exact : kept.open).push({ row, group });
    return true;
  }
}
