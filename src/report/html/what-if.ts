import type { Decision } from '../../decide/decision.js';
import type { Scenario } from '../../workload/schema.js';
import { enums } from '../../workload/words.js';
import { boundaries, type Workload } from '../../workload/workload.js';
import { type Block, onPage } from '../document.js';
import { nothingFits } from '../infeasible.js';
import { decimal, money, quality, roughMoney, seconds, sureness } from '../numbers.js';
import { plainTree } from '../printable.js';
import { recommended } from '../recommendation.js';
import { figureOf, html, type Markup, raw } from './markup.js';
import { bodyOf, type PageSection, sectionsOf } from './page.js';

/** What a page needs to decide anew: the engine as code with packed tables, and its start. */
export type Engine = {
  /** gzip in base64 of `{code, question}`: the script of a worker, and its first message. */
  packed: string;
  scenario: Scenario;
  workload: Workload;
  /** The command that gives the same answer, changes left out. */
  command: string;
  monthlyCost: number | null;
  plan: string | null;
  /** What amounts are for: a month, or a job as a whole. */
  per: string;
};

/** The first message to the worker; see `worker.ts`. */
export type Question = {
  text: string;
  file: string;
  set: readonly string[];
  asOf: string;
  tables: unknown;
  book: { text: string; file: string } | null;
};
export type WorkerAnswer = {
  id: number;
  problems: string[];
  html: string;
  monthlyCost: number | null;
  plan: string | null;
  type: string;
};

/** An input that may be changed; `$` in `set` stands for its value. */
type Control = { label: string; set: string } & (
  | { now: number; low: number; high: number; log: boolean; unit: string }
  | { now: string; words: readonly string[] }
);

/** Tasks whose inputs a form has room for. */
const mostTasks = 4;

function controlsOf({ scenario, workload }: Engine): Control[] {
  const { data = {}, prices } = scenario;
  const { requestsPerDay: volume, months } = workload;
  const { yearlyCostUsd: salary } = workload.team;
  const number = (label: string, set: string, now: number, [low, high]: [number, number], unit = ''): Control => {
    return { label, set, now, low, high, unit, log: low > 0 && high / low >= 100 };
  };
  const given = (path: string) => workload.inputs.find((input) => input.path === path)?.value.likely;
  const names = [...new Set(workload.taskParts.map(({ task }) => task))].slice(0, mostTasks);
  const isScaled = workload.taskParts.some(({ scales }) => scales);
  const boundary = data.boundary ?? 'as the data ask';
  return [
    ...(isScaled && scenario.workload.once !== true
      ? [number('Requests a day', 'workload.volume=$ requests/day', volume, [volume / 100, volume * 100])]
      : []),
    ...(scenario.workload.once === true
      ? []
      : [number('Horizon', 'workload.horizon=$ months', months, [1, Math.max(60, months)], 'months')]),
    number('An engineer a year', 'team.yearlyCost=$ USD/year', salary, [0, Math.max(400_000, salary)], '$'),
    ...(prices === undefined
      ? [
          number(
            'Discount on tokens and rented machines',
            'prices.discounts=[{on: [tokens, rental, hosting], percent: $}]',
            0,
            [0, 90],
            '%',
          ),
        ]
      : []),
    { label: 'Data', set: 'data.sensitivity=$', now: data.sensitivity ?? 'internal', words: enums.sensitivity },
    { label: 'Data must stay', set: 'data.boundary=$', now: boundary, words: [...new Set([boundary, ...boundaries])] },
    ...names.flatMap((task) => {
      const of = names.length > 1 ? ` of ${task}` : '';
      const need = workload.taskParts.find((one) => one.task === task)?.needs.capability.need ?? 0;
      const tokens = (['input', 'output'] as const).flatMap((which) => {
        const now = given(`tasks.${task}.tokens.${which}`);
        return now === undefined || now <= 0
          ? []
          : [
              number(
                `${which === 'input' ? 'Prompt' : 'Answer'}${of}`,
                `tasks.${task}.tokens.${which}=$ tokens`,
                now,
                [Math.max(1, now / 10), now * 10],
                'tokens',
              ),
            ];
      });
      return [
        ...tokens,
        number(`Quality needed${of}`, `tasks.${task}.capability={minIndex: $}`, need, [Math.min(10, need), 100]),
      ];
    }),
  ];
}

