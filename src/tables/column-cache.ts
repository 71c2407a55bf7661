/**
 * Values made from some tables, by column. Copies with replaced rows share the cache of the original: values are keyed
 * by all their inputs.
 */
export class ColumnCache {
  readonly #entries: { parts: readonly unknown[]; value: unknown }[] = [];

  /** @param parts all inputs of the value, compared one by one; the first names it */
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

/** Analyses change few assumptions, and scenarios of a batch few terms and data rules. */
const mostKept = 64;
