/** 130: stopped with Ctrl-C, as shells call it. */
export type ExitCode = 0 | 1 | 2 | 3 | 70 | 130;

/** Meanings of exit codes, worst last; of several the worst counts. */
export const exitCodes: readonly { code: ExitCode; meaning: string }[] = [
  { code: 0, meaning: 'done' },
  { code: 1, meaning: 'a check failed' },
  { code: 3, meaning: 'nothing satisfies the hard rules (the report is still written)' },
  { code: 2, meaning: 'bad input or usage' },
  { code: 70, meaning: 'internal error: please report it' },
];

/** The worse of two exit codes: 70 > 2 > 3 > 1 > 0. */
export function worseExitCode(a: ExitCode, b: ExitCode): ExitCode {
  if (a === 130 || b === 130) return 130;
  const rank = (wanted: ExitCode): number => exitCodes.findIndex(({ code }) => code === wanted);
  return rank(a) >= rank(b) ? a : b;
}
