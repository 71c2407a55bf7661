import type { AskedRow, Decision } from '../../decide/decision.js';
import { emptyLine, indented, type Line } from '../lines.js';
import { money } from '../money.js';
import { markOfPlans } from '../own-prices.js';

/** What was asked for by id: its cost beside the plan, and every rule that turns it down. */
export function asked(decision: Decision, width: number): Line[] {
  const { asked: rows } = decision;
  if (rows.length === 0) return [];
  return [
    { tag: 'ASKED', text: '', tone: 'plain' },
    ...rows.flatMap((row, index) => [...(index === 0 ? [] : [emptyLine]), ...rowLines(row, decision, width)]),
  ];
}

function rowLines(
  { id, monthlyCost, verdict, feasible, failedGates }: AskedRow,
  decision: Decision,
  width: number,
): Line[] {
  const cost = monthlyCost === null ? 'no price' : `${money(monthlyCost)}${markOfPlans(decision, id)}/month`;
  const rest = failedGates.slice(1).map(({ gate, task, reason }) => `and ${gate} for ${task}: ${reason}`);
  return [
    ...indented(id, 1, width, 2, feasible ? 'good' : 'bad'),
    ...indented(`${cost}; ${verdict}`, 3, width),
    ...rest.flatMap((text) => indented(text, 3, width)),
  ];
}
