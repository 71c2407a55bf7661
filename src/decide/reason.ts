import { countWords, placesWords, usdWords } from '../units/format.js';

/** One reason: its text and every figure in it, by name. USD are a month. */
export type Reason = { code: string; text: string; figures: Record<string, number> };

/** How a figure is written, by the word behind its name in a template. */
const written = {
  usd: usdWords,
  /** With its sign: what something costs more or less. */
  more: (usd: number) => `${usd < 0 ? '-' : '+'}${usdWords(Math.abs(usd))}`,
  points: (points: number) => points.toFixed(1),
  percent: (percent: number) => `${percent.toFixed(0)} %`,
  morePercent: (percent: number) => `${percent < 0 ? '-' : '+'}${Math.abs(percent).toFixed(0)} %`,
  /** Of shares near 1, where the digits behind the nines count. */
  nines: (percent: number) => `${Number(percent.toPrecision(6))} %`,
  percentExactly: (percent: number) => `${percent.toFixed(1)} %`,
  fte: (fte: number) => `${placesWords(fte, 1)} FTE`,
  fteExactly: (fte: number) => `${placesWords(fte, 2)} FTE`,
  count: countWords,
  times: (times: number) => `${countWords(times)} x`,
} as const;

/**
 * A reason from a template: `{name:usd}` is a figure written as money, `{name}` a word. Every number a reason names is
 * one of its figures, as it cannot be written otherwise.
 *
 * @throws RangeError for a name that is not given: a mistake of ours
 */
export function reason(
  code: string,
  template: string,
  words: Readonly<Record<string, string>> = {},
  figures: Readonly<Record<string, number>> = {},
): Reason {
  const text = template.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, as?: string) => {
    const value = as === undefined ? words[name] : figures[name];
    if (value === undefined || (as !== undefined && !(as in written))) throw new RangeError(`${code} lacks ${name}`);
    return typeof value === 'string' ? value : written[as as keyof typeof written](value);
  });
  return { code, text, figures: { ...figures } };
}
