import type { Decision } from '../../decide/decision.js';
import { type Line, spread } from '../lines.js';
import { counted } from '../number-text.js';

/** The scenario's name, and at the right how old the prices are. */
export function heading({ scenario, tables }: Decision, width: number): Line[] {
  const book = tables.priceBook === null ? '' : ', own price book';
  return spread(scenario.name, `prices ${tables.snapshot} (${age(tables.ageDays)}${book})`, width);
}

function age(days: number): string {
  if (days === 0) return 'of the day';
  return days > 0 ? `${counted(days, 'day')} old` : `${counted(-days, 'day')} ahead`;
}
