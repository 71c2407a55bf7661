import type { Cause, MovedPrice, PlanCost, Side, Step } from '../analyses/compare/comparison.js';
import type { FigureChange } from '../analyses/compare/moved.js';
import { kindNames } from '../tables/kinds.js';
import { decimal, money } from './numbers.js';
import { kindsText } from './plan-names.js';

/** Common texts of a comparison on the terminal and in the comment. */

/** `+12.5 %`; empty without a share. */
export function changeText(percent: number | null): string {
  if (percent === null) return '';
  return `${percent > 0 ? '+' : ''}${decimal(Number(percent.toPrecision(3)))} %`;
}

export const costText = (usd: number | null): string => (usd === null ? '-' : money(usd));

/** `0.6 -> 0.15 (-75 %)`; of a figure that is new or gone, `none` is the other side. */
export function movedText({ before, after, percent }: Pick<MovedPrice, 'before' | 'after' | 'percent'>): string {
  return `${before ?? 'none'} -> ${after ?? 'none'}${percent === null ? '' : ` (${changeText(percent)})`}`;
}

const figureText = ({ figure, before, after }: FigureChange): string =>
  `${figure} ${movedText({ before, after, percent: null })}`;

const changeWords = { added: 'new', removed: 'gone', changed: '' };
/** Figures of a row that a line has room for. */
const mostFigures = 4;

/** Explanations of a flip, a line each. From results alone a row on one side's bill may be neither new nor gone. */
export const causeTexts = ({ advice, prices }: Pick<Step, 'advice' | 'prices'>): string[] =>
  advice.explainedBy.map((cause) => {
    const { what, table, name, figures } = cause;
    const isBilledOnce = ({ change, table: of, row, figure }: MovedPrice): boolean =>
      change === null && of === table && row === name && figures.some((one) => one.figure === figure);
    const [billed] = what === 'price' ? movedRows(prices.filter(isBilledOnce)) : [];
    return billed === undefined ? causeText(cause) : `${table} ${name}: ${billed.text}`;
  });

/** A cause on one line: `api provider/model: input_usd_per_mtok 0.6 -> 0.15`. */
function causeText({ what, table, name, change, figures }: Cause): string {
  if (what === 'input') {
    const [only] = figures;
    return `${name}: ${only?.before ?? 'not given'} -> ${only?.after ?? 'not given'}`;
  }
  const prices = figures.filter(({ figure }) => figure.includes('usd'));
  const shown = (prices.length > 0 ? prices : figures).slice(0, mostFigures);
  const told =
    change === 'changed'
      ? shown.map(figureText)
      : shown.map(({ figure, before, after }) => `${figure} ${(change === 'added' ? after : before) ?? ''}`.trim());
  const head = [table, name, changeWords[change]].filter((part) => part !== null && part !== '').join(' ');
  return told.length === 0 ? head : `${head}: ${told.join(', ')}`;
}

export const proofText = {
  decided: 'tested: the earlier side with these changes and the later catalog gives the later advice',
  listed: 'these changed; whether they explain it was not tested',
};

/** What became of the advice, in a few words. */
export function adviceText({ advice }: Step): string {
  if (advice.change === 'same') return advice.planAfter === null ? 'nothing fits, as before' : 'the same plan';
  if (advice.change === 'switch') return 'another plan on the same deployment types';
  return `another deployment type: ${advice.tasks.map(({ task, before, after }) => `${task} ${kindsText(before)} -> ${kindsText(after)}`).join('; ')}`;
}

export const sideText = ({ status, unread, label, plan }: Side): string =>
  status === 'unread'
    ? `cannot be read: ${unread.join('; ')}`
    : status === 'infeasible'
      ? 'nothing fits'
      : (label ?? plan ?? '');

/** The role of a plan on either side: `advised`, or the best of a type; and where a rule excludes it. */
export function roleText({ before, after }: PlanCost): string {
  const called = (as: string): string => (as in kindNames ? `best ${kindNames[as as keyof typeof kindNames]}` : as);
  const roles =
    before.as === after.as
      ? [called(before.as ?? '')]
      : [
          ...(before.as === null ? [] : [`${called(before.as)} before`]),
          ...(after.as === null ? [] : [`${called(after.as)} now`]),
        ];
  const isForbidden = ({ monthlyCost, feasible }: PlanCost['before']): boolean => monthlyCost !== null && !feasible;
  const when = [...(isForbidden(before) ? ['before'] : []), ...(isForbidden(after) ? ['now'] : [])];
  return [...roles, ...(when.length === 0 ? [] : [`not allowed${when.length === 2 ? '' : ` ${when[0]}`}`])]
    .filter((role) => role !== '')
    .join(', ');
}

/** What is said of inputs where a result was kept without them. */
export const inputsUnknown = 'not all known: a saved result of an earlier version lacks its inputs; save it again';

/** What takes the place of prices where a result was kept without them. */
export const pricesUnknown =
  'not known: a saved result lacks the parts of its bills; save it with check, or with assess without --point';

/** Changes by row, a text each: `input_usd_per_mtok 0.6 -> 0.15 (-75 %)`, or new, or gone. */
export function movedRows(prices: readonly MovedPrice[]): { table: string; row: string; text: string }[] {
  const byRow = new Map<string, MovedPrice[]>();
  for (const price of prices) {
    const key = `${price.table} ${price.row} ${price.formerRow ?? ''}`;
    byRow.set(key, [...(byRow.get(key) ?? []), price]);
  }
  return [...byRow.values()].map((figures) => {
    const { table, row } = figures[0] as MovedPrice;
    const dollars = figures.filter(({ figure }) => figure.includes('usd'));
    const told = dollars.length > 0 ? dollars : figures;
    const { change, before, after, formerRow } = told[0] as MovedPrice;
    // Of results alone it is known that no bill of one side has the row.
    const head =
      change === null
        ? `billed ${before === null ? 'now' : 'before'}: `
        : { added: 'new: ', removed: 'gone: ', changed: '' }[change];
    const only = head === '' ? null : before === null ? 'after' : after === null ? 'before' : null;
    const instead = formerRow === null ? '' : `in place of ${formerRow}: `;
    const texts = told
      .slice(0, mostFigures)
      .map((one) => `${one.figure} ${only === null ? movedText(one) : one[only]}`);
    const rest = figures.length - texts.length;
    const more = head === '' && rest > 0 ? [`${rest} more`] : [];
    return { table, row, text: `${instead}${head}${[...texts, ...more].join(', ')}` };
  });
}

/** Plans that cost something on either side; those advised lead. */
export const toldPlans = (plans: readonly PlanCost[]): PlanCost[] =>
  plans.filter(({ before, after }) => before.monthlyCost !== null || after.monthlyCost !== null);

/** Whether a step has no changes to report. */
export const isQuiet = ({ inputs, prices, plans, advice }: Step): boolean =>
  advice.change === 'same' &&
  inputs.length === 0 &&
  prices.length === 0 &&
  plans.every(({ change }) => change === 0 || change === null);
