import type { Decision } from '../decide/decision.js';
import { type Document, paragraph, section } from './document.js';
import { decimal, grouped, money, percent, wholePercent } from './numbers.js';
import { findOption, markOfPlans, planName, planNameOr } from './plan-names.js';
import { quality } from './recommendation.js';
import { capital, sentence } from './sentences.js';

const textAt = 11;
const fact = (name: string, texts: readonly string[]): Document =>
  texts.length === 0 ? [] : [paragraph(`  ${name}`, texts.join(' '), { indent: textAt })];

/** How sure the advice is and why: price and quality apart, what is assumed, and what comes next in cost. */
export const confidence = (decision: Decision): Document => [
  section('CONFIDENCE', level(decision)),
  ...fact('Price', price(decision)),
  ...fact('Quality', modelQuality(decision)),
  ...fact('Closest', nextBest(decision)),
  ...fact('Assumed', assumed(decision)),
];

function level({ uncertainty }: Decision): string {
  if (uncertainty === null) return 'not looked at (--point)';
  const { confidence } = uncertainty;
  return confidence.level;
}

/** How often the place is best over the simulations, and what it depends on. */
function price({ uncertainty, recommendation, considered }: Decision): string[] {
  if (uncertainty === null) return [];
  const over = recommendation.probabilityOverBudget;
  return [
    `${sentence(uncertainty.confidence.text)}`,
    ...(over === null || over <= 0 ? [] : [`Over budget in ${percent(over)}.`]),
    ...(considered.gap > 0 ? [`Proven to be within ${percent(considered.gap)} of the optimum.`] : []),
  ];
}

/** What the least sure task needs, where that is from, and how likely its model is good enough. */
function modelQuality(decision: Decision): string[] {
  const { assignments, betterQuality } = decision.recommendation;
  const { scale } = decision.tables;
  const named = betterQuality[0]?.task;
  const sorted = assignments.toSorted(
    (a, b) => Number(b.needAssumed) - Number(a.needAssumed) || (a.goodEnough ?? 0) - (b.goodEnough ?? 0),
  );
  const weakest = sorted.find(({ task }) => task === named) ?? sorted[0];
  if (weakest === undefined) return [];
  const {
    task,
    option,
    capability: judged,
    goodEnough,
    needLow,
    needHigh,
    needText,
    capabilityNeed,
    needAssumed,
  } = weakest;
  const capability = findOption(decision, option)?.capability ?? judged;
  const whose = assignments.some((other) => other.task !== task) ? ` of ${task}, the least sure task,` : '';
  const has =
    capability === null
      ? 'is not known'
      : `is ${quality(capability)}${judged !== null && judged < capability ? ` (judged by its low end, ${quality(judged)})` : ''}`;
  const sure =
    goodEnough === null || !needAssumed
      ? ''
      : `, good enough with a probability of ${wholePercent(Math.min(99, goodEnough * 100))}`;
  const need = needAssumed
    ? `The need is not measured but assumed: ${needText}, between ${quality(needLow)} and ${quality(needHigh)}.`
    : `You ask for ${quality(capabilityNeed)}.`;
  const beside = scale.map(({ model, index }) => `${model} is ${quality(index)}`).join(' and ');
  return [`The quality${whose} ${has}${sure}.`, need, ...(beside === '' ? [] : [`On this scale ${beside}.`])];
}

/** The best plan on another deployment type, and the plan of least regret where it is another. */
function nextBest(decision: Decision): string[] {
  const { margin, plan, regret } = decision.recommendation;
  const least = decision.uncertainty?.leastRegret ?? null;
  return [
    margin === null
      ? 'No plan on another deployment type meets every rule.'
      : `${capital(planName(decision, margin.runnerUp))} costs ${distance(margin.percent, markOfPlans(decision, plan, margin.runnerUp))}.`,
    ...(least !== null && least.regret !== null && regret !== null && regret - least.regret >= 1
      ? [
          `${sentence(planNameOr(decision, least.plan, least.label)).slice(0, -1)} is the safer choice: on average ${money(regret - least.regret)} a month closer to the best.`,
        ]
      : []),
  ];
}

function distance(percentage: number, mark: string): string {
  if (Math.abs(percentage) < 0.05) return `the same${mark}`;
  if (percentage >= 200) return `${decimal(Math.round(1 + percentage / 100))} times as much${mark}`;
  const size = wholePercent(Math.abs(percentage));
  return percentage > 0 ? `${size}${mark} more` : `${size}${mark} less`;
}

function assumed({ scenario }: Decision): string[] {
  const count = scenario.assumed.length;
  const all = count + scenario.given.length;
  return count === 0 ? [] : [`${grouped(count)} of ${grouped(all)} inputs (--detail inputs)`];
}
