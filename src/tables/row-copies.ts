const originals = new WeakMap<object, object>();

/** A copy of a row, to be written into. */
export function copied<Row extends object>(row: Row): Row {
  const copy = { ...row };
  originals.set(copy, originalOf(row));
  return copy;
}

/** The row that one was copied from, or that row itself. */
export const originalOf = <Row extends object>(row: Row): Row => (originals.get(row) as Row | undefined) ?? row;
