/**
 * What was made of some tables, column by column. Tables hold one for themselves and for copies that replace other rows of theirs:
 * each value is found again by everything that it was made of.
 */
export class ColumnCache {
  readonly #entries: { parts: readonly unknown[]; value: unknown }[] = [];

  /** @param parts all that the value depends on, compared one by one; the first names the value */
  of<Value>(parts: readonly unknown[], make: () => Value): Value {
    const found = this.#placeOf(parts);
    const entry = found >= 0 ? (this.#entries.splice(found, 1)[0] as { parts: typeof parts; value: unknown }) : null;
    const kept = entry ?? { parts, value: make() };
    this.#entries.unshift(kept);
    if (this.#entries.length > mostKept) this.#entries.pop();
    return kept.value as Value;
  }

  /** Whether a value was made of these. */
  has(parts: readonly unknown[]): boolean {
    return this.#placeOf(parts) >= 0;
  }

  #placeOf(parts: readonly unknown[]): number {
    return this.#entries.findIndex(
      (entry) => entry.parts.length === parts.length && entry.parts.every((part, i) => part === parts[i]),
    );
  }
}

/** Analyses change few assumptions, and scenarios of a batch differ in few terms and rules about the data. */
const mostKept = 64;
