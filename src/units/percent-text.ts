/** A fraction as a scenario may say it: `0.015` is `1.5%`. Six digits, so that what floating point leaves over is not told. */
export const percentText = (fraction: number): string => `${Number((fraction * 100).toPrecision(6))}%`;
