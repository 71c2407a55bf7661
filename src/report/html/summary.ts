import type { Decision } from '../../decide/decision.js';
import { type Block, onPage } from '../document.js';
import { nothingFits } from '../infeasible.js';
import { decimal, money, roughMoney, seconds, sureness } from '../numbers.js';
import { plainTree } from '../plain-text.js';
import { quality, recommended } from '../recommendation.js';
import { bodyOf, sectionsOf } from './document-html.js';
import { figureOf, html, type Markup } from './markup.js';

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
