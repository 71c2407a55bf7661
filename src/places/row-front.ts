import type { Row, RowGroup } from './row.js';

type Met = { row: Row; group: RowGroup };

/**
 * Keeps, of rows that are met one after another, those that no earlier one of their class undercuts. A row that is left out for one whose
 * targets on latency are still open is met again once that one was checked.
 */
export class RowFront {
  /** Rows of a class that are kept: those that are exact, and those whose targets are to be asked. */
  readonly #kept = new Map<string, { exact: Met[]; open: Met[] }>();
  readonly #isKept = new Map<Row, boolean>();
  readonly #behind = new Map<Row, Row[]>();
  /** Rows, and groups, that were met again: from then on only rows whose targets were checked leave them out. */
  readonly #metAgain = new Set<Row | RowGroup>();

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

  /** Targets on latency of some rows were checked; returns the rows that were left out for them, which are to be met again. */
  release(rows: readonly Row[]): Row[] {
    for (const kept of this.#kept.values()) {
      kept.exact.push(...kept.open.filter(({ row }) => row.isExact && row.serves !== 0));
      kept.open = kept.open.filter(({ row }) => !row.isExact);
    }
    return rows.flatMap((row) => this.#comeForth(row));
  }

  /** Checking targets on latency replaced the rows of some groups: all of these are to be met again. */
  forget(groups: ReadonlySet<RowGroup>): void {
    for (const group of groups) this.#metAgain.add(group);
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
      this.#metAgain.add(one);
    }
    return behind;
  }

  #isUseful(row: Row, group: RowGroup): boolean {
    const key = this.classOf(row, group);
    const kept = this.#kept.get(key) ?? { exact: [], open: [] };
    this.#kept.set(key, kept);
    const others = this.#metAgain.has(row) || this.#metAgain.has(group) ? [] : kept.open;
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
