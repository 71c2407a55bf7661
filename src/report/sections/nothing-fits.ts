import type { Decision, NearestMiss } from '../../decide/decision.js';
import { wordsOf } from '../gate-words.js';
import { kindNames } from '../kind-names.js';
import { indented, type Line, paragraph, paragraphs, tagWidth } from '../lines.js';
import { money } from '../money.js';
import { counted, grouped } from '../number-text.js';
import { findOption, optionName } from '../option-name.js';
import { markOfPlans } from '../own-prices.js';
import { numbered } from './why.js';

/** That no plan passes the hard rules, which rules turned the options down, what came nearest and what would help. */
export function nothingFits(decision: Decision, width: number): Line[] {
  const { total, gap: unproven } = decision.considered;
  const verdict: Line[] =
    unproven > 0
      ? [
          { tag: 'NOTHING FOUND', text: '', tone: 'bad' },
          ...paragraph('', `the search ended before it had weighed all plans of ${counted(total, 'option')}`, width),
        ]
      : [
          { tag: 'NOTHING FITS', text: '', tone: 'bad' },
          ...paragraph('', `none of ${counted(total, 'option')} meets every hard rule`, width),
        ];
  return [
    ...verdict,
    ...numbered('WHY', [...decision.recommendation.reasons, ...rejections(decision), ...fitAlone(decision)], width),
    ...nearest(decision, width),
    ...paragraphs('TRY', changes(decision), width, 2),
  ];
}

/** How many options each gate turned down, in words, the strictest gate first. */
export function rejections({ considered }: Decision): string[] {
  const counts = Object.entries(considered.rejectedBy).filter(([, count]) => count > 0);
  if (counts.length === 0) return [];
  // Sorting is stable, so gates with equal counts stay in the order they were asked in.
  const texts = counts
    .sort(([, a], [, b]) => b - a)
    .map(([gate, count]) => `${grouped(count)} ${wordsOf(gate).turnedDown}`);
  return [`turned down: ${texts.join(', ')}`];
}

/** Options that no rule of their own turns down: rules on whole plans, such as people or a budget, turn down what they make. */
function fitAlone({ considered: { feasible, rejectedBy, gap: unproven } }: Decision): string[] {
  if (feasible === 0 || unproven > 0) return [];
  // How fast machines are is told of those alone that may be cheap enough: of the others nobody knows.
  if (Object.entries(rejectedBy).some(([gate, count]) => count > 0 && wordsOf(gate).ofSpeed))
    return [
      `${grouped(feasible)} keep every rule but those on latency, as far as it is told before machines are sized`,
    ];
  return [`${grouped(feasible)} would do by themselves, but no plan of them keeps what is asked of plans as a whole`];
}

function nearest(decision: Decision, width: number): Line[] {
  return decision.nearestMisses.flatMap((miss, index) => {
    const option = findOption(decision, miss.option);
    const name = option ? `${kindNames[option.kind]} ${optionName(option)}` : miss.option;
    const price =
      miss.monthlyCost === null ? 'no price' : `${money(miss.monthlyCost)}${markOfPlans(decision, miss.option)}/month`;
    const details = [`${miss.gate}: ${gap(miss)}`, miss.reason, alsoTurnedDown(miss)].filter((text) => text !== '');
    return [
      ...paragraph(index === 0 ? 'NEAR' : '', `${index + 1} ${name}, ${price}`, width, 'plain', 2),
      ...details.flatMap((text) => indented(text, tagWidth + 2, width)),
    ];
  });
}

/** The rules that a near miss would still miss. */
function alsoTurnedDown({ task, stillFails }: NearestMiss): string {
  if (stillFails.length === 0) return '';
  const names = stillFails.map((one) =>
    one.task === task || one.task === 'all' ? one.gate : `${one.gate} for ${one.task}`,
  );
  return `it misses ${[...new Set(names)].join(', ')} too`;
}

function gap({ task, need, have }: NearestMiss): string {
  return have === 'unknown' ? `${task} needs ${need}, which is unknown` : `${task} needs ${need}, has ${have}`;
}

/** What is written there follows from what was signed or done. */
const signs = /\.(?:agreements|declared)$/;

/**
 * One suggestion per gate and task, in the order of the misses: the first is the nearest. Where something suffices by itself,
 * what does not is left out.
 */
function changes({ nearestMisses, recommendation: { why } }: Decision): string[] {
  const sufficing = nearestMisses.filter(({ stillFails }) => stillFails.length === 0);
  const told = sufficing.length > 0 || why.length > 0 ? sufficing : nearestMisses;
  const texts = told.map(({ gate, task, turnsAt }) => {
    const { change, otherwise = change } = wordsOf(gate);
    if (turnsAt === null) return `${task}: ${otherwise}`;
    // One word or list to write tells more than what it is about; how far a number has to go is told above.
    return typeof turnsAt.value === 'string' && !signs.test(turnsAt.path)
      ? `${task}: set ${turnsAt.path} to ${turnsAt.value}`
      : `${task}: ${change}`;
  });
  const alone =
    told === sufficing || told.length === 0 ? [] : ['none of these suffices by itself: see what each misses too'];
  return [...new Set(texts), ...alone];
}
