/** How each rule is written. */
export const ruleForms = [
  'flip',
  'cost>8000',
  'cost>+10%',
  'cost>+500',
  'margin<5%',
  'probability<0.7',
  'stale>90d',
  'infeasible',
  'warning',
] as const;
