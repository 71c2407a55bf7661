import type { Decision, PlanOdds, StraddleRow, TornadoRow } from '../decide/decision.js';
import { type Document, indented } from './document.js';
import { counted, decimal, money, percent, roughMoney } from './numbers.js';
import { planNameOr } from './plan-names.js';
import { padded, paddedLeft } from './wrap.js';

const shownPlans = 8;
const shownInputs = 12;

/** Results of the simulations: by plan, by input, and rules that a range crosses. */
export function odds(decision: Decision): Document {
  const { uncertainty, tornado } = decision;
  if (uncertainty === null) return [indented('none was made (--point)', 1)];
  const { draws, inputs, ranges, seed, pilots, checked, disagreement, plans, straddles, measure } = uncertainty;
  return [
    indented(
      `${counted(draws, 'simulation')} (seed ${seed}) of ${counted(inputs, 'input')}, ${ranges === 0 ? 'none' : ranges} of them a range of yours. The plans below are those found in ${counted(pilots, 'full decision')}; ${Math.round(disagreement * checked) || 'none'} of ${counted(checked, 'more')} chose another deployment type.`,
      1,
    ),
    indented('best in, $ a month (low, middle, high of the 90 % range), average above the best', 1),
    ...plans.slice(0, shownPlans).flatMap((plan) => planLines(plan, decision)),
    ...(tornado.length === 0
      ? []
      : [indented('what one input alone moves: $ a month between its 10th and 90th percentile', 1)]),
    ...tornado
      .filter(isFelt)
      .slice(0, shownInputs)
      .flatMap((row) => tornadoLines(row, decision)),
    ...straddles.map((row) => indented(straddleText(row, decision), 1)),
    ...measure.map(({ text }) => indented(text, 1)),
  ];
}

function planLines(
  { plan, label, probabilityBest, monthlyCostRange: range, regret, ...rest }: PlanOdds,
  decision: Decision,
): Document {
  const cost =
    range === null ? 'cannot run' : `${roughMoney(range.p5)} ${roughMoney(range.p50)} ${roughMoney(range.p95)}`;
  const notes = [
    rest.probabilityOverBudget ? `over budget in ${percent(rest.probabilityOverBudget)}` : '',
    rest.probabilityBelowFloor ? `not capable enough in ${percent(rest.probabilityBelowFloor)}` : '',
    rest.probabilityRuledOut ? `excluded in ${percent(rest.probabilityRuledOut)}` : '',
  ].filter((note) => note !== '');
  return [
    indented(
      `${padded(percent(probabilityBest), 6)} ${padded(cost, 20)} ${paddedLeft(regret === null ? '' : roughMoney(regret), 7)}  ${planNameOr(decision, plan, label)}`,
      2,
      { hang: 37 },
    ),
    ...(notes.length === 0 ? [] : [indented(notes.join(', '), 9, { tone: 'faint', hang: 0 })]),
  ];
}

/** Whether the text would say more than the same figure twice. */
const isFelt = ({ costAtLow, costAtHigh, flips, worth }: TornadoRow): boolean =>
  flips || worth >= 1 || costAtLow === null || costAtHigh === null || roughMoney(costAtLow) !== roughMoney(costAtHigh);

function tornadoLines(row: TornadoRow, decision: Decision): Document {
  const { parameter, low, high, unit, costAtLow, costAtHigh, flips, becomes, worth } = row;
  const usd = (cost: number | null) => (cost === null ? 'cannot run' : roughMoney(cost));
  const notes = [
    flips && becomes !== null ? `then ${planNameOr(decision, becomes, null)} is best` : '',
    worth >= 1 ? `knowing it is worth ${money(worth)} a month` : '',
  ].filter((note) => note !== '');
  return [
    indented(
      `${padded(`${usd(costAtLow)} to ${usd(costAtHigh)}`, 18)} ${parameter} ${figure(low)} to ${figure(high)}${unit === '' ? '' : ` ${unit}`}${notes.length === 0 ? '' : `: ${notes.join('; ')}`}`,
      2,
      { hang: 19 },
    ),
  ];
}

/** Three digits below 1: growth of 2.8 % differs from 3.2 %. */
const fine = (value: number): string => (Math.abs(value) < 1 ? String(Number(value.toPrecision(3))) : decimal(value));
const figure = (value: number): string => fine(Number(value.toPrecision(3)));

function straddleText(row: StraddleRow, decision: Decision): string {
  const { plan, parameter, turnsAt, side, gate, task, probability, low, high, reason, stands } = row;
  const whose = task === null ? '' : ` for ${task}`;
  const range = `${parameter} ${side} ${fine(turnsAt)} (of ${figure(low)} to ${figure(high)}, ${percent(probability)} of simulations)`;
  const name = planNameOr(decision, plan, null);
  return stands
    ? `${range}: ${name} keeps ${gate}${whose}, which it breaks at the likely value: ${reason}`
    : `${range}: ${name} breaks ${gate}${whose}: ${reason}`;
}
