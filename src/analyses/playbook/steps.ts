import type { ChecklistItem, PlaybookStep } from '../../decide/decision.js';
import { grownMonthUsd, monthUsd } from '../../decide/months.js';
import type { Miss } from '../../decide/near-misses.js';
import type { Plan } from '../../decide/plan.js';
import { rounded } from '../../decide/round.js';
import type { Context } from '../../places/placement.js';
import { placeholderForm, placeholdersOf, type StepKey, startForm } from '../../tables/playbook-words.js';
import type { PlaybookRow } from '../../tables/rows.js';
import type { Prose, Tables } from '../../tables/tables.js';
import { countWords, usdWords } from '../../units/format.js';
import { dayAfter, daysPerWeek, monthsBetween } from '../../units/month.js';
import type { Stage } from '../stages/stages.js';
import { checklistOf } from './checklist.js';
import { type Fact, holds, type Lists, type PlanFacts } from './facts.js';
import { type Advice, listsOf, planFactsOf } from './plan-facts.js';
import { volumeIn } from './volume-facts.js';

/** What is so on the day of a step. */
export type OnDay = {
  requestsPerDay: (day: string) => number;
  /** The last whole bill by then, and its month: that of the decision is 1. */
  lastBill: (day: string) => { usd: number; month: number } | null;
};

/**
 * Volume grows from the day of the decision, as months of steps count, and goes on after the horizon; prices move by the
 * calendar, which costs count from the month of the snapshot.
 */
export function onDayOf(plan: Plan | null, context: Context): OnDay {
  const { workload } = context;
  const served = workload.taskParts.reduce((sum, { requestsPerDay }) => sum + requestsPerDay, 0);
  const [decided, half] = [
    workload.asOf.slice(0, 7),
    Math.round((workload.assume('firstBillWeeks') * daysPerWeek) / 2),
  ];
  const monthOn = (day: string): number => Math.max(0, monthsBetween(decided, day.slice(0, 7)));
  return {
    requestsPerDay: (day) => served * volumeIn(monthOn(day), workload),
    lastBill: (day) => {
      if (plan === null) return null;
      // Most of the weeks in which it was counted lie in the month of their middle.
      const month = monthOn(dayAfter(day, -half));
      const priced = Math.max(0, monthsBetween(workload.firstMonth, decided) + month);
      const usd =
        grownMonthUsd(plan, context, volumeIn(month, workload), priced) ?? monthUsd(plan, context, workload.months - 1);
      return { usd, month: month + 1 };
    },
  };
}

export type Told = {
  facts: PlanFacts;
  lists: Lists;
  assume: (name: string) => number;
  /** The day the steps are counted from. */
  asOf: string;
  onDay: OnDay;
  tables: Pick<Tables, 'playbook' | 'parameterOf'>;
  prose: Prose;
};

const percent = 100;

/** The steps that apply, with their days and figures, in the order of their days. */
export function stepsOf(told: Told): PlaybookStep[] {
  const { facts, lists, tables, asOf } = told;
  const begin = calendarFrom(asOf);
  const steps: Placed[] = [];
  let share = 0;
  let group = 0;
  for (const [index, row] of tables.playbook.entries()) {
    if (!sameItems(row, tables.playbook[index - 1])) group = index;
    const items: Known[] = row.each === null ? [{}] : lists[row.each];
    const fromShare = share;
    const applying = items
      .map((item, position) => ({
        position,
        known: { ...facts, ...item, ...sharesOf(row, fromShare) } as Known,
      }))
      .filter(({ known }) => holds(row.applies, (name) => known[name] ?? null));
    if (applying.length > 0 && row.toShare !== null) share = row.toShare;
    const dated = datedOf(
      row,
      applying.map(({ known }) => known),
      begin,
      told,
    );
    steps.push(...dated.map((one, at) => ({ ...one, group, position: applying[at]?.position ?? 0 })));
  }
  // Sorting is stable: what begins on one day stays in the order of the table.
  return steps
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.group - b.group || a.position - b.position))
    .map(({ step }, index) => ({ ...step, step: index + 1 }));
}

/** Rows that follow each other and say things of the same items today: told item by item. */
const sameItems = (row: PlaybookRow, before: PlaybookRow | undefined): boolean =>
  row.each !== null && row.each === before?.each && row.starts === 'today' && before.starts === 'today';

type Dated = { at: string; step: PlaybookStep };
type Placed = Dated & { group: number; position: number };
type Known = Record<string, Fact>;

const sharesOf = ({ toShare }: PlaybookRow, fromShare: number): Known =>
  toShare === null ? { fromShare: null, toShare: null } : { fromShare, toShare };

/** What a row asks for that its day decides. */
function factsOn(day: string, row: PlaybookRow, { onDay }: Told): Known {
  const asks = placeholdersOf(row.text).some(({ name }) => name.startsWith('lastBill'));
  const bill = asks ? onDay.lastBill(day) : null;
  return {
    stepVolume: row.toShare === null ? null : row.toShare * onDay.requestsPerDay(day),
    lastBill: bill?.usd ?? null,
    lastBillMonth: bill?.month ?? null,
  };
}