/** A form over the inputs with most effect, with the answer; hidden without script. */
export function whatIf(engine: Engine): PageSection {
  const controls = controlsOf(engine).map((control, i) => {
    const id = `what-if-${i}`;
    if ('words' in control)
      return html`<label for="${id}"><span>${control.label}</span><select id="${id}" data-set="${control.set}" data-now="${control.now}">${control.words.map((word) => html`<option${word === control.now ? raw(' selected') : null}>${word}</option>`)}</select></label>`;
    const { now, low, high, log, unit } = control;
    const position = (value: number): string => String(log ? Math.log10(value) : value);
    return html`<label for="${id}"><span>${control.label} <output></output></span><input type="range" id="${id}" data-set="${control.set}" data-now="${String(now)}" data-unit="${unit}"${log ? raw(' data-log') : null} min="${position(low)}" max="${position(high)}" step="${log ? 'any' : '1'}" value="${position(now)}"></label>`;
  });
  return {
    name: 'What if',
    id: 'what-if',
    body: html`<div class="noscript-hidden"><p class="soft">Decided anew in this page, by the same engine as at the command line, without simulations. Nothing is sent anywhere.</p>
<form data-command="${engine.command}" data-cost="${String(engine.monthlyCost ?? '')}" data-plan="${engine.plan ?? ''}" data-per="${engine.per}">${controls}<p><button type="reset">Back to the scenario</button></p></form>
<div class="answer" role="status" hidden><p class="lead"></p><div></div><details class="quiet"><summary>The same at the command line</summary><code></code></details></div></div><noscript><p>This part needs JavaScript.</p></noscript>`,
  };
}

export const engineData = ({ packed }: Engine): Markup =>
  html`<script type="text/plain" id="engine">${raw(packed)}</script>`;

/** What amounts of a decision are for. */
export const perText = ({ recommendation }: Decision): string =>
  recommendation.totalCost === null ? 'a month' : 'for the whole job';

/** Key figures, large; for several tasks of the slowest, and of the least sure. */
function headline(decision: Decision): Markup {
  const { recommendation, options } = decision;
  const { monthlyCost, monthlyCostRange, assignments, fteNeeded } = recommendation;
  const path = 'recommendation';
  const indexed = assignments.map((one, index) => ({
    ...one,
    index,
    option: options.findIndex(({ id }) => id === one.option),
  }));
  const weakest = indexed.toSorted((a, b) => (a.goodEnough ?? 1) - (b.goodEnough ?? 1))[0];
  const model = options[weakest?.option ?? -1];
  const slowest = indexed
    .filter(({ isAwaited, ttftP95Ms }) => isAwaited && ttftP95Ms !== null)
    .toSorted((a, b) => (b.ttftP95Ms ?? 0) - (a.ttftP95Ms ?? 0))[0];
  const range = (['p5', 'p95'] as const).map((end) =>
    figureOf(
      `${path}.monthlyCostRange.${end}`,
      monthlyCostRange?.[end] ?? null,
      roughMoney(monthlyCostRange?.[end] ?? 0),
    ),
  );
  const facts: [figure: Markup, words: Markup][] = [];
  if (monthlyCost !== null)
    facts.push([
      figureOf(`${path}.monthlyCost`, monthlyCost, money(monthlyCost)),
      html`${perText(decision)}${monthlyCostRange === null ? null : html`, 90 % range ${range[0] ?? null} to ${range[1] ?? null}`}`,
    ]);
  if (slowest !== undefined)
    facts.push([
      figureOf(`${path}.assignments.${slowest.index}.ttftP95Ms`, slowest.ttftP95Ms, seconds(slowest.ttftP95Ms)),
      html`until answers start, in 95 of 100 requests`,
    ]);
  if (weakest !== undefined && model !== undefined && model.capability !== null)
    facts.push([
      figureOf(`options.${weakest.option}.capability`, model.capability, quality(model.capability)),
      html`quality of 100; ${quality(weakest.capabilityNeed)} needed, good enough with ${sureness(weakest.goodEnough)}`,
    ]);
  if (fteNeeded !== null)
    facts.push([figureOf(`${path}.fteNeeded`, fteNeeded, decimal(fteNeeded)), html`of an engineer to run it`]);
  return html`<div class="facts">${facts.map(([figure, words]) => html`<div><b>${figure}</b><span>${words}</span></div>`)}</div>`;
}

/** What to do, its large figures, and what there is to know of it. */
export function recommendationBody(decision: Decision): Markup {
  const blocks = recommended(decision, onPage).filter(({ is }) => is !== 'section');
  const isUse = (block: Block): boolean => block.is === 'text' && block.tone === 'good';
  return html`${bodyOf(blocks.filter(isUse))}${headline(decision)}${bodyOf(blocks.filter((block) => !isUse(block)))}`;
}

/** The summary alone: what the page's engine answers with. */
export function summary(read: Decision): Markup {
  const decision = plainTree(read);
  return decision.recommendation.status === 'infeasible'
    ? html`${sectionsOf(nothingFits(decision)).map(({ name, body }) => html`<h3>${name}</h3>${body}`)}`
    : recommendationBody(decision);
}
