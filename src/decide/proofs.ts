/** Whole decisions that a report may still make after the recommendation, and those that it made. */
export type Proofs = {
  left: number;
  /** With everything on offer, whatever it costs. */
  free: number;
  /** The same, but only for what is clearly cheaper than a plan at hand. */
  bounded: number;
};
