import type { Decision } from '../../decide/decision.js';
import { indented, type Line } from '../lines.js';

const notMade = 'none is made with --point';

/** The steps with their days; what a step waits for and where it comes from stands below it. */
export function playbook(decision: Decision, width: number): Line[] {
  const { playbook: steps } = decision;
  if (steps.length === 0) return indented(notMade, 1, width);
  const room = String(steps.length).length;
  const lines = steps.flatMap(({ step, date, trigger, do: does, source }) => {
    const start = `${String(step).padEnd(room)}  ${date ?? 'later     '}  `;
    const waits = trigger === null ? '' : ` (${trigger})`;
    return [
      ...indented(`${start}${does}${waits}`, 1, width, start.length),
      ...(source === '' ? [] : indented(source, 1 + start.length, width, 0, 'faint')),
    ];
  });
  return [...lines, ...calendars(decision, width)];
}

/** Costs count months from the one of their prices, steps from the day of the decision: said where these are not the same. */
function calendars({ timeline, tables }: Decision, width: number): Line[] {
  const [priced, decided] = [timeline[0]?.date, tables.asOf.slice(0, 7)];
  if (priced === undefined || priced === decided) return [];
  return indented(
    `month 1 of these steps is ${decided}; of costs it is ${priced}, that of the prices`,
    1,
    width,
    0,
    'faint',
  );
}

/** What is to see to; where no playbook was made, no checklist was either, which is not an empty one. */
export function checklist({ checklist: items, playbook: steps }: Decision, width: number): Line[] {
  if (items.length === 0) return indented(steps.length === 0 ? notMade : 'nothing to see to', 1, width);
  return items.flatMap(({ item, because, source }, index) => [
    ...(items[index - 1]?.because === because ? [] : indented(`${because}:`, 1, width)),
    ...indented(`[ ] ${item}`, 3, width, 4),
    ...(source === '' ? [] : indented(source, 7, width, 0, 'faint')),
  ]);
}
