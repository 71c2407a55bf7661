import type { Decision, LeverComparison, LeverReport } from '../decide/decision.js';
import { type Document, heading, indented } from './document.js';
import { decimal, grouped, money, wholePercent } from './numbers.js';
import { planNameOr } from './plan-names.js';
import { capital } from './sentences.js';
import { columns, padded, paddedLeft } from './wrap.js';

/** What each lever would save, the most first; below it what changes, and what that costs elsewhere. */
export function levers(decision: Decision): Document {
  const list = decision.levers;
  if (list.length === 0) return [];
  const single = list.filter(({ comparison }) => comparison === null);
  const pulled = single.filter(({ applies }) => applies).sort(bySaving);
  const refused = single.filter(({ applies }) => !applies);
  const labelWidth = Math.max(...pulled.map(({ label }) => columns(label)), 0);
  return [
    heading('LEVERS', ' one at a time, on the plan above; USD a month', 'plain'),
    ...pulled.flatMap((lever) => pulledLines(lever, labelWidth, decision)),
    ...refused.flatMap(({ label, reason, ...lever }) =>
      indented(`- ${label}: ${alreadyText(lever)}${reason ?? ''}`, 1, { tone: 'faint' }),
    ),
    ...list.flatMap(({ comparison, ...lever }) =>
      comparison === null ? [] : togetherLines(lever, comparison, decision),
    ),
  ];
}

/** The most money first; those that only shorten a wait come last. */
const bySaving = (a: LeverReport, b: LeverReport): number =>
  Number(a.latency !== null) - Number(b.latency !== null) || (b.saves ?? 0) - (a.saves ?? 0);

function pulledLines(lever: LeverReport, labelWidth: number, decision: Decision): Document {
  const { label, plan, planLabel, change, caveat } = lever;
  const winner = plan === null ? '' : `, on ${planNameOr(decision, plan, planLabel)}`;
  const start = ` ${padded(label, labelWidth)}  `;
  return [
    indented(`${start.trim().padEnd(start.length - 1)}${savingText(lever)}${winner}`, 1, { hang: 4 }),
    indented(`${alreadyText(lever)}${change ?? ''}. ${capital(caveat)}`, 3, { tone: 'faint', hang: 0 }),
  ];
}

/** The money, or the wait where it is no money that a lever saves. */
function savingText({ saves, percent, monthlyCost, latency }: LeverReport): string {
  if (latency !== null) return `${latency.what}: ${seconds(latency.fromMs)} -> ${seconds(latency.toMs)}`;
  const usd = saves ?? 0;
  const share = percent === null ? '' : ` (${wholePercent(Math.abs(percent))})`;
  const costs = `-> ${money(monthlyCost ?? 0)}`;
  if (Math.abs(usd) < 0.005) return `${paddedLeft('saves nothing', 14)} ${costs}`;
  return `${paddedLeft(usd > 0 ? `saves ${money(usd)}` : `costs ${money(-usd)}`, 14)}${share} ${costs}`;
}

const seconds = (ms: number): string =>
  ms < 1000 ? `${grouped(ms)} ms` : `${decimal(Number((ms / 1000).toPrecision(3)))} s`;

function alreadyText({ alreadyIn, savesNow }: Pick<LeverReport, 'alreadyIn' | 'savesNow'>): string {
  if (!alreadyIn) return '';
  return savesNow === null
    ? 'in the plan already, which could not stand without it; '
    : `in the plan already, where it saves ${money(savesNow)}; `;
}

function togetherLines(
  { label, change }: Pick<LeverReport, 'label' | 'change'>,
  compared: LeverComparison,
  decision: Decision,
): Document {
  const { apiPlan, apiCost, optimizedApiCost, optimizedApiPlan, optimizedApiLabel, leftOut } = compared;
  const other = apiPlan !== decision.recommendation.plan;
  const from = other ? `, from the cheapest on APIs alone, ${planNameOr(decision, apiPlan, null)}` : '';
  const left = leftOut.length === 0 ? '' : `; left out, as they would not lower it: ${leftOut.join(', ')}`;
  const saved = apiCost - optimizedApiCost;
  const share = apiCost === 0 ? '' : ` (${wholePercent((100 * saved) / apiCost)})`;
  return [
    indented(
      `${label}${from}: ${money(apiCost)} -> ${money(optimizedApiCost)}${share}, on ${planNameOr(decision, optimizedApiPlan, optimizedApiLabel)}`,
      1,
    ),
    indented(`${change ?? ''}${left}`, 3, { tone: 'faint', hang: 0 }),
    indented(against(compared), 3, { hang: 0 }),
  ];
}

/** Self-hosting beside the optimized bill, and today's. */
function against({ selfHostedCost, optimizedSelfHostedCost, optimizedApiCost, todayCost }: LeverComparison): string {
  const own =
    selfHostedCost === null
      ? 'self-hosting: no plan fits'
      : `self-hosting ${money(selfHostedCost)}${optimizedSelfHostedCost === null ? '' : `, with the same levers ${money(optimizedSelfHostedCost)}`}`;
  const today = todayCost === null ? '' : `; today ${money(todayCost)}`;
  return `${own}; optimized API bill ${money(optimizedApiCost)}${today}`;
}
