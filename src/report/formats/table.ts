import type { Decision } from '../../decide/decision.js';
import { emptyLine, type Line, printed } from '../lines.js';
import { legend } from '../own-prices.js';
import { plainTree } from '../plain-text.js';
import { asked } from '../sections/asked.js';
import { certainty } from '../sections/certainty.js';
import { cost } from '../sections/cost.js';
import { detailSections } from '../sections/details.js';
import { more, toDo, warnings } from '../sections/follow-up.js';
import { heading } from '../sections/heading.js';
import { levers } from '../sections/levers.js';
import { nothingFits } from '../sections/nothing-fits.js';
import { scorecard } from '../sections/scorecard.js';
import { use } from '../sections/use.js';
import { flips, why } from '../sections/why.js';
import { minWidth, type View } from '../view.js';

/**
 * The decision as one screen of text, with the sections of `view.detail` below it. No line is longer than
 * `view.width` columns, names are made safe for a terminal, and color adds escape codes but changes no text.
 */
export function table(decision: Decision, view: View): string {
  const width = Math.max(minWidth, view.width);
  const safe = plainTree(decision);
  const blocks = [
    [
      ...heading(safe, width),
      ...(safe.recommendation.status === 'infeasible' ? nothingFits(safe, width) : advice(safe, width)),
    ],
    safe.recommendation.status === 'infeasible' ? [] : [...why(safe, width), ...flips(safe, view.detail, width)],
    scorecard(safe, width),
    asked(safe, width),
    levers(safe, width),
    [...legend(safe, width), ...toDo(safe, width), ...warnings(safe, width), ...more(safe, view.detail, width)],
  ];
  return printed([...separated(blocks), ...detailSections(safe, view.detail, width)], view.color);
}

function advice(decision: Decision, width: number): Line[] {
  return [...use(decision, width), ...cost(decision, width), ...certainty(decision, width)];
}

/** Blocks with an empty line between those that have lines. */
function separated(blocks: Line[][]): Line[] {
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [emptyLine, ...block]));
}
