import type { Decision } from '../../src/decide/decision.js';
import { sixDigits } from './golden-text.js';

type Value = string | number | boolean | null | undefined;

const shown = (value: Value): string =>
  typeof value === 'number' ? String(sixDigits(value)) : value === null || value === undefined ? '-' : String(value);

/** `name value, name value`: what is not known is a dash. */
const fields = (values: Record<string, Value>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${shown(value)}`)
    .join(', ');

const range = (from: { p5: number; p50: number; p95: number } | null): string =>
  from === null ? '-' : [from.p5, from.p50, from.p95].map(shown).join(' .. ');

/** A headline with a line for each row; nothing where there is none. */
const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

function planLines({ recommendation: plan }: Decision): string[] {
  const { payback, scores } = plan;
  return [
    ...section(`${plan.status}: ${plan.plan ?? '-'}`, [
      fields({ shape: plan.shape, kinds: plan.kinds.join('+') }),
      fields({
        month: plan.monthlyCost,
        first: plan.firstMonthCost,
        peak: plan.peakMonthCost,
        upfront: plan.upfrontCost,
      }),
      fields({ request: plan.costPerRequest, 'million tokens': plan.costPerMillionTokens, fte: plan.fteNeeded }),
      fields({ 'for people': plan.cashExtra, saved: plan.savingsOverToday, premium: plan.premium }),
      `cheapest ${shown(plan.cheapest?.monthlyCost)}: ${plan.cheapest?.plan ?? '-'}`,
      `next best ${shown(plan.margin?.percent)} %: ${plan.margin?.runnerUp ?? '-'}`,
      ...(payback === null ? [] : [`payback: ${fields(payback)}`]),
      ...(scores === null ? [] : [`scores: ${fields(scores)}`]),
    ]),
    ...section(
      'serves',
      plan.assignments.map(
        ({ task, part, share, option, capability, capabilityNeed }) =>
          `${task}.${part} ${shown(share)}: ${option}, scores ${shown(capability)} of ${shown(capabilityNeed)}`,
      ),
    ),
    ...section(
      'routes',
      plan.routes.map(({ when, to }) => `${when} -> ${to}`),
    ),
    ...section(
      'bill',
      plan.costParts.map(({ part, monthly, upfront }) => `${part} ${shown(monthly)}, upfront ${shown(upfront)}`),
    ),
    ...section(
      'because',
      plan.why.map(({ code, text }) => `${code}: ${text}`),
    ),
    ...section('conditions', plan.conditions),
  ];
}

function optionLines({ considered, scorecard, options, nearestMisses, asked }: Decision): string[] {
  const { total, feasible, rejectedBy, gap } = considered;
  return [
    ...section('considered', [fields({ total, feasible, gap }), `turned down by: ${fields(rejectedBy)}`]),
    ...section(
      'kinds',
      [
        ...scorecard.flatMap(({ kind, feasible: fits, monthlyCost, scores, option, verdict }) =>
          option === null
            ? []
            : `${kind} ${fits ? 'fits' : 'no'} ${shown(monthlyCost)}, score ${shown(scores.total)}, ${option}: ${verdict}`,
        ),
        scorecard.flatMap(({ kind, option, verdict }) => (option === null ? `${kind} ${verdict}` : [])).join('; '),
      ].filter((line) => line !== ''),
    ),
    ...section(
      'options',
      options.slice(0, 4).map((one) => {
        const { id, monthlyCost, upfrontCost, ttftP95Ms, tokensPerSecond, replicas, utilization, fte, failedGates } =
          one;
        const failed = failedGates.map(({ gate, task }) => `${gate} of ${task}`);
        const size = { machines: replicas, busy: utilization, fte, ttft: ttftP95Ms, speed: tokensPerSecond };
        const known = Object.fromEntries(Object.entries(size).filter(([, value]) => value !== null));
        return `${id}: ${fields({ month: monthlyCost, upfront: upfrontCost, ...known })}${failed.length > 0 ? `; fails ${failed.join(', ')}` : ''}`;
      }),
    ),
    ...section(
      'asked for',
      asked.map(({ id, monthlyCost, verdict }) => `${id} ${shown(monthlyCost)}: ${verdict}`),
    ),
    ...section(
      'near misses',
      nearestMisses
        .slice(0, 4)
        .map(
          ({ option, task, gate, need, have, monthlyCost, turnsAt, stillFails }) =>
            `${option} ${shown(monthlyCost)}: ${gate} of ${task}, needs ${need}, has ${have}${turnsAt === null ? '' : `; turns at ${turnsAt.path}=${JSON.stringify(turnsAt.value)}`}${stillFails.length === 0 ? '' : `; still fails ${stillFails.map((each) => each.gate).join(', ')}`}`,
        ),
    ),
  ];
}

/** Break-even rows name plans by their place in a list of their own, so that a line stays short. */
function volumeLines({ recommendation, breakEven, ladder, timeline }: Decision): string[] {
  const plans = [...new Set(breakEven.flatMap(({ a, b }) => [a, b]))];
  const number = (plan: string) => plans.indexOf(plan) + 1;
  const last = timeline.at(-1);
  const paid = timeline.reduce((sum, month) => sum + (month.paid ?? 0), 0);
  return [
    ...section(
      'costs the same',
      plans.map((plan) => `${number(plan)}: ${plan}`),
    ),
    ...section(
      'at',
      breakEven
        .filter(({ a, b }) => [a, b].includes(recommendation.plan ?? ''))
        .map(({ a, b, axis, crossings, never }) => {
          const at = crossings.map((one) => `${shown(one.at)} ${one.cheaperAbove}`);
          const shownAt = at.length > 3 ? [...at.slice(0, 3), `${at.length} in all`] : at;
          return `${number(a)} ${number(b)} ${axis}: ${shownAt.join(', ') || `never, ${shown(never as Value)}`}`;
        }),
    ),
    ...section(
      'ladder',
      ladder
        .slice(0, 8)
        .map(({ from, to, plan, monthlyCost }) => `${shown(from)} to ${shown(to)}: ${plan} ${shown(monthlyCost)}`),
    ),
    ...(last === undefined
      ? []
      : [`paid in ${timeline.length} months: ${shown(paid)}, to the last ${shown(last.cumulative)}`]),
  ];
}

function adviceLines({ guides, playbook, checklist, levers, warnings, basis }: Decision): string[] {
  const { length } = playbook;
  return [
    ...section(
      'levers',
      levers.map(({ id, applies, reason, alreadyIn, saves, savesNow, monthlyCost, plan }) =>
        applies
          ? `${id}: ${fields({ month: monthlyCost, saves, now: savesNow })}, ${plan ?? '-'}`
          : `${id}: ${alreadyIn ? 'already in' : `no, ${reason}`}`,
      ),
    ),
    ...section(
      'guides',
      guides.map(
        ({ id, verdict, shape, agrees, unknown, because }) =>
          `${id} ${agrees ? 'agrees' : 'differs'}: ${verdict.join('+') || '-'} ${shape ?? ''}, unknown ${unknown.length}; ${because}`,
      ),
    ),
    ...(length === 0 ? [] : [`playbook of ${length} steps: ${playbook.map(({ id }) => id).join(', ')}`]),
    ...(checklist.length === 0 ? [] : [`checklist of ${checklist.length}, rows used ${basis.length}`]),
    ...section(
      'warnings',
      warnings.map(({ code, message }) => `${code}: ${message}`),
    ),
  ];
}

function sureLines({ recommendation, uncertainty, tornado }: Decision): string[] {
  const { flips, noFlips, monthlyCostRange, probabilityBest, probabilityOverBudget, regret } = recommendation;
  return [
    ...section(
      `flips, of ${flips.length + noFlips.length} inputs`,
      flips.map(
        ({ parameter, from, to, unit, becomes, extraCost }) =>
          `${parameter} ${shown(from)} -> ${shown(to)} ${unit}: ${becomes} ${shown(extraCost)}`,
      ),
    ),
    ...(uncertainty === null
      ? []
      : section('confidence', [
          fields({ best: probabilityBest, 'over budget': probabilityOverBudget, regret }),
          `cost ${range(monthlyCostRange)}`,
          fields({ draws: uncertainty.draws, inputs: uncertainty.inputs, ranges: uncertainty.ranges }),
          ...uncertainty.plans
            .slice(0, 3)
            .map((one) => `${one.plan}: best ${shown(one.probabilityBest)}, ${range(one.monthlyCostRange)}`),
        ])),
    ...section(
      'moves the bill',
      tornado
        .slice(0, 3)
        .map(
          ({ parameter, costAtLow, costAtHigh, becomes }) =>
            `${parameter} ${shown(costAtLow)} to ${shown(costAtHigh)}, ${becomes ?? 'the same plan'}`,
        ),
    ),
  ];
}

/** A result as a person reads a diff of it: plan, bill, verdicts, what came near, where it turns, how sure it is. */
export const digest = (decision: Decision): string =>
  `${[planLines, optionLines, volumeLines, adviceLines, sureLines].flatMap((lines) => lines(decision)).join('\n')}\n`;

/** What a scenario is asked for most time: what flips the advice, and how sure it is. */
export const sureDigest = (decision: Decision): string => `${sureLines(decision).join('\n')}\n`;
