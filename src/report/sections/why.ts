import type { Decision, Flip, NoFlip } from '../../decide/decision.js';
import { kindNames } from '../kind-names.js';
import { type Line, paragraph, paragraphs } from '../lines.js';
import { money } from '../money.js';
import { counted, grouped } from '../number-text.js';
import { planName } from '../option-name.js';
import type { Detail } from '../view.js';
import { columns, padded } from '../wrap.js';

/** The reasons, numbered. */
export function why({ recommendation }: Decision, width: number): Line[] {
  return numbered('WHY', recommendation.reasons, width);
}

/** A numbered list under a tag. */
export function numbered(tag: string, texts: readonly string[], width: number): Line[] {
  const digits = String(texts.length).length;
  return paragraphs(
    tag,
    texts.map((text, index) => `${String(index + 1).padEnd(digits)} ${text}`),
    width,
    digits + 1,
  );
}

/** How many of the flips the one-screen report has room for. */
const shown = 3;
/** A longer name of a plan is left to JSON: what matters here is the kind of place. */
const longest = 40;

/** Where the advice changes, the nearest first: the value from which another plan is best, and that plan. */
export function flips(decision: Decision, detail: Detail | null, width: number): Line[] {
  const all = detail === 'full';
  const list = decision.recommendation.flips;
  const rows = list.slice(0, all ? list.length : shown).map((flip) => ({
    when: [name(flip.parameter, decision), value(flip), flip.unit].filter((word) => word !== '').join(' '),
    becomes: `${becomes(flip, decision)}${consequence(flip, decision)}`,
  }));
  const widest = Math.min(30, Math.max(0, ...rows.map(({ when }) => columns(when))));
  const left = list.length - rows.length;
  return [
    ...rows.flatMap((row, index) =>
      paragraph(index === 0 ? 'FLIPS' : '', `${padded(row.when, widest)} -> ${row.becomes}`, width, 'plain', 2),
    ),
    ...(left === 0 ? [] : paragraph('', `${left} more, and what turns nothing: --detail full`, width, 'faint')),
    ...(rows.length === 0 && !all ? unlooked(decision, width) : []),
    ...(all && decision.recommendation.noFlips.length > 0
      ? paragraph(rows.length === 0 ? 'FLIPS' : '', nothing(decision), width, 'faint', 2)
      : []),
  ];
}

/** That nothing is known to flip the advice is not that nothing does; nothing where flips were not looked for. */
function unlooked({ recommendation: { noFlips } }: Decision, width: number): Line[] {
  const open = noFlips.filter(({ decided }) => !decided).length;
  if (open === 0) return [];
  return paragraph(
    'FLIPS',
    `none proven; ${counted(open, 'input')} not looked at to the end: --detail full`,
    width,
    'faint',
  );
}

/** The path without the section it stands in, which readers do not need, nor the name of the only task. */
function name(parameter: string, { recommendation }: Decision): string {
  const tasks = new Set(recommendation.assignments.map(({ task }) => task));
  const [only = ''] = tasks;
  const bare = parameter.replace(/^(workload|tasks|data|needs)\./, '');
  return tasks.size === 1 && parameter.startsWith(`tasks.${only}.`) ? bare.slice(only.length + 1) : bare;
}

function value({ to, direction }: Flip): string {
  if (typeof to !== 'number') return `${to}`;
  return `${direction === 'down' ? '<=' : '>='} ${Number.isInteger(to) ? grouped(to) : to}`;
}

/** The plan by its name, where that is short; else the kinds of its places. */
function becomes({ becomes: plan, becomesLabel, becomesKinds }: Flip, decision: Decision): string {
  const named = planName(decision, plan);
  const known = named === plan ? becomesLabel : named;
  return columns(known) <= longest ? known : becomesKinds.map((kind) => kindNames[kind]).join(' + ');
}

/** When growth gets there; what another word would cost. */
function consequence({ to, month, extraCost, parameter }: Flip, { recommendation }: Decision): string {
  if (month !== null) return `, month ${month}`;
  if (typeof to === 'number' && !/^budget|^team\./.test(parameter)) return '';
  const more = recommendation.monthlyCost === null ? 0 : extraCost;
  return more < 0 ? `, -${money(-more)}` : `, +${money(more)}`;
}

/** An end of a range that was looked at, as the tables have it; one that was made of another figure is only about there. */
const end = (value: number): string => {
  const written = Number(value.toPrecision(5)) === value;
  const told = written ? value : Number(value.toPrecision(3));
  return Number.isInteger(told) ? grouped(told) : String(told);
};

/** Inputs that turn nothing, and where they were looked at: by decisions at the ends, or among the plans met alone. */
function nothing(decision: Decision): string {
  const { noFlips } = decision.recommendation;
  const list = (isDecided: boolean): string =>
    noFlips
      .filter(({ decided }) => decided === isDecided)
      .map((none) => lookedAt(none, decision))
      .join('; ');
  const [decided, among] = [list(true), list(false)];
  return [
    ...(decided === '' ? [] : [`none found in: ${decided}`]),
    ...(among === '' ? [] : [`none among the plans met, with no decision left to look for others, in: ${among}`]),
  ].join('; ');
}

const lookedAt = ({ parameter, low, high, unit, words }: NoFlip, decision: Decision): string =>
  low === null || high === null
    ? `${name(parameter, decision)} (${(words ?? []).join(', ')})`
    : `${name(parameter, decision)} ${end(low)} to ${end(high)}${unit === '' ? '' : ` ${unit}`}`;
