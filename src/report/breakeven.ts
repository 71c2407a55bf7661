import type { BreakEvenAnswer } from '../analyses/break-even/answer.js';
import type { BreakEven, LadderRow } from '../decide/decision.js';
import { placements } from '../places/registry.js';
import { kindNames } from '../tables/column.js';
import { type Document, line, paragraph, section, separated, type Text, title } from './document.js';
import { counted, grouped, letterOf, money } from './numbers.js';
import { kindsText } from './plan-words.js';
import { columns, csvText, jsonText, padded, paddedLeft, plainText } from './printable.js';
import { renderText } from './text.js';

const width = 80;
const shownCrossings = 4;

export const breakEvenJson = (answer: BreakEvenAnswer): string => jsonText(answer);

/** One row a rung and one a crossing, for a spreadsheet. */
export function breakEvenCsv({ axis, ladder, breakEven }: BreakEvenAnswer): string {
  const rungs = ladder.map(({ from, to, plan, monthlyCost }) => [
    'ladder',
    axis,
    String(from),
    to === null ? '' : String(to),
    plan ?? '',
    '',
    String(monthlyCost ?? ''),
  ]);
  const pairs = breakEven.flatMap(({ a, b, crossings, never }) => [
    ...crossings.map(({ at, cheaperAbove }) => ['crossing', axis, String(at), '', a, b, cheaperAbove]),
    ...(never === null ? [] : [['never', axis, '', '', a, b, never]]),
  ]);
  return csvText([['row', 'axis', 'from', 'to', 'a', 'b', 'value'], ...rungs, ...pairs]);
}

/** As `breakEvenDocument`, at a terminal. */
export const breakEvenTable = (answer: BreakEvenAnswer, detail: boolean): string =>
  renderText(breakEvenDocument(answer, detail), { color: false, width });

/** The ladder, then every pair. `detail`: every rung and every crossing. */
export function breakEvenDocument(found: BreakEvenAnswer, detail: boolean): Document {
  const answer = bySize(found);
  // Plans are called by letters, which a list explains, in the order of the answer.
  const letters = new Map(answer.plans.map(({ plan }, i) => [plan, letterOf(i)]));
  return separated([
    heading(answer),
    plansBlock(answer, letters),
    ladderBlock(answer, letters, detail),
    pairsBlock(answer, letters, detail),
  ]);
}

/** Of a job that ends the same by its size, in place of a day's share of it. */
function bySize(answer: BreakEvenAnswer): BreakEvenAnswer {
  const { jobRequests, requestsPerDay } = answer.scenario;
  if (jobRequests === null) return answer;
  const size = (daily: number): number => (daily <= 1 ? 1 : Math.round((daily / requestsPerDay) * jobRequests));
  const range = <Range extends { from: number; to: number | null }>(one: Range): Range => ({
    ...one,
    from: size(one.from),
    to: one.to === null ? null : size(one.to + 1) - 1,
  });
  return {
    ...answer,
    plans: answer.plans.map((plan) => ({ ...plan, allowed: plan.allowed && range(plan.allowed) })),
    ladder: answer.ladder.map(range),
    ladderUpTo: answer.ladderUpTo && size(answer.ladderUpTo),
    breakEven: answer.breakEven.map((pair) =>
      pair.unit !== perDay
        ? pair
        : {
            ...pair,
            unit: 'requests of the job',
            upTo: size(pair.upTo),
            crossings: pair.crossings.map((one) => ({ ...one, at: size(one.at) })),
            never:
              pair.never?.replace(
                /at ([\d,]+) a day/g,
                (_, at: string) => `for ${grouped(size(Number(at.replaceAll(',', ''))))}`,
              ) ?? null,
          },
    ),
  };
}
const perDay = 'requests/day';

/** What volumes are of, and what costs are for. */
const wordsOf = ({ scenario: { jobRequests } }: BreakEvenAnswer): { volume: string; cost: string } =>
  jobRequests === null
    ? { volume: 'requests a day', cost: 'a month' }
    : { volume: 'requests of the job', cost: 'for the job' };

function heading(answer: BreakEvenAnswer): Document {
  const { scenario, tables, axis } = answer;
  const { volume } = wordsOf(answer);
  const now =
    scenario.jobRequests === null
      ? `today ${grouped(scenario.requestsPerDay)} ${volume}`
      : `a job of ${grouped(scenario.jobRequests)} requests`;
  return [
    title(plainText(scenario.name), `prices ${tables.snapshot}`),
    labeled('', `${now}; plans by ${axis === 'requestsPerDay' ? volume : plainText(axis)}`),
  ];
}

/** A text behind a start of its own, under which all of its lines begin. */
const labeled = (start: string, text: string): Text => paragraph(start, text, { indent: columns(start) });

function plansBlock(answer: BreakEvenAnswer, letters: ReadonlyMap<string, string>): Document {
  const { plans } = answer;
  const words = wordsOf(answer);
  if (plans.length === 0) return [line('no plan: nothing meets every rule of every task')];
  return [
    section('PLANS'),
    ...plans.map(({ plan, label, kinds, feasible, allowed, monthlyCost }) => {
      const text = `${planText(plainText(label), kinds)}, ${money(monthlyCost)} ${words.cost}${ruleText(feasible, allowed, words.volume)}`;
      return labeled(` ${letters.get(plan)} `, text);
    }),
  ];
}

