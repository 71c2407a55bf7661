import type { Comparison } from '../../decide/compare/comparison.js';
import { emptyLine, indented, type Line, paragraph, printed, spread } from '../lines.js';
import { plainTree } from '../plain-text.js';
import { padded, paddedLeft } from '../wrap.js';
import { stepLines } from './step.js';
import { changeText, costText, kindsText, sideText } from './words.js';

export type CompareView = { color: boolean; width: number; detail: boolean };

/** A comparison for people: all sides, then the steps; of many only those that flip, unless all are asked for. */
export function compareTable(comparison: Comparison, { color, width, detail }: CompareView): string {
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
      { tag: `${step.from} -> ${step.to}`, text: '', tone: 'title' } as Line,
      ...stepLines(step, width, detail),
    ]),
    ...(told.length < steps.length
      ? [emptyLine, ...paragraph('MORE', 'the steps between: --detail | --format json', width)]
      : []),
  ];
  return printed(lines, color);
}

/** Every side with what its cheapest plan costs, how far that moved, and where the advice flipped. */
function historyLines(sides: Comparison['sides'], steps: Comparison['steps'], width: number): Line[] {
  const read = sides.filter(({ status }) => status !== 'unread');
  const nameWidth = Math.min(30, Math.max(...sides.map(({ name }) => name.length)));
  return sides.flatMap((side) => {
    const [now, moved] = [side.cheapest?.monthlyCost ?? null, changeText(side.cheapestChange)];
    const step = side.status === 'unread' ? undefined : steps[read.indexOf(side) - 1];
    const mark = step?.advice.change === 'flip' ? 'FLIP' : step?.advice.change === 'switch' ? 'new' : '';
    const head = [
      padded(side.name, nameWidth),
      paddedLeft(costText(now), 11),
      paddedLeft(moved, 9),
      padded(mark, 4),
    ].join(' ');
    const what = side.status === 'recommended' ? kindsText(side.kinds) : sideText(side);
    return [
      ...paragraphAt(head, what, width),
      ...(side.status === 'recommended' ? indented(side.label ?? '', 4, width, 2, 'faint') : []),
    ];
  });
}

function paragraphAt(head: string, text: string, width: number): Line[] {
  const lines = paragraph('', text, Math.max(24, width - head.length));
  return lines.map(({ text: line, tag }, index) => ({
    tag: '',
    text: `${index === 0 ? head : ' '.repeat(head.length)} ${`${tag}${line}`.trim()}`,
    tone: 'plain' as const,
  }));
}
