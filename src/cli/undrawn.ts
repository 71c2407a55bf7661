import { needsDraws, type Rule } from '../analyses/check/rules.js';
import type { Problem } from '../units/problem.js';
import { fileProblem } from './file-problem.js';

/** Rules that only draws can answer, where `--point` leaves these out. */
export function undrawn(point: true | undefined, rules: readonly Rule[]): Problem[] {
  const asking = rules.filter(needsDraws).map(({ text }) => text);
  if (point !== true || asking.length === 0) return [];
  return [
    fileProblem('usage', '', `${asking.join(', ')} asks for draws, which --point leaves out`, 'give one of them'),
  ];
}
