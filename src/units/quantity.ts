declare const unit: unique symbol;

/** A number that remembers its unit at compile time and costs nothing at run time. */
export type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

/**
 * The only place a bare number becomes a quantity.
 *
 * @throws RangeError when the value is NaN, infinite or negative; a bad number never becomes 0.
 */
export function quantity<Q extends Quantity<string>>(value: number, what: string): Q {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`${what} is ${value}; expected a finite number >= 0`);
  return value as Q;
}
