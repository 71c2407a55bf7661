import type { PlanCost, Step } from '../../analyses/compare/comparison.js';
import { grid } from '../grid.js';
import { emptyLine, indented, type Line, paragraphs } from '../lines.js';
import { grouped } from '../number-text.js';
import { columns } from '../wrap.js';
import {
  adviceText,
  causeTexts,
  changeText,
  costText,
  inputsUnknown,
  movedRows,
  pricesUnknown,
  proofText,
  roleText,
  toldPlans,
} from './words.js';

/** Rows of a block unless all are asked for. */
const most = 8;

/** From one side to the next in three blocks: what moved, what that costs, what is advised. */
export function stepLines(step: Step, width: number, detail: boolean): Line[] {
  const { inputs, inputsKnown, prices, pricesKnown, plans, advice } = step;
  const shown = <Row>(rows: readonly Row[]): readonly Row[] => (detail ? rows : rows.slice(0, most));
  const more = (count: number): string[] =>
    !detail && count > most ? [`and ${grouped(count - most)} more: --detail`] : [];
  const movedInputs = shown(inputs).map(
    ({ path, before, after, originBefore, originAfter }) =>
      `${path}: ${before ?? 'not given'} -> ${after ?? 'not given'}${originBefore !== 'user' && originAfter !== 'user' ? ' (assumed)' : ''}`,
  );
  const rows = movedRows(prices);
  const movedPrices = shown(rows).map(({ table, row, text }) => `${table} ${row}: ${text}`);
  const costs = toldPlans(plans);
  return [
    ...paragraphs(
      'INPUT',
      [
        ...(inputsKnown ? [] : [inputsUnknown]),
        ...(inputs.length > 0 ? [...movedInputs, ...more(inputs.length)] : inputsKnown ? ['none moved'] : []),
      ],
      width,
      2,
    ),
    ...paragraphs(
      'PRICE',
      !pricesKnown
        ? [pricesUnknown]
        : prices.length === 0
          ? ['none that these plans are billed by moved']
          : [...movedPrices, ...more(rows.length)],
      width,
      2,
    ),
    ...(costs.length === 0 ? [] : [emptyLine, ...costLines(shown(costs), width)]),
    ...more(costs.length).map((text): Line => ({ tag: '', text: ` ${text}`, tone: 'plain' })),
    emptyLine,
    ...paragraphs('SO', [adviceText(step)], width, 2),
    ...(advice.change === 'flip' ? whyLines(step, width) : []),
  ];
}

/** Columns that three figures take beside what a plan is. */
const figureColumns = 40;

function costLines(plans: readonly PlanCost[], width: number): Line[] {
  const roles = plans.map(roleText);
  const isLong = (role: string): boolean => columns(role) > width - figureColumns;
  const rows = plans.map((plan, index) => [
    isLong(roles[index] as string) ? '' : (roles[index] as string),
    costText(plan.before.monthlyCost),
    costText(plan.after.monthlyCost),
    changeText(plan.percent),
  ]);
  const titles = [
    { title: ' plan' },
    { title: 'before', number: true as const },
    { title: 'after', number: true as const },
    { title: 'change', number: true as const },
  ];
  const table = grid(
    titles,
    rows.map(([name = '', ...rest]) => [` ${name}`, ...rest]),
  )
    .trimEnd()
    .split('\n');
  return table.flatMap((text, index): Line[] => {
    const label = plans[index - 1]?.label;
    const role = roles[index - 1] ?? '';
    return [
      // A long one has lines of its own.
      ...(isLong(role) ? indented(role, 1, width) : []),
      { tag: '', text, tone: index === 0 ? 'title' : 'plain' },
      ...(label === undefined ? [] : indented(label, 3, width, 2, 'faint')),
    ];
  });
}

function whyLines(step: Step, width: number): Line[] {
  const { proof } = step.advice;
  if (proof === null) return paragraphs('WHY', ['nothing was found that explains it'], width);
  return paragraphs('WHY', [...causeTexts(step), `(${proofText[proof]})`], width, 2);
}
