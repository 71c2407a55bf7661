import { scaleLinear } from 'd3-scale';
import type { Decision, OptionReport } from '../../decide/decision.js';
import { kindNames } from '../../tables/kinds.js';
import { grouped, money } from '../numbers.js';
import { capital, findOption } from '../plan-names.js';
import { at, type Chart, fitted, isNarrow, legend } from './chart.js';
import { figureOf, html } from './markup.js';
import { perText } from './summary.js';

/** Cost parts drawn as one, by the prefix of their ids, each with a color. */
const families = [
  ['tokens', 'Tokens'],
  ['compute', 'Rented machines'],
  ['people', 'People'],
  ['capital', 'Own machines'],
  ['power', 'Power'],
  ['storage', 'Storage'],
  ['network', 'Network'],
  ['other', 'Other'],
] as const;

type Bar = { name: string; path: string; monthlyCost: number; advised: boolean; parts: number[] };

/** Monthly cost of each option, by what is paid for. */
export function costChart(decision: Decision): Chart | null {
  const bars = barsOf(decision);
  if (bars.length === 0) return null;
  const used = families.flatMap(([, name], i) => (bars.some(({ parts }) => (parts[i] ?? 0) > 0) ? [{ i, name }] : []));
  const most = Math.max(...bars.map(({ monthlyCost }) => monthlyCost));
  return {
    id: 'cost-by-part',
    title: 'What is paid for',
    note: `USD ${perText(decision)} of the best of each deployment type`,
    description: `USD ${perText(decision)} of the best of each deployment type: ${bars.map(({ name, monthlyCost }) => `${name} ${money(monthlyCost)}`).join(', ')}.`,
    draw(width) {
      const narrow = isNarrow(width);
      const left = narrow ? 0 : 250;
      const x = scaleLinear([0, most], [left, width - 72]);
      const key = legend(
        used
          .filter(({ i }) => bars.some(({ parts }) => (parts[i] ?? 0) > most / 500))
          .map(({ i, name }) => ({ color: `c${i + 1}`, name })),
        left,
        10,
        width,
      );
      const step = narrow ? 44 : 30;
      const top = key.height + 8;
      const body = html`${key.body}${bars.map(({ name, monthlyCost, advised, parts }, row) => {
        const y = top + row * step + (narrow ? 18 : 0);
        const kind = advised ? 'strong' : '';
        let start = left;
        return html`${narrow ? at(0, y - 5, fitted(name, width), kind) : at(0, y + 14, fitted(name, left - 12), kind)}${used.map(
          ({ i }) => {
            const wide = x(parts[i] ?? 0) - left;
            start += wide;
            return wide < 0.5
              ? null
              : html`<rect class="c${i + 1}" x="${start - wide}" y="${y}" width="${wide}" height="20"/>`;
          },
        )}${at(start + 7, y + 14, money(monthlyCost), kind)}`;
      })}`;
      return { height: top + bars.length * step, body };
    },
    columns: [
      { title: '' },
      ...used.map(({ name }) => ({ title: name, number: true as const })),
      { title: `USD ${perText(decision)}`, number: true },
    ],
    rows: bars.map(({ name, path, monthlyCost, parts }) => [
      html`${name}`,
      ...used.map(({ i }) => html`${grouped(parts[i] ?? 0)}`),
      figureOf(path, monthlyCost, grouped(monthlyCost)),
    ]),
  };
}

const partsOf = (costParts: readonly { part: string; monthly: number }[]): number[] =>
  families.map(([start]) =>
    costParts.filter(({ part }) => part.startsWith(`${start}.`)).reduce((sum, { monthly }) => sum + monthly, 0),
  );

/** The advised plan if not on a single option, then the best of each deployment type, cheapest first. */
function barsOf(decision: Decision): Bar[] {
  const { recommendation, scorecard } = decision;
  const rows = scorecard.flatMap(({ kind, feasible, option: id, monthlyCost }, index): Bar[] => {
    const option: OptionReport | undefined = id === null ? undefined : findOption(decision, id);
    if (!feasible || option === undefined || monthlyCost === null) return [];
    return [
      {
        name: `${capital(kindNames[kind])}, ${option.names.model}`,
        path: `scorecard.${index}.monthlyCost`,
        monthlyCost,
        advised: id === recommendation.plan,
        parts: partsOf(option.costParts),
      },
    ];
  });
  const { plan, monthlyCost, costParts } = recommendation;
  const own =
    plan === null || monthlyCost === null || rows.some(({ advised }) => advised)
      ? []
      : [
          {
            name: 'This plan',
            path: 'recommendation.monthlyCost',
            monthlyCost,
            advised: true,
            parts: partsOf(costParts),
          },
        ];
  return [...own, ...rows.sort((a, b) => a.monthlyCost - b.monthlyCost)];
}
