import type { CostCurve } from '../../analyses/break-even/answer.js';
import type { BasisRow, Decision, OptionReport } from '../../decide/decision.js';
import { kindNames } from '../../tables/column.js';
import { changes } from '../changes.js';
import { detailSections, levers } from '../details.js';
import { type Detail, inFull, numberColumns, onPage, section, textColumns } from '../document.js';
import { next, pricesText, sections } from '../first-screen.js';
import { decimal, grouped, money, quality, seconds } from '../numbers.js';
import { legend, markOfOption } from '../plan-words.js';
import { plainTree } from '../printable.js';
import { breakEvenChart, costChart } from './chart-lines.js';
import { type Chart, dataTable, figure, frontierChart, monthsChart, placementChart, tornadoChart } from './charts.js';
import { figureOf, html, type Markup, raw } from './markup.js';
import { bodyOf, type PageSection, renderPage, sectionsOf } from './page.js';
import { type Engine, engineData, recommendationBody, whatIf } from './what-if.js';

/** The decision as one HTML file: first screen, charts, what-if, every option, and the source of each figure. */
export function assessPage(
  read: Decision,
  { curves, script, engine }: { curves: readonly CostCurve[]; script: string; engine: Engine | null },
): string {
  const decision = plainTree(read);
  const { recommendation, scenario, tables, ladder } = decision;
  const charts: Readonly<Record<string, readonly (Chart | null)[]>> = {
    recommendation: [placementChart(decision)],
    'better-quality': [frontierChart(decision)],
    'other-ways-to-run-it': [costChart(decision)],
    [flips]: [
      breakEvenChart({ curves, ladder, now: scenario.requestsPerDay, advised: recommendation.plan }),
      tornadoChart(decision),
      monthsChart(decision),
    ],
  };
  const first = sectionsOf([...sections(decision, onPage).flat(), ...legend(decision)]).map(
    ({ name, id, body }): PageSection => ({
      name,
      id,
      body: html`${id === 'recommendation' ? recommendationBody(decision) : body}${id === flips ? allChanges(decision) : null}${(charts[id] ?? []).map(figure)}`,
    }),
  );
  const at = first.findIndex(({ id }) => id === 'better-quality' || id === 'other-ways-to-run-it');
  const asked = engine === null ? [] : [{ ...whatIf(engine), kind: 'what-if' }];
  return renderPage({
    title: scenario.name,
    about: html`${pricesText(decision)}, as of ${tables.asOf}. ${scenario.file}`,
    sections: [
      ...first.slice(0, at < 0 ? first.length : at),
      ...asked,
      ...first.slice(at < 0 ? first.length : at),
      { name: 'Options', id: 'options', body: optionTable(decision) },
      ...more(decision),
      { name: 'Figures of the tables', id: 'figures', body: basisTable(decision.basis) },
      ...sectionsOf(next(decision, onPage)),
    ].filter(({ body }) => body.text !== ''),
    footer: `${decision.tool.name} ${decision.tool.version}; scenario sha256 ${scenario.sha256.slice(0, 12)}, prices sha256 ${tables.sha256.slice(0, 12)}`,
    script,
    data: engine && engineData(engine),
  });
}

const flips = 'the-answer-changes-if';

/** Every value that was looked for, with those that change nothing. */
const allChanges = (decision: Decision): Markup =>
  html`<details id="full" class="quiet"><summary>All that was looked for</summary>${bodyOf(changes(decision, inFull).filter(({ is }) => is !== 'section'))}</details>`;

