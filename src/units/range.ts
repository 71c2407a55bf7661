/** An uncertain number: an 80 % band around the likely value. `low <= likely <= high`. */
export type Range = { low: number; likely: number; high: number };

/** A number a user wrote, in one fixed unit, with its band where one was given. */
export type Uncertain = { likely: number; range: Range | null };
