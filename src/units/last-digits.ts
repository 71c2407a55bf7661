/** Sums in another order differ in their last digits: what is above a sum by the first of these is above it in any order. */
export const certainlyAbove = 1 + 1e-9;
export const certainlyBelow = 1 - 1e-9;
