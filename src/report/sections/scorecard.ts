import type { Decision, Factor, ScorecardRow, Scores } from '../../decide/decision.js';
import { indented, type Line, type Tone } from '../lines.js';
import { narrowMoney } from '../money.js';
import { grouped } from '../number-text.js';
import { type Mark, markOfPlans } from '../own-prices.js';
import { columns, padded, paddedLeft, wrap } from '../wrap.js';

type Cell = { factor: Factor | 'total'; title: string };
const factors: Cell[] = [
  { factor: 'volume', title: 'vol' },
  { factor: 'sensitivity', title: 'sens' },
  { factor: 'capability', title: 'cap' },
  { factor: 'team', title: 'team' },
  { factor: 'latency', title: 'lat' },
];
const total: Cell = { factor: 'total', title: 'total' };

type Row = {
  name: string;
  monthlyCost: number | null;
  mark: Mark;
  scores: Scores | null;
  verdict: string;
  tone: Tone;
};

/** A verdict in less room than this goes below its row instead. */
const narrowestVerdict = 20;

/**
 * One row per kind of placement: its best option, what it costs and the five scores; above them the plan, where it is
 * none of these. A width that cannot hold the scores leaves them to `criteria`.
 */
export function scorecard(decision: Decision, width: number): Line[] {
  if (decision.scorecard.length === 0) return [];
  const rows = rowsOf(decision);
  const marked = rows.some(({ mark }) => mark === '*');
  const cost = ({ monthlyCost, mark }: Row) => costText(monthlyCost, marked && mark === '' ? ' ' : mark);
  const nameWidth = Math.max(...['kind', ...rows.map(({ name }) => name)].map(columns));
  const costWidth = Math.max(...['$/month', ...rows.map(cost)].map(columns)) + 2;
  const start = (name: string, cost: string) => ` ${padded(name, nameWidth)}${paddedLeft(cost, costWidth)} `;
  const titles = factors.map(({ title }) => ` ${title}`).join('');
  const shown = columns(start('', '') + titles) <= width ? factors : [];
  const header = start('kind', '$/month') + (shown.length > 0 ? titles : '');
  const room = width - columns(header) - 2;
  const head: Line = { tag: '', text: room < narrowestVerdict ? header : `${header}  verdict`, tone: 'faint' };
  const body = rows.flatMap((row) => {
    const cells = shown.map(({ factor, title }) => ` ${paddedLeft(scoreText(row.scores, factor), title.length)}`);
    return withVerdict(start(row.name, cost(row)) + cells.join(''), row, room, width);
  });
  return [head, ...body];
}

/** The same as cells of text, with the columns that hold numbers; without rows there is none. */
export function scorecardTable(decision: Decision): { head: string[]; rows: string[][]; numbers: number[] } {
  const rows = decision.scorecard.length === 0 ? [] : rowsOf(decision);
  return {
    head: ['kind', '$/month', ...factors.map(({ factor }) => factor), 'verdict'],
    rows: rows.map(({ name, monthlyCost, mark, scores, verdict }) => [
      name,
      costText(monthlyCost, mark),
      ...factors.map(({ factor }) => scoreText(scores, factor)),
      verdict,
    ]),
    numbers: [1, ...factors.map((_, at) => at + 2)],
  };
}

const rowsOf = (decision: Decision): Row[] => [
  ...planRow(decision),
  ...decision.scorecard.map((row) => kindRow(row, decision)),
];

/** Every score of every row, the total and the option among them, each on as many lines as it takes. */
export function criteria(decision: Decision, width: number): Line[] {
  return decision.scorecard.flatMap(({ kind, option, verdict, monthlyCost, scores }) => {
    const texts = [...factors, total].map(({ factor }) => `${factor} ${scoreText(scores, factor)}`);
    return [
      ...indented(`${kind}: ${verdict}`, 1, width),
      ...(option === null ? [] : indented(option, 3, width)),
      ...indented(`$/month ${costText(monthlyCost, markOfPlans(decision, option))}, ${texts.join(', ')}`, 3, width),
    ];
  });
}

function planRow(decision: Decision): Row[] {
  const { recommendation, scorecard: rows } = decision;
  const listed = rows.some(({ option }) => option === recommendation.plan);
  if (recommendation.status === 'infeasible' || listed) return [];
  return [
    {
      name: 'this plan',
      monthlyCost: recommendation.monthlyCost,
      mark: markOfPlans(decision, recommendation.plan),
      scores: recommendation.scores,
      verdict: 'recommended',
      tone: 'good',
    },
  ];
}

function kindRow(row: ScorecardRow, decision: Decision): Row {
  const { kind, feasible, monthlyCost, scores, option, verdict } = row;
  const { plan } = decision.recommendation;
  const tone = option !== null && option === plan ? 'good' : feasible ? 'plain' : 'faint';
  return { name: kind, monthlyCost, mark: markOfPlans(decision, option), scores, verdict, tone };
}

function withVerdict(text: string, { verdict, tone }: Row, room: number, width: number): Line[] {
  if (room < narrowestVerdict) return [{ tag: '', text, tone }, ...indented(verdict, 3, width, 0, tone)];
  const [first = '', ...rest] = wrap(verdict, room);
  const indent = ' '.repeat(columns(text) + 2);
  return [
    { tag: '', text: `${text}  ${first}`, tone },
    ...rest.map((line): Line => ({ tag: '', text: indent + line, tone })),
  ];
}

/** `mark` may be a blank, so that figures stand under figures. */
function costText(usd: number | null, mark: Mark | ' '): string {
  return `${usd === null ? '-' : narrowMoney(usd)}${mark}`;
}

function scoreText(scores: Scores | null, factor: Factor | 'total'): string {
  const score = scores?.[factor] ?? null;
  return score === null ? '-' : grouped(score);
}
