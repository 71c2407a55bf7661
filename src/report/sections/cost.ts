import type { CostPart, Decision } from '../../decide/decision.js';
import { difference } from '../../decide/round.js';
import { type Line, paragraph, tagWidth } from '../lines.js';
import { money, roughMoney } from '../money.js';
import { counted, decimal, percent } from '../number-text.js';
import { planName } from '../option-name.js';
import { markOfParts, markOfPlans } from '../own-prices.js';
import { columns } from '../wrap.js';

/** What the plan costs a month, what that is made of, and how it compares with today and with the cheapest plan. */
export function cost(decision: Decision, width: number): Line[] {
  const plan = decision.recommendation;
  const { monthlyCost } = plan;
  if (monthlyCost === null) return [];
  const likely = plan.monthlyCostRange;
  const mark = markOfPlans(decision, plan.plan);
  const range = likely ? `, likely ${roughMoney(likely.p5)}${mark} to ${roughMoney(likely.p95)}${mark}` : '';
  const total = `${money(monthlyCost)}${mark}/month${horizon(decision)}${otherTotals(decision, monthlyCost)}${range}`;
  return [
    ...paragraph('COST', total, width),
    ...together(madeOf(decision, monthlyCost), today(decision, monthlyCost, mark), width).flatMap((text) =>
      paragraph('', text, width),
    ),
    ...premium(decision).flatMap((text) => paragraph('', text, width)),
  ];
}

/** Both texts on one line where they fit, else each on its own. */
function together(left: string, right: string, width: number): string[] {
  const both = `${left}  ${right}`.trim();
  const texts = columns(both) <= width - tagWidth ? [both] : [left, right];
  return texts.filter((text) => text !== '');
}

const horizon = ({ scenario }: Decision): string => ` over ${counted(scenario.horizonMonths, 'month')}`;

/** Totals that read differently from the monthly cost: first month, dearest month, money up front. */
function otherTotals(decision: Decision, monthlyCost: number): string {
  const { plan, firstMonthCost, peakMonthCost, upfrontCost } = decision.recommendation;
  const mark = markOfPlans(decision, plan);
  const told = new Set([money(monthlyCost)]);
  const texts = [
    { word: 'first', usd: firstMonthCost },
    { word: 'highest', usd: peakMonthCost },
  ].flatMap(({ word, usd }) => {
    if (usd === null || told.has(money(usd))) return [];
    told.add(money(usd));
    return [`${word} ${money(usd)}${mark}`];
  });
  if (upfrontCost !== null && upfrontCost > 0) {
    const paid = decision.recommendation.costParts.filter(({ upfront }) => upfront > 0).map(({ part }) => part);
    texts.push(`up front ${money(upfrontCost)}${markOfParts(decision, (part) => paid.includes(part))}`);
  }
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`;
}

const groups = ['tokens', 'compute', 'people'];

function madeOf(decision: Decision, monthlyCost: number): string {
  const { costParts, fteNeeded } = decision.recommendation;
  if (costParts.length === 0 || monthlyCost <= 0) return '';
  const share = (parts: CostPart[]) => parts.reduce((sum, { monthly }) => sum + monthly, 0) / monthlyCost;
  const groupOf = ({ part }: Pick<CostPart, 'part'>) => part.split('.', 1)[0] ?? part;
  const mark = (group: string) => markOfParts(decision, (part) => groupOf({ part }) === group);
  const texts = groups.flatMap((group) => {
    const parts = costParts.filter((part) => groupOf(part) === group);
    const people = group === 'people' && fteNeeded !== null && fteNeeded > 0 ? ` ${decimal(fteNeeded)} FTE` : '';
    return parts.length > 0 || people !== '' ? [`${group}${people} ${percent(share(parts))}${mark(group)}`] : [];
  });
  const rest = share(costParts.filter((part) => !groups.includes(groupOf(part))));
  // Parts name their payments up front apart, so what the monthly amounts leave open is one-off money spread out.
  const oneOffs = 1 - share(costParts);
  if (Math.abs(rest) >= 0.0005) texts.push(`rest ${percent(rest)}`);
  if (Math.abs(oneOffs) >= 0.005) texts.push(`one-offs ${percent(oneOffs)}`);
  return `${texts.join(', ')}.`;
}

function today(decision: Decision, monthlyCost: number, mark: string): string {
  const { savingsOverToday } = decision.recommendation;
  if (savingsOverToday === null) return '';
  const now = difference(monthlyCost, -savingsOverToday);
  const mean = meanToday(decision) ?? now;
  const bill = money(mean) === money(now) ? money(now) : `${money(now)} now, ${money(mean)} in a mean month`;
  const saved = difference(mean, monthlyCost);
  if (saved < 0) return `today ${bill}: costs ${money(-saved)}${mark} more`;
  return `today ${bill}: saves ${mean > 0 ? percent(saved / mean) : money(saved)}${mark}`;
}

/** Bill of today's way in a mean month of the horizon, which a plan's cost is one of: by the months, or as a reason tells it. */
function meanToday({ timeline, recommendation }: Decision): number | null {
  const months = timeline.flatMap(({ month, today: usd }) => (month > 0 && usd !== null ? [usd] : []));
  if (months.length > 0) return months.reduce((sum, usd) => sum + usd, 0) / months.length;
  return recommendation.why.find(({ code }) => code === 'today')?.figures.mean ?? null;
}

function premium(decision: Decision): string[] {
  const { premium: usd, cheapest, plan } = decision.recommendation;
  if (usd === null || cheapest === null || usd < 0.005) return [];
  return [
    `${money(usd)}${markOfPlans(decision, plan, cheapest.plan)}/month above the cheapest: ${planName(decision, cheapest.plan)}`,
  ];
}
