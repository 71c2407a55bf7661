import type { Decision, Factor, Recommendation, ScorecardRow, Scores } from '../../decide/decision.js';
import { indented, type Line, type Tone } from '../lines.js';
import { narrowMoney } from '../money.js';
import { grouped } from '../number-text.js';
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

type Row = { name: string; monthlyCost: number | null; scores: Scores | null; verdict: string; tone: Tone };

/** A verdict in less room than this goes below its row instead. */
const narrowestVerdict = 20;

/**
 * One row per kind of placement: its best option, what it costs and the five scores; above them the plan, where it is
 * none of these. A width that cannot hold the scores leaves them to `criteria`.
 */
export function scorecard(decision: Decision, width: number): Line[] {
  if (decision.scorecard.length === 0) return [];
  const rows = [...planRow(decision), ...decision.scorecard.map((row) => kindRow(row, decision.recommendation))];
  const nameWidth = Math.max(...['kind', ...rows.map(({ name }) => name)].map(columns));
  const costWidth = Math.max(...['$/month', ...rows.map(({ monthlyCost }) => costText(monthlyCost))].map(columns)) + 2;
  const start = (name: string, cost: string) => ` ${padded(name, nameWidth)}${paddedLeft(cost, costWidth)} `;
  const titles = factors.map(({ title }) => ` ${title}`).join('');
  const shown = columns(start('', '') + titles) <= width ? factors : [];
  const header = start('kind', '$/month') + (shown.length > 0 ? titles : '');
  const room = width - columns(header) - 2;
  const head: Line = { tag: '', text: room < narrowestVerdict ? header : `${header}  verdict`, tone: 'faint' };
  const body = rows.flatMap((row) => {
    const cells = shown.map(({ factor, title }) => ` ${paddedLeft(scoreText(row.scores, factor), title.length)}`);
    return withVerdict(start(row.name, costText(row.monthlyCost)) + cells.join(''), row, room, width);
  });
  return [head, ...body];
}

/** Every score of every row, the total and the option among them, each on as many lines as it takes. */
export function criteria({ scorecard: rows }: Decision, width: number): Line[] {
  return rows.flatMap(({ kind, option, verdict, monthlyCost, scores }) => {
    const texts = [...factors, total].map(({ factor }) => `${factor} ${scoreText(scores, factor)}`);
    return [
      ...indented(`${kind}: ${verdict}`, 1, width),
      ...(option === null ? [] : indented(option, 3, width)),
      ...indented(`$/month ${costText(monthlyCost)}, ${texts.join(', ')}`, 3, width),
    ];
  });
}

function planRow({ recommendation, scorecard: rows }: Decision): Row[] {
  const listed = rows.some(({ option }) => option === recommendation.plan);
  if (recommendation.status === 'infeasible' || listed) return [];
  return [
    {
      name: 'this plan',
      monthlyCost: recommendation.monthlyCost,
      scores: recommendation.scores,
      verdict: 'recommended',
      tone: 'good',
    },
  ];
}

function kindRow({ kind, feasible, monthlyCost, scores, option, verdict }: ScorecardRow, plan: Recommendation): Row {
  const tone = option !== null && option === plan.plan ? 'good' : feasible ? 'plain' : 'faint';
  return { name: kind, monthlyCost, scores, verdict, tone };
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

function costText(usd: number | null): string {
  return usd === null ? '-' : narrowMoney(usd);
}

function scoreText(scores: Scores | null, factor: Factor | 'total'): string {
  const score = scores?.[factor] ?? null;
  return score === null ? '-' : grouped(score);
}
