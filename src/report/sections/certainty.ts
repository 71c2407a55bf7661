import type { Decision } from '../../decide/decision.js';
import { type Line, paragraph } from '../lines.js';
import { money } from '../money.js';
import { percent, wholePercent } from '../number-text.js';
import { planName, planNameOr } from '../option-name.js';
import { markOfPlans } from '../own-prices.js';

/** How far ahead the plan is: in how many cases where those were drawn, else the distance to the next best plan. */
export function certainty(decision: Decision, width: number): Line[] {
  const { margin, plan, probabilityBest, probabilityOverBudget, regret } = decision.recommendation;
  const { gap } = decision.considered;
  const texts: string[] = [];
  if (probabilityBest !== null)
    texts.push(`best in ${percent(probabilityBest)} of cases${otherwise(decision, probabilityBest)}`);
  if (probabilityOverBudget !== null && probabilityOverBudget > 0) {
    texts.push(`over budget in ${percent(probabilityOverBudget)}`);
  }
  texts.push(
    margin
      ? `${probabilityBest === null ? 'best plan of another kind' : 'next best'} costs ${distance(margin.percent, markOfPlans(decision, plan, margin.runnerUp))}: ${planName(decision, margin.runnerUp)}`
      : 'no plan of other kinds meets every rule',
  );
  const least = decision.uncertainty?.leastRegret ?? null;
  if (least !== null && least.regret !== null && regret !== null && regret - least.regret >= 1)
    texts.push(
      `least regret: ${planNameOr(decision, least.plan, least.label)}, ${money(regret - least.regret)} a month less of it on average`,
    );
  if (gap > 0) texts.push(`proven to be within ${percent(gap)} of the optimum`);
  return paragraph(probabilityBest === null ? 'NEXT' : 'SURE', texts.join('; '), width);
}

/** Where plans of the same kinds of place are best in many of the others, that is what is sure. */
function otherwise({ recommendation, uncertainty }: Decision, best: number): string {
  const kinds = uncertainty?.plans.find(({ plan }) => plan === recommendation.plan)?.probabilityKindsBest ?? best;
  return kinds - best < 0.005
    ? ''
    : `, its kind${recommendation.kinds.length === 1 ? '' : 's'} of place in ${percent(kinds)}`;
}

function distance(percentage: number, mark: string): string {
  if (Math.abs(percentage) < 0.05) return `the same${mark}`;
  const size = wholePercent(Math.abs(percentage));
  return percentage > 0 ? `${size}${mark} more` : `${size}${mark} less`;
}
