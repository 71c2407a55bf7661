import type { Decision } from '../decide/decision.js';
import { type Document, indented, paragraph, section } from './document.js';
import { decimal, grouped, percent, wholePercent } from './numbers.js';
import { findOption, markOfPlans, planName, sentence } from './plan-names.js';
import { partName, quality } from './recommendation.js';

const textAt = 11;
const fact = (name: string, texts: readonly string[]): Document =>
  texts.length === 0 ? [] : [paragraph(`  ${name}`, texts.join(' '), { indent: textAt })];

/** How sure the advice is and why: price and quality, assumptions, and the closest alternative. */
export const confidence = (decision: Decision): Document => [
  section('CONFIDENCE', level(decision)),
  ...fact('Place', price(decision)),
  ...fact('Quality', modelQuality(decision)),
  ...fact('Closest', nextBest(decision)),
  ...fact('Assumed', assumed(decision)),
];

/** The same in a line each. */
export function confidenceInShort(decision: Decision): Document {
  const { uncertainty } = decision;
  // --detail full shows where the levels begin.
  const place = uncertainty?.confidence.text.replace(/ \((?:high|medium|low) is [^)]*\)/, '');
  return [
    section('CONFIDENCE', `${level(decision, true)}${place === undefined ? '' : `: ${place}.`}`),
    ...modelQuality(decision)
      .slice(0, 1)
      .map((text) => indented(text, 12, { hang: 0 })),
  ];
}

function level({ uncertainty, recommendation: { assignments } }: Decision, isShort = false): string {
  if (uncertainty === null) return 'not looked at (--point)';
  const { level: told } = uncertainty.confidence;
  const close = [...new Set(assignments.filter(({ closeCall }) => closeCall).map(({ task }) => task))];
  const isOneTask = new Set(assignments.map(({ task }) => task)).size === 1;
  if (close.length === 0) return told;
  const whose = isOneTask ? '' : ` for ${close.join(', ')}`;
  return isShort
    ? `${told}, quality${whose} a close call`
    : `${told} for the place; whether the model is as good as you ask${whose} is a close call`;
}

/** How often the place is best over the simulations, and what it depends on. */
function price({ uncertainty, recommendation }: Decision): string[] {
  if (uncertainty === null) return [];
  const over = recommendation.probabilityOverBudget;
  return [
    sentence(uncertainty.confidence.text),
    ...(over === null || over <= 0 ? [] : [`Over budget in ${percent(over)}.`]),
  ];
}

/** The need of the least sure task, its source, and the probability that its model suffices. */
function modelQuality(decision: Decision): string[] {
  const { assignments } = decision.recommendation;
  const { scale } = decision.tables;
  const [weakest] = assignments.toSorted((a, b) => (a.goodEnough ?? 0) - (b.goodEnough ?? 0));
  if (weakest === undefined) return [];
  const {
    task,
    part,
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
  // Tenths where whole points hide what decides.
  const isClose =
    !needAssumed &&
    capability !== null &&
    capability !== capabilityNeed &&
    quality(capability) === quality(capabilityNeed);
  const isOneTask = assignments.every((other) => other.task === task);
  const apart = assignments.some((other) => other.task === task && other.option !== option);
  const name = apart ? partName(task, part) : task;
  const whose = isOneTask && !apart ? '' : ` of ${name}, the least sure ${apart ? 'part' : 'task'},`;
  const has =
    capability === null
      ? 'is not known'
      : `is ${isClose ? tenths(capability) : quality(capability)}${judged !== null && judged < capability ? ` (judged by its low end, ${quality(judged)})` : ''}`;
  const sure =
    goodEnough === null || !needAssumed
      ? ''
      : `, good enough with a probability of ${wholePercent(Math.min(99, goodEnough * 100))}`;
  const band = quality(needLow) === quality(needHigh) ? '' : `, between ${quality(needLow)} and ${quality(needHigh)}`;
  const tier = /\(tier (\w+)\)$/.exec(needText)?.[1];
  // The model named as the need.
  const askedAs = / \([^()]+\)$/.exec(needText)?.[0] ?? '';
  const need =
    !needAssumed && capability === capabilityNeed
      ? 'You ask for just that.'
      : !needAssumed
        ? `You ask for ${isClose ? tenths(capabilityNeed) : quality(capabilityNeed)}${askedAs}.`
        : tier === undefined
          ? `The need is not measured but assumed: ${needText}${band}.`
          : `You ask for the tier ${tier}: ${quality(capabilityNeed)}${band}.`;
  const beside = scale.map(({ model, index }) => `${model} is ${quality(index)}`).join(' and ');
  return [
    `The quality${whose} ${has}${sure}.`,
    need,
    ...(beside === '' ? [] : [`On this scale of public benchmarks ${beside}.`]),
  ];
}

const tenths = (index: number): string => index.toFixed(1);

/** The best plan on another deployment type. */
function nextBest(decision: Decision): string[] {
  const { margin, plan } = decision.recommendation;
  return [
    margin === null
      ? 'No plan on another deployment type meets every rule.'
      : `On another type: ${planName(decision, margin.runnerUp)} costs ${distance(margin.percent, markOfPlans(decision, plan, margin.runnerUp))}.`,
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
