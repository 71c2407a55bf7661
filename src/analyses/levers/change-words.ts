import type { LeverChange } from '../../decide/decision.js';
import { countWords } from '../../units/format.js';

const mostTold = 3;
const hundred = 100;

const figure = (value: number | string): string => {
  if (typeof value === 'string') return value;
  return value < hundred ? String(Number(value.toPrecision(3))) : countWords(value);
};

/** Changed and held inputs in words: `tasks.faq.tokens.input 1,500 -> 1,200 tokens`; the first few of many. */
export function changeWords(changes: readonly LeverChange[]): string {
  const told = changes.slice(0, mostTold).map(({ path, from, to, unit }) => {
    const change = from === to ? `stays ${figure(to)}` : `${figure(from)} -> ${figure(to)}`;
    return `${path} ${change}${unit === '' ? '' : ` ${unit}`}`;
  });
  const left = changes.length - told.length;
  return [...told, ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
}