/** Begins steps one after the other: the day of each, and (`at`) where it stands among the others without one. */
function calendarFrom(asOf: string) {
  let begun = asOf;
  let next = asOf;
  let ready = asOf;
  return (starts: string, days: number, day: string | null): { date: string | null; at: string } => {
    const [, word = '', kind] = startForm.exec(starts) ?? [];
    if (kind !== undefined && day === null) return { date: null, at: next };
    const begins: Record<string, string> = {
      today: asOf,
      with: begun,
      ready: later(next, ready),
      after: later(next, day ?? asOf),
      on: later(asOf, day ?? asOf),
    };
    const date = begins[kind ?? word] ?? next;
    const end = dayAfter(date, days);
    // A day far off holds nothing up, and what begins today runs beside the rest until all has to be ready.
    if (kind === 'on') return { date, at: date };
    ready = later(ready, end);
    if (word === 'today') return { date, at: date };
    begun = date;
    next = later(next, end);
    return { date, at: date };
  };
}

const later = (a: string, b: string): string => (a > b ? a : b);

function datedOf(row: PlaybookRow, applying: Known[], begin: ReturnType<typeof calendarFrom>, told: Told): Dated[] {
  const numberOf = (name: string, known: Known): number | null => {
    const fact = known[name];
    if (typeof fact === 'number') return fact;
    return fact === undefined && told.tables.parameterOf.has(name) ? told.assume(name) : null;
  };
  let first: string | null = null;
  return applying.map((item) => {
    const weeks = row.takes === null ? null : numberOf(row.takes, item);
    const days = weeks === null ? null : Math.ceil(weeks * daysPerWeek);
    const [, , , name = ''] = startForm.exec(row.starts) ?? [];
    const day = item[name];
    // Several of one row begin together.
    const starts = first !== null && row.starts !== 'today' && !row.starts.startsWith('on:') ? 'with' : row.starts;
    const { date, at } = begin(starts, days ?? 0, typeof day === 'string' ? day : null);
    first ??= at;
    const known = { ...item, ...factsOn(at, row, told) };
    const figures: Record<string, number> = {};
    const text = (template: string) => filled(template, known, numberOf, figures);
    const [does, trigger] = [text(row.text), row.trigger === null ? null : text(row.trigger)];
    const keys = Object.fromEntries(
      row.figures.map((figure) => {
        const [key = '', of = ''] = figure.split('=');
        const value = numberOf(of, known);
        return [key, value === null ? null : rounded(value)];
      }),
    ) as Partial<Record<StepKey, number | null>>;
    const { source } = told.prose({ table: 'playbook', row: row.row });
    return {
      at,
      step: {
        step: 0,
        id: row.id,
        phase: row.phase,
        when: date ?? trigger ?? 'when it comes to it',
        date,
        trigger,
        do: does,
        cost: keys.cost ?? null,
        fromShare: numberOf('fromShare', known),
        toShare: numberOf('toShare', known),
        volume: keys.volume ?? null,
        month: keys.month ?? null,
        days,
        fte: keys.fte ?? null,
        figures,
        source: `${source}${row.confidence === 'high' ? '' : ` (confidence ${row.confidence})`}`,
      },
    };
  });
}

/** A text with its facts; each number is noted under its name. What is not known is said to be unknown. */
function filled(
  template: string,
  known: Known,
  numberOf: (name: string, known: Known) => number | null,
  figures: Record<string, number>,
): string {
  return template.replace(placeholderForm, (_, name: string, form: string | undefined) => {
    if (form === undefined) return typeof known[name] === 'string' ? known[name] : 'unknown';
    const value = numberOf(name, known);
    if (value === null) return 'unknown';
    figures[name] = rounded(value);
    return written(value, form);
  });
}

export function written(value: number, form: string): string {
  if (form === 'usd') return usdWords(value);
  if (form === 'count') return countWords(value);
  if (form === 'percent') return `${percentPlain(value * percent)} %`;
  if (form === 'effort') return `${plain(value)} person-week${value === 1 ? '' : 's'}`;
  if (form === 'tenths') return value.toFixed(1);
  if (form === 'weeks') return `${plain(value)} week${value === 1 ? '' : 's'}`;
  return plain(value);
}

/** At most two decimals, and as many digits as say something. */
const plain = (value: number): string =>
  Math.abs(value) >= 100
    ? countWords(value)
    : String(Number(Math.abs(value) < 0.1 ? value.toPrecision(2) : value.toFixed(2)));

/** Whole percents, but two digits of small ones. */
const percentPlain = (value: number): string =>
  Math.abs(value) >= 10 ? countWords(value) : String(Number(value.toPrecision(2)));

export type Way = { playbook: PlaybookStep[]; checklist: ChecklistItem[] };

export const noWay: Way = { playbook: [], checklist: [] };

/**
 * The way from today to the recommended plan, or (nothing fits) to a scenario that something fits: dated steps from the
 * rows of playbook.csv that apply, and what has to be seen to.
 */
export function playbookOf(
  advice: Advice & { misses: readonly Miss[]; followedBy: readonly Stage[] },
  context: Context,
  prose: Prose,
): Way {
  const { reviewed, recommendation, misses, followedBy } = advice;
  const { workload, tables } = context;
  const lists = listsOf(reviewed, misses, followedBy, context);
  const checklist = reviewed === null ? [] : checklistOf(reviewed, recommendation.conditions, context, prose);
  const facts = planFactsOf(advice, lists, checklist.length, context);
  const onDay = onDayOf(reviewed?.plan ?? null, context);
  return {
    playbook: stepsOf({ facts, lists, onDay, assume: workload.assume, asOf: workload.asOf, tables, prose }),
    checklist,
  };
}
