import type { Decision } from '../../decide/decision.js';
import { type Line, printed } from '../lines.js';
import { table, text } from '../markdown-text.js';
import { legend } from '../own-prices.js';
import { plainTree } from '../plain-text.js';
import { asked } from '../sections/asked.js';
import { certainty } from '../sections/certainty.js';
import { cost } from '../sections/cost.js';
import { detailSections } from '../sections/details.js';
import { toDo, warnings } from '../sections/follow-up.js';
import { pricesText } from '../sections/heading.js';
import { levers } from '../sections/levers.js';
import { nothingFits } from '../sections/nothing-fits.js';
import { scorecardTable } from '../sections/scorecard.js';
import { use } from '../sections/use.js';
import { flips, why } from '../sections/why.js';
import type { View } from '../view.js';

/** A page breaks lines itself. */
const anyWidth = Number.POSITIVE_INFINITY;
/** Columns of what stands as it would at a terminal. */
const foldedWidth = 100;

/**
 * The decision as Markdown, to paste into a page, a ticket or a comment: what the one-screen report says, as tables; the
 * levers, and what `view.detail` asks for, folded away as text.
 */
export function markdown(decision: Decision, { detail }: View): string {
  const safe = plainTree(decision);
  const { head, rows, numbers } = scorecardTable(safe);
  return [
    `### ${text(safe.scenario.name)}`,
    '',
    text(pricesText(safe)),
    '',
    ...table(['', 'advice'], told(adviceLines(safe))),
    '',
    ...(rows.length === 0
      ? []
      : [
          ...table(
            head.map(text),
            rows.map((row) => row.map(text)),
            numbers,
          ),
          '',
        ]),
    ...folded('levers', levers(safe, foldedWidth)),
    ...folded('details', detailSections(safe, detail, foldedWidth)),
  ].join('\n');
}

const adviceLines = (decision: Decision): Line[] => [
  ...(decision.recommendation.status === 'infeasible'
    ? nothingFits(decision, anyWidth)
    : [
        ...use(decision, anyWidth),
        ...cost(decision, anyWidth),
        ...certainty(decision, anyWidth),
        ...why(decision, anyWidth),
        ...flips(decision, null, anyWidth),
      ]),
  ...asked(decision, anyWidth),
  ...legend(decision, anyWidth),
  ...toDo(decision, anyWidth),
  ...warnings(decision, anyWidth),
];

/** A row for each tag, its lines below one another. */
function told(lines: readonly Line[]): string[][] {
  const rows: string[][] = [];
  for (const line of lines) {
    const tag = line.tag.trim();
    const words = text(line.text.trim().replace(/ +/g, ' '));
    const last = rows.at(-1);
    if (tag !== '' || last === undefined) rows.push([`**${text(tag)}**`, words]);
    else last[1] = [last[1], words].filter((part) => part !== '').join('<br>');
  }
  return rows;
}

const folded = (title: string, lines: readonly Line[]): string[] =>
  lines.length === 0
    ? []
    : [
        `<details><summary>${title}</summary>`,
        '',
        `<pre>\n${printed(lines, false).split('\n').map(text).join('\n').trim()}\n</pre>`,
        '</details>',
        '',
      ];
