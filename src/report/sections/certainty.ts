import type { Decision } from '../../decide/decision.js';
import { type Line, paragraph } from '../lines.js';
import { percent, wholePercent } from '../number-text.js';
import { planName } from '../option-name.js';
import { markOfPlans } from '../own-prices.js';

/** How far ahead the plan is: in how many cases where those were drawn, else the distance to the next best plan. */
export function certainty(decision: Decision, width: number): Line[] {
  const { margin, plan, probabilityBest, probabilityOverBudget } = decision.recommendation;
  const { gap } = decision.considered;
  const texts: string[] = [];
  if (probabilityBest !== null) texts.push(`best in ${percent(probabilityBest)} of cases`);
  if (probabilityOverBudget !== null && probabilityOverBudget > 0) {
    texts.push(`over budget in ${percent(probabilityOverBudget)}`);
  }
  texts.push(
    margin
      ? `${probabilityBest === null ? 'best plan of another kind' : 'next best'} costs ${distance(margin.percent, markOfPlans(decision, plan, margin.runnerUp))}: ${planName(decision, margin.runnerUp)}`
      : 'no plan of other kinds meets every rule',
  );
  if (gap > 0) texts.push(`proven to be within ${percent(gap)} of the optimum`);
  return paragraph(probabilityBest === null ? 'NEXT' : 'SURE', texts.join('; '), width);
}

function distance(percentage: number, mark: string): string {
  if (Math.abs(percentage) < 0.05) return `the same${mark}`;
  const size = wholePercent(Math.abs(percentage));
  return percentage > 0 ? `${size}${mark} more` : `${size}${mark} less`;
}
