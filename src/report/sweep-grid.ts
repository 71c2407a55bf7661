import type { SweepAnswer, SweepRow } from '../analyses/sweep/row.js';
import { narrowMoney } from './money.js';
import { plainText } from './plain-text.js';
import { sweepKinds } from './sweep-heading.js';
import { columns, padded, paddedLeft, wrap } from './wrap.js';

const gap = 2;

/** Two axes as rows and columns: the kind of plan by letter and its cost a month; as many blocks as columns need. */
export function gridBlocks({ axes, cells }: SweepAnswer, width: number): string[][] {
  const [one, other] = axes.flatMap(({ values }, i) => (values.length > 1 ? [i] : [])) as [number, number];
  const sizeOf = (axis: number) => axes[axis]?.values.length ?? 0;
  // The longer axis goes down.
  const [down, across] = sizeOf(one) >= sizeOf(other) ? [one, other] : [other, one];
  const byValues = new Map(cells.map((row) => [keyOf(row.values[down], row.values[across]), row]));
  const letters = new Map<string, { letter: string; row: SweepRow }>();
  for (const row of cells) {
    if (row.status === 'recommended' && !letters.has(row.kindsByTask ?? ''))
      letters.set(row.kindsByTask ?? '', { letter: letterOf(letters.size), row });
  }
  const rows = axes[down]?.values ?? [];
  const textOf = (downwards: string, sideways: string): string => {
    const row = byValues.get(keyOf(downwards, sideways));
    if (row?.status === 'recommended')
      return `${letters.get(row.kindsByTask ?? '')?.letter} ${narrowMoney(row.monthlyCost ?? 0)}`;
    return row?.status === 'infeasible' ? '-' : 'x';
  };
  const names = rows.map(plainText);
  const first = Math.min(Math.max(...names.map(columns)), width - 2 * gap - 10);
  const all = (axes[across]?.values ?? []).map((value) => {
    const texts = rows.map((row) => textOf(row, value));
    const title = plainText(value);
    return { title, texts, room: Math.min(Math.max(columns(title), ...texts.map(columns)), width - first - gap) };
  });
  const blocks: string[][] = [];
  let from = 0;
  while (from < all.length) {
    let to = from;
    let used = first;
    while (to < all.length && (to === from || used + gap + (all[to]?.room ?? 0) <= width)) {
      used += gap + (all[to]?.room ?? 0);
      to += 1;
    }
    const shown = all.slice(from, to);
    const line = (name: string, at: (column: (typeof all)[number]) => string) =>
      padded(cut(name, first), first) +
      shown.map((column) => ' '.repeat(gap) + paddedLeft(cut(at(column), column.room), column.room)).join('');
    blocks.push([line('', ({ title }) => title), ...names.map((name, i) => line(name, ({ texts }) => texts[i] ?? ''))]);
    from = to;
  }
  const legend = [
    ...wrap(
      `down ${plainText(axes[down]?.path ?? '')}, across ${plainText(axes[across]?.path ?? '')}; USD a month`,
      width,
    ),
    ...[...letters.values()].flatMap(({ letter, row }) =>
      wrap(`${letter}  ${sweepKinds(row)}${detailOf(row, letters)}`, width),
    ),
    ...(cells.some(({ status }) => status === 'infeasible') ? ['-  nothing fits'] : []),
    ...(cells.some(({ status }) => status === 'invalid') ? ['x  no scenario'] : []),
  ];
  return [...blocks, legend];
}

/** Which task runs where, if the kinds alone do not tell plans apart. */
function detailOf(row: SweepRow, letters: ReadonlyMap<string, { row: SweepRow }>): string {
  const kinds = row.kinds.join();
  const alike = [...letters.values()].filter((one) => one.row.kinds.join() === kinds).length > 1;
  return alike ? ` (${plainText(row.kindsByTask ?? '').replaceAll(',', ', ')})` : '';
}

const keyOf = (down: string | undefined, across: string | undefined): string => JSON.stringify([down, across]);

const cut = (text: string, room: number): string => (columns(text) > room ? `${text.slice(0, room - 1)}…` : text);

function letterOf(at: number): string {
  const letters = 26;
  return (at >= letters ? letterOf(Math.floor(at / letters) - 1) : '') + String.fromCharCode(65 + (at % letters));
}
