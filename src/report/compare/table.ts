import type { Comparison } from '../../analyses/compare/comparison.js';
import { emptyLine, indented, type Line, paragraph, paragraphs, printed, spread } from '../lines.js';
import { plainTree } from '../plain-text.js';
import { columns, padded, paddedLeft, wrap } from '../wrap.js';
import { stepLines } from './step.js';
import { changeText, costText, kindsText, sideText } from './words.js';

/** `failed`: rules that failed or cannot be told, in words. */
export type CompareView = { color: boolean; width: number; detail: boolean; failed: readonly string[] };

/** A comparison for people: all sides, then the steps; of many only those that flip, unless all are asked for. */
export function compareTable(comparison: Comparison, { color, width, detail, failed }: CompareView): string {
  const { sides, steps, flips } = plainTree(comparison);
  const names = [...new Set(sides.map(({ scenario }) => scenario).filter((name) => name !== ''))];
  const days = [...new Set(sides.map(({ asOf }) => asOf))];
  const told = steps.length === 1 || detail ? steps : steps.filter(({ advice }) => advice.change === 'flip');
  const lines: Line[] = [
    ...spread(names.join(' / '), days.length === 1 ? `as of ${days[0]}` : 'each as of its own date', width),
    ...historyLines(sides, steps, width),
    ...(steps.length > 1
      ? [
          emptyLine,
          ...paragraph(
            '',
            `${flips === 0 ? 'the advice never' : flips === 1 ? 'the advice once' : `the advice ${flips} times`} moved to another kind of place`,
            width,
          ),
        ]
      : []),
    ...told.flatMap((step) => [
      emptyLine,
      ...titleLines(`${step.from} -> ${step.to}`, width),
      ...stepLines(step, width, detail),
    ]),
    ...(told.length < steps.length
      ? [emptyLine, ...paragraph('MORE', 'the steps between: --detail | --format json', width)]
      : []),
    ...(failed.length === 0 ? [] : [emptyLine, ...paragraphs('FAIL', failed, width, 2)]),
  ];
  return printed(lines, color);
}

/** Every side with what its plan costs, how far that moved, where the advice flipped, and the cheapest plan if it is another. */
function historyLines(sides: Comparison['sides'], steps: Comparison['steps'], width: number): Line[] {
  const read = sides.filter(({ status }) => status !== 'unread');
  const nameWidth = Math.min(mostName, Math.max(...sides.map(({ name }) => columns(name))));
  return sides.flatMap((side) => {
    const step = side.status === 'unread' ? undefined : steps[read.indexOf(side) - 1];
    const mark = step?.advice.change === 'flip' ? 'FLIP' : step?.advice.change === 'switch' ? 'new' : '';
    // A long name has lines of its own.
    const isLong = columns(side.name) > nameWidth;
    const head = [
      padded(isLong ? '' : side.name, nameWidth),
      paddedLeft(costText(side.monthlyCost), 11),
      paddedLeft(changeText(side.costChange), 9),
      padded(mark, 4),
    ].join(' ');
    const what = side.status === 'recommended' ? kindsText(side.kinds) : sideText(side);
    return [
      ...(isLong ? indented(side.name, 0, width) : []),
      ...paragraphAt(head, what, width),
      ...(side.status === 'recommended' ? indented(side.label ?? '', 4, width, 2, 'faint') : []),
      ...(side.cheapest === null || side.cheapest.plan === side.plan
        ? []
        : indented(`the cheapest plan costs ${costText(side.cheapest.monthlyCost)}`, 4, width, 2, 'faint')),
    ];
  });
}

/** Columns of a name beside what it is. */
const mostName = 30;

const titleLines = (title: string, width: number): Line[] =>
  wrap(title, width).map((tag) => ({ tag, text: '', tone: 'title' }));

function paragraphAt(head: string, text: string, width: number): Line[] {
  const lines = paragraph('', text, Math.max(24, width - head.length));
  return lines.map(({ text: line, tag }, index) => ({
    tag: '',
    text: `${index === 0 ? head : ' '.repeat(head.length)} ${`${tag}${line}`.trim()}`,
    tone: 'plain' as const,
  }));
}
