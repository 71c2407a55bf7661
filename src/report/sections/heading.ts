import type { Decision } from '../../decide/decision.js';
import { type Line, spread } from '../lines.js';
import { counted } from '../number-text.js';

/** The scenario's name, and at the right how old the prices are. */
export const heading = (decision: Decision, width: number): Line[] =>
  spread(decision.scenario.name, pricesText(decision), width);

export const pricesText = ({ tables: { snapshot, ageDays, priceBook } }: Decision): string =>
  `prices ${snapshot} (${age(ageDays)}${priceBook === null ? '' : ', own price book'})`;

function age(days: number): string {
  if (days === 0) return 'of the day';
  return days > 0 ? `${counted(days, 'day')} old` : `${counted(-days, 'day')} ahead`;
}