/** Every option that is listed, sortable, with the working of its cost on demand. */
function optionTable(decision: Decision): Markup {
  const { options, considered } = decision;
  if (options.length === 0) return html``;
  const inPlan = new Set(decision.recommendation.assignments.map(({ option }) => option));
  return html`<p class="soft">${grouped(considered.total)} options considered, ${grouped(considered.feasible)} meet every rule. Costs are of the whole scenario on one option alone.</p>${dataTable(
    [
      ...textColumns('option', 'type'),
      ...numberColumns('$ a month', 'engineers', 'quality', 'starts*'),
      ...textColumns('rules'),
    ],
    options.map((one, i) => {
      const path = `options.${i}`;
      const mark = markOfOption(one);
      return [
        html`${one.names.model}, ${one.names.provider}${inPlan.has(one.id) ? html` <span class="good">advised</span>` : null}${working(one, path)}`,
        html`${kindNames[one.kind]}`,
        figureOf(
          `${path}.monthlyCost`,
          one.monthlyCost,
          one.monthlyCost === null ? '-' : `${grouped(one.monthlyCost)}${mark}`,
        ),
        figureOf(`${path}.fte`, one.fte, one.fte === null ? '-' : decimal(one.fte)),
        figureOf(`${path}.capability`, one.capability, one.capability === null ? '-' : quality(one.capability)),
        figureOf(`${path}.ttftP95Ms`, one.ttftP95Ms, seconds(one.ttftP95Ms)),
        html`${one.feasible ? 'meets all' : one.failedGates.map(({ gate }) => gate).join(', ')}`,
      ];
    }),
    raw(' data-sortable'),
  )}`;
}

/** The derivation of an option's cost: every part with its formula and rows. */
const working = ({ id, costParts, failedGates, conditions, unpriced }: OptionReport, path: string): Markup =>
  html`<details class="quiet"><summary>Working</summary><p class="id">${id}</p>${[
    ...failedGates.map(({ gate, reason }) => `Excluded by ${gate}: ${reason}`),
    ...conditions.map((condition) => `To do: ${condition}`),
    ...(unpriced === null ? [] : [`No price: ${unpriced}`]),
  ].map((text) => html`<p>${text}</p>`)}<dl>${costParts.map(
    ({ label, monthly, upfront, formula, sources }, i) =>
      html`<dt>${figureOf(`${path}.costParts.${i}.monthly`, monthly, money(monthly))}</dt><dd>${label}${upfront === 0 ? null : html`, one-time ${figureOf(`${path}.costParts.${i}.upfront`, upfront, money(upfront))}`}<br><span class="soft">${formula}</span>${sources.map((source) => html`<br><span class="soft id">${source}</span>`)}</dd>`,
  )}</dl></details>`;

const folds: readonly (readonly [Detail, string])[] = [
  ['scorecard', 'Scores'],
  ['why', 'Why'],
  ['sure', 'Simulations'],
  ['inputs', 'Inputs'],
  ['playbook', 'What to do first'],
];

/** What `--detail` adds in the terminal, folded. */
function more(decision: Decision): PageSection[] {
  const parts = folds.flatMap(([detail, name]): PageSection[] => {
    const document = detailSections(decision, detail).filter((block) => block.is !== 'line' || block.label === '');
    return document.every(({ is }) => is === 'gap') ? [] : [{ id: detail, name, body: bodyOf(document) }];
  });
  const pulled = levers(decision);
  const extra = pulled.length === 0 ? [] : [{ id: 'levers', name: 'Levers', body: bodyOf([section(''), ...pulled]) }];
  return [
    {
      id: 'details',
      name: 'Details',
      body: html`${[...parts, ...extra].map(({ id, name, body }) => html`<details id="${id}"><summary>${name}</summary>${body}</details>\n`)}`,
    },
  ];
}

/** Every figure of the tables that the bills are made of, with its source. */
const basisTable = (basis: readonly BasisRow[]): Markup =>
  basis.length === 0
    ? html``
    : html`<details><summary>${grouped(basis.length)} figures, each with its source and date</summary>${dataTable(
        [...textColumns('figure'), ...numberColumns('value'), ...textColumns('unit', 'row', 'source')],
        basis.map(({ table, row, figure: name, value, unit, source, date }, i) => [
          html`${name}`,
          figureOf(`basis.${i}.value`, value, String(value)),
          html`${unit}`,
          html`<span class="id">${table}: ${row}</span>`,
          html`<span class="soft">${source} (${date})</span>`,
        ]),
      )}</details>`;
