import type { Decision } from '../../decide/decision.js';
import { type Line, paragraph, paragraphs } from '../lines.js';
import { grouped } from '../number-text.js';
import { type Detail, details } from '../view.js';

/** What the advice depends on and somebody has to do or check. */
export function toDo({ recommendation, scenario, uncertainty }: Decision, width: number): Line[] {
  const count = scenario.assumed.length;
  const all = count + scenario.given.length;
  const assumed =
    count === 0
      ? []
      : [`${grouped(count)} of ${grouped(all)} inputs ${count === 1 ? 'is' : 'are'} assumed: --detail inputs`];
  // What is worth nothing to know before choosing is for --detail sure.
  const measure = uncertainty?.measure.slice(0, 1).flatMap(({ text, worth }) => (worth > 0 ? text : [])) ?? [];
  const texts = [...new Set(recommendation.conditions), ...measure, ...assumed];
  return texts.length === 0 ? [] : paragraph('TO DO', texts.join('; '), width);
}

export function warnings({ warnings: list }: Decision, width: number): Line[] {
  return paragraphs(
    'WARN',
    list.map(({ message }) => message),
    width,
    2,
  );
}

/** Details that a decision may be without: a decision alone (`--point`) has no draws and no playbook. */
const isThere: Partial<Record<Detail, (decision: Decision) => boolean>> = {
  sure: ({ uncertainty }) => uncertainty !== null,
  playbook: ({ playbook, checklist }) => playbook.length + checklist.length > 0,
};

/** Where to read on: only what there is. */
export function more(decision: Decision, shown: Detail | null, width: number): Line[] {
  const { recommendation, breakEven, guides } = decision;
  const others = details.filter((detail) => detail !== shown && isThere[detail]?.(decision) !== false);
  const texts = [
    ...(breakEven.length > 0 ? ['breakeven'] : []),
    ...(recommendation.plan === null ? [] : ['explain']),
    ...(guides.length > 0
      ? [`guides (${grouped(guides.filter(({ agrees }) => agrees).length)} of ${grouped(guides.length)} agree)`]
      : []),
    ...(shown === 'full' ? [] : [`--detail ${others.join('|')}`]),
    '--format json',
  ];
  return paragraph('MORE', texts.join(' | '), width);
}
