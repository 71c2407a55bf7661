import type { Decision, LeverComparison, LeverReport } from '../decide/decision.js';
import { type Document, indented, line } from './document.js';
import { decimal, grouped, money, wholePercent } from './numbers.js';
import { capital, planNameOr } from './plan-names.js';
import { columns, padded, paddedLeft } from './wrap.js';

/** Savings of each lever, largest first; below it the settings and their costs elsewhere. */
export function levers(decision: Decision): Document {
  const list = decision.levers;
  if (list.length === 0) return [];
  const single = list.filter(({ comparison }) => comparison === null);
  const pulled = single.filter(({ applies }) => applies).sort((a, b) => (b.saves ?? 0) - (a.saves ?? 0));
  const refused = single.filter(({ applies }) => !applies);
  const labelWidth = Math.max(...pulled.map(({ label }) => columns(label)), 0);
  return [
    line(' one at a time, decided again; USD a month', 'plain', 'LEVERS'),
    ...pulled.flatMap((lever) => pulledLines(lever, labelWidth, decision)),
    ...refused.flatMap(({ label, reason, ...lever }) =>
      indented(`- ${label}: ${alreadyText(lever)}${reason ?? ''}`, 1, { tone: 'faint' }),
    ),
    ...list.flatMap(({ comparison, label }) => (comparison === null ? [] : togetherLines(label, comparison, decision))),
  ];
}

function pulledLines(lever: LeverReport, labelWidth: number, decision: Decision): Document {
  const { label, plan, planLabel, changes, caveat } = lever;
  const winner = plan === null ? '' : `, on ${planNameOr(decision, plan, planLabel)}`;
  const set = changes
    .map(({ path, from, to }) => `${path} ${from === null ? '' : `${toldText(from)} -> `}${toldText(to)}`)
    .join('; ');
  return [
    indented(`${padded(label, labelWidth)}  ${savingText(lever)}${winner}`, 1, { hang: 4 }),
    indented(`${alreadyText(lever)}${set}. ${capital(caveat)}`, 3, { tone: 'faint', hang: 0 }),
  ];
}

function savingText({ saves, percent, monthlyCost }: LeverReport): string {
  const usd = saves ?? 0;
  const share = percent === null ? '' : ` (${wholePercent(Math.abs(percent))})`;
  const costs = `-> ${money(monthlyCost ?? 0)}`;
  if (Math.abs(usd) < 0.005) return `${paddedLeft('saves nothing', 14)} ${costs}`;
  return `${paddedLeft(usd > 0 ? `saves ${money(usd)}` : `costs ${money(-usd)}`, 14)}${share} ${costs}`;
}

/** A setting with its figures as a reader takes them in. */
const toldText = (text: string): string =>
  text.replace(/\d+(\.\d+)?/g, (digits) =>
    Number(digits) < 1000 ? decimal(Number(Number(digits).toPrecision(3))) : grouped(Math.round(Number(digits))),
  );

const alreadyText = ({ alreadyIn, savesNow }: Pick<LeverReport, 'alreadyIn' | 'savesNow'>): string =>
  alreadyIn ? `in the plan already, where it saves ${money(savesNow ?? 0)}; ` : '';

/** The bill of APIs with levers, against self-hosting and today's bill. */
function togetherLines(label: string, compared: LeverComparison, decision: Decision): Document {
  const { apiPlan, apiCost, optimizedApiCost, optimizedApiPlan, optimizedApiLabel, pulled, leftOut } = compared;
  const { selfHostedCost, optimizedSelfHostedCost, todayCost } = compared;
  const from =
    apiPlan === decision.recommendation.plan
      ? ''
      : `, from the cheapest on APIs alone, ${planNameOr(decision, apiPlan, null)}`;
  const left = leftOut.length === 0 ? '' : `; left out, as they would not lower it: ${leftOut.join(', ')}`;
  const share = apiCost === 0 ? '' : ` (${wholePercent((100 * (apiCost - optimizedApiCost)) / apiCost)})`;
  const same = optimizedSelfHostedCost === null ? '' : `, with the same levers ${money(optimizedSelfHostedCost)}`;
  const own = selfHostedCost === null ? 'no plan fits' : `${money(selfHostedCost)}${same}`;
  const today = todayCost === null ? '' : `; today ${money(todayCost)}`;
  const costs = `${money(apiCost)} -> ${money(optimizedApiCost)}${share}`;
  return [
    indented(`${label}${from}: ${costs}, on ${planNameOr(decision, optimizedApiPlan, optimizedApiLabel)}`, 1),
    indented(`${pulled.join(', then ') || 'none of them lowers the bill'}${left}`, 3, { tone: 'faint', hang: 0 }),
    indented(`self-hosting: ${own}${today}`, 3, { hang: 0 }),
  ];
}
