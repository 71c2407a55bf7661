import type { Comparison, PlanCost, Step } from '../analyses/compare/comparison.js';
import {
  adviceText,
  causeTexts,
  changeText,
  costText,
  inputsUnknown,
  kindsText,
  movedRows,
  pricesUnknown,
  proofText,
  roleText,
  sideText,
  toldPlans,
} from './comparison-words.js';
import {
  type Column,
  type Document,
  gap,
  indented,
  line,
  narrow,
  numberColumns,
  paragraph,
  paragraphs,
  type Row,
  type Table,
  table,
  textColumns,
  title,
} from './document.js';
import { grouped } from './numbers.js';
import { plainTree } from './plain-text.js';
import { renderText } from './text.js';
import { columns } from './wrap.js';

/** `failed`: rules that failed or cannot be told, in words. */
export type CompareView = { color: boolean; width: number; detail: boolean; failed: readonly string[] };

/** A comparison for people: all sides, then the steps; of many only those that flip, unless all are asked for. */
export function compareTable(comparison: Comparison, { color, width, detail, failed }: CompareView): string {
  const { sides, steps, flips } = plainTree(comparison);
  const names = [...new Set(sides.map(({ scenario }) => scenario).filter((name) => name !== ''))];
  const days = [...new Set(sides.map(({ asOf }) => asOf))];
  const told = steps.length === 1 || detail ? steps : steps.filter(({ advice }) => advice.change === 'flip');
  const document: Document = [
    title(names.join(' / '), days.length === 1 ? `as of ${days[0]}` : 'each as of its own date'),
    history(sides, steps),
    ...(steps.length > 1
      ? [
          gap,
          paragraph(
            '',
            `${flips === 0 ? 'the advice never' : flips === 1 ? 'the advice once' : `the advice ${flips} times`} moved to another kind of place`,
          ),
        ]
      : []),
    ...told.flatMap((step) => [gap, title(`${step.from} -> ${step.to}`), ...stepParts(step, detail)]),
    ...(told.length < steps.length ? [gap, paragraph('MORE', 'the steps between: --detail | --format json')] : []),
    ...(failed.length === 0 ? [] : [gap, ...paragraphs('FAIL', failed, { hang: 2 })]),
  ];
  return renderText(document, { color, width });
}

/** Every side with what its plan costs, how far that moved, where the advice flipped, and the cheapest plan if it is another. */
function history(sides: Comparison['sides'], steps: Comparison['steps']): Table {
  const read = sides.filter(({ status }) => status !== 'unread');
  const nameWidth = Math.min(widestName, Math.max(...sides.map(({ name }) => columns(name))));
  const rows = sides.map((side): Row => {
    const step = side.status === 'unread' ? undefined : steps[read.indexOf(side) - 1];
    const mark = step?.advice.change === 'flip' ? 'FLIP' : step?.advice.change === 'switch' ? 'new' : '';
    const advised = side.status === 'recommended';
    return {
      cells: [
        side.name,
        costText(side.monthlyCost),
        changeText(side.costChange),
        mark,
        advised ? kindsText(side.kinds) : sideText(side),
      ],
      below: [
        ...(advised ? [indented(side.label ?? '', 4, { tone: 'faint' })] : []),
        ...(side.cheapest === null || side.cheapest.plan === side.plan
          ? []
          : [indented(`the cheapest plan costs ${costText(side.cheapest.monthlyCost)}`, 4, { tone: 'faint' })]),
      ],
    };
  });
  const widths: Column[] = [
    { title: '', least: nameWidth },
    { title: '', least: 11, number: true },
    { title: '', least: 9, number: true },
    { title: '', least: 4 },
    { title: '', least: 18 },
  ];
  return table(narrow(widths), rows, { wraps: true, widestName });
}

/** Columns of a name beside what it is. */
const widestName = 30;

/** Rows of a block unless all are asked for. */
const most = 8;

/** From one side to the next in three blocks: what moved, what that costs, what is advised. */
export function stepParts(step: Step, detail: boolean): Document {
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
      { hang: 2 },
    ),
    ...paragraphs(
      'PRICE',
      !pricesKnown
        ? [pricesUnknown]
        : prices.length === 0
          ? ['none that these plans are billed by moved']
          : [...movedPrices, ...more(rows.length)],
      { hang: 2 },
    ),
    ...(costs.length === 0 ? [] : [gap, costTable(shown(costs))]),
    ...more(costs.length).map((text) => line(` ${text}`)),
    gap,
    ...paragraphs('SO', [adviceText(step)], { hang: 2 }),
    ...(advice.change === 'flip' ? whyLines(step) : []),
  ];
}

/** A longer description of a plan has lines of its own. */
const widestRole = 40;

const costTable = (plans: readonly PlanCost[]): Table =>
  table(
    [...textColumns('plan'), ...numberColumns('before', 'after', 'change')],
    plans.map((plan) => ({
      cells: [
        roleText(plan),
        costText(plan.before.monthlyCost),
        costText(plan.after.monthlyCost),
        changeText(plan.percent),
      ],
      below: [indented(plan.label, 3, { tone: 'faint' })],
    })),
    { indent: 1, widestName: widestRole },
  );

function whyLines(step: Step): Document {
  const { proof } = step.advice;
  if (proof === null) return paragraphs('WHY', ['nothing was found that explains it']);
  return paragraphs('WHY', [...causeTexts(step), `(${proofText[proof]})`], { hang: 2 });
}