/** A plan by the short names of its kinds: once, where all of it is of one. */
function planText(label: string, kinds: BreakEvenAnswer['plans'][number]['kinds']): string {
  const named = placements.filter(({ title }) => label.includes(`${title}: `));
  const [only] = named.length > 1 ? [] : kinds;
  const short = named.reduce(
    (text, { kind, title }) => text.replaceAll(`${title}: `, only === undefined ? `${kindNames[kind]}: ` : ''),
    label,
  );
  return only === undefined ? short : `${kindNames[only]}: ${short}`;
}

/** Where rules allow a plan, if not everywhere; crossings elsewhere are of cost alone. */
function ruleText(feasible: boolean, allowed: { from: number; to: number | null } | null, volume: string): string {
  if (!feasible) return ' (a rule excludes it at this volume)';
  if (allowed === null || (allowed.from <= 1 && allowed.to === null)) return '';
  const up = allowed.to === null ? '' : ` up to ${grouped(allowed.to)}`;
  return ` (rules allow it${allowed.from <= 1 ? '' : ` from ${grouped(allowed.from)}`}${up} ${volume})`;
}

function ladderBlock(answer: BreakEvenAnswer, letters: ReadonlyMap<string, string>, detail: boolean): Document {
  const { ladder, ladderUpTo } = answer;
  if (ladder.length === 0) return [];
  const rows = detail ? ladder.map((rung) => [rung]) : byKinds(ladder);
  const [fromWidth, toWidth, kindsWidth] = [
    widest(
      ladder.map(({ from }) => grouped(from)),
      narrowest.from,
    ),
    widest(ladder.map(endText), narrowest.to),
    widest(
      rows.map(([first]) => kindsText(first?.kinds ?? [])),
      narrowest.kinds,
    ),
  ] as const;
  const lines = rows.map((rungs) => {
    const first = rungs[0] as LadderRow;
    const range = `${paddedLeft(grouped(first.from), fromWidth)} ${padded(endText(rungs.at(-1) as LadderRow), toWidth)} `;
    if (first.plan === null) return line(`${range}nothing fits`);
    const names = [...new Set(rungs.map(({ plan }) => letters.get(plan ?? '') ?? ''))];
    const switches = names.length > 1 ? `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}` : names[0];
    return labeled(
      range,
      `${padded(kindsText(first.kinds), kindsWidth)} ${switches} from ${money(first.monthlyCost ?? 0)}`,
    );
  });
  const switches = ladder.length - rows.length;
  const more =
    switches > 0
      ? [`${counted(switches, 'change')} of model or machine within a deployment type: --detail lists them`]
      : [];
  return [
    section('BEST PLAN BY VOLUME', `${wordsOf(answer).volume}, up to ${grouped(ladderUpTo ?? 0)}`),
    ...lines,
    ...more.map((text) => labeled(' ', text)),
  ];
}

/** Least widths of columns, so that most tables have equal ones. */
const narrowest = { from: 12, to: 13, kinds: 24 };

const widest = (texts: readonly string[], least: number): number => Math.max(least, ...texts.map(columns));

const endText = ({ to }: LadderRow): string => (to === null ? 'and on' : `to ${grouped(to)}`);

/** Neighboring rungs whose tasks stay on the same kinds. */
function byKinds(ladder: readonly LadderRow[]): LadderRow[][] {
  const groups: LadderRow[][] = [];
  for (const rung of ladder) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && last.kinds.join() === rung.kinds.join()) groups.at(-1)?.push(rung);
    else groups.push([rung]);
  }
  return groups;
}

function pairsBlock({ breakEven }: BreakEvenAnswer, letters: ReadonlyMap<string, string>, detail: boolean): Document {
  if (breakEven.length === 0) return [];
  return [
    section('BREAK-EVEN POINTS', `where two plans cost the same, ${breakEven[0]?.unit ?? ''}`),
    ...breakEven.map((pair) => {
      const [a, b] = [letters.get(pair.a) ?? '?', letters.get(pair.b) ?? '?'];
      return labeled(` ${a} / ${b} `, pairText(pair, a, b, detail));
    }),
  ];
}

function pairText({ crossings, never, upTo }: BreakEven, a: string, b: string, detail: boolean): string {
  const name = (which: 'a' | 'b') => (which === 'a' ? a : b);
  if (never !== null)
    return `no break-even up to ${figure(upTo)}: ${never.replace(/^([ab]) (costs|is|has)/, (_, which: 'a' | 'b', verb: string) => `${name(which)} ${verb}`)}`;
  const most = detail ? crossings.length : shownCrossings;
  const told = crossings
    .slice(0, most)
    .map(({ at, cheaperAbove }) => `${name(cheaperAbove)} cheaper from ${figure(at)}`);
  const first = crossings[0];
  const start = first === undefined ? [] : [`${name(first.cheaperBelow)} cheaper below ${figure(first.at)}`];
  const last = crossings.length > most ? crossings.at(-1) : undefined;
  const left = last && `by turns up to ${figure(last.at)}, ${name(last.cheaperAbove)} cheaper above`;
  return [...start, ...told, ...(left === undefined ? [] : [left])].join(', ');
}

/** A place on an axis: no step of one is finer than a thousandth. */
const figure = (value: number): string => (Number.isInteger(value) ? grouped(value) : String(Number(value.toFixed(3))));
