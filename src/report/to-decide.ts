import type { Decision, Recommendation } from '../decide/decision.js';
import { unsaid } from '../rules/rule.js';
import { seldomGiven } from '../rules/service.js';
import { kindNames } from '../tables/column.js';
import type { Kind } from '../tables/columns.js';
import { difference } from '../units/numeric.js';
import type { Scope } from './document.js';
import { grouped, money, percent, quality, seconds } from './numbers.js';
import { capital, partName, per, planNameOr, sentence } from './plan-words.js';

/** What is for the user to decide, the most urgent first. */
export const toDecide = (decision: Decision, scope: Scope): string[] => [
  ...unkept(decision),
  ...contracts(decision),
  ...safer(decision),
  ...idle(decision),
  ...nearlyInTime(decision),
  ...betterModel(decision, scope),
];

/** Contracts that cannot be signed, where another plan would cost less with them. */
function contracts(decision: Decision): string[] {
  const found = decision.recommendation.flips.find(
    ({ parameter, means, extraCost }) => parameter.endsWith('.agreements') && means !== null && (extraCost ?? 0) < 0,
  );
  if (found?.becomes == null || found.monthlyCost === null) return [];
  const plan = capital(planNameOr(decision, found.becomes, found.becomesLabel));
  return [`If ${found.means} (${found.parameter}), ${plan} does it for ${money(found.monthlyCost)}${per(decision)}.`];
}

/** The plan that costs less on average over the simulations, but more at likely figures. */
function safer(decision: Decision): string[] {
  const { regret, monthlyCost, plan: advised } = decision.recommendation;
  const { leastRegret: least = null, plans = [] } = decision.uncertainty ?? {};
  const usd = plans.find(({ plan }) => plan === least?.plan)?.monthlyCost;
  if (least?.regret == null || regret === null || monthlyCost === null || usd === undefined) return [];
  const [less, more] = [regret - least.regret, usd - monthlyCost];
  if (more <= 0 || less < Math.max(1, more)) return [];
  const name = planNameOr(decision, least.plan, least.label);
  // Plans that read alike differ in weights or machines, as their labels; a negligible gain is left out.
  const isAlike = advised !== null && name === planNameOr(decision, advised, null);
  if (isAlike && Math.round((100 * less) / monthlyCost) < 1) return [];
  const plan = capital(isAlike ? least.label : name);
  return [
    `${plan} is the safer choice at ${money(usd)}${per(decision)}: ${money(more)} more at the likely figures, and ${money(less)} less on average over the simulations.`,
  ];
}

/** What costs less and would do with a somewhat longer wait. */
function nearlyInTime(decision: Decision): string[] {
  const { nearestMisses, recommendation } = decision;
  const [nearest] = nearestMisses
    .flatMap((miss) => {
      const { have, need } = miss.figures;
      const isOfTime = /\.latency\.(ttft|total)P95$/.test(miss.turnsAt?.path ?? '');
      return isOfTime && have && need && have <= need * somewhat ? [{ ...miss, have, need }] : [];
    })
    .sort((a, b) => a.have - b.have);
  const { monthlyCost } = recommendation;
  if (nearest === undefined || monthlyCost === null || nearest.monthlyCost === null) return [];
  const { option, task, have, need, monthlyCost: usd } = nearest;
  const what = nearest.turnsAt?.path.endsWith('ttftP95') ? 'start' : 'be there';
  return [
    `If answers of ${task} may ${what} within ${grouped(have)} ms (you ask for ${grouped(need)} ms), ${planNameOr(decision, option, null)} does it for ${money(usd)}${per(decision)}, ${money(monthlyCost - usd)} less.`,
  ];
}
/** Times a target: who waits longer is not nearly in time. */
const somewhat = 2;

/** That owned machines stand idle, and the cheapest plan on them. */
function idle(decision: Decision): string[] {
  const { onIdle } = decision.recommendation;
  if (onIdle === null) return [];
  const { plan, label, monthlyCost, peopleCost } = onIdle;
  const people = peopleCost > 0 ? `, ${money(peopleCost)} of it people` : '';
  return [
    `What you own stays idle: ${planNameOr(decision, plan, label)} would cost ${money(monthlyCost)}${per(decision)}${people}.`,
  ];
}

/** Tasks whose model is less surely good enough than required, in every plan. */
function unkept({ recommendation: { unkept: rules, assignments } }: Decision): string[] {
  return rules.map(({ tasks }) => {
    const mine = assignments.filter(({ task }) => tasks.includes(task));
    const least = Math.min(...mine.flatMap(({ goodEnough }) => goodEnough ?? []));
    return `The model is good enough for ${tasks.join(', ')} with a probability of only ${percent(least)}. No plan is sure enough. Test it on your own samples.`;
  });
}

/** What the ladder of quality is about, where the plan has several tasks or parts. */
export function whose({ assignments, betterQuality: [now] }: Recommendation, told: (what: string) => string): string {
  if (now === undefined) return '';
  const mine = assignments.filter(({ task }) => task === now.task);
  const part = mine.find(({ option }) => option === now.option)?.part ?? 'all';
  const isApart = mine.some(({ option }) => option !== now.option);
  if (isApart) return told(partName(now.task, part));
  return mine.length === assignments.length ? '' : told(now.task);
}

/** What the next better model costs, where nobody said what a failed answer costs. */
function betterModel(decision: Decision, scope: Scope): string[] {
  const { recommendation } = decision;
  const [now, next] = recommendation.betterQuality;
  if (now === undefined || next === undefined || next.paysFrom === null) return [];
  if (recommendation.failedAnswers?.monthlyCost !== null) return [];
  const more = difference(next.monthlyCost, now.monthlyCost);
  // What is a step by odds alone stands in the table.
  if (quality(next.capability) === quality(now.capability)) return [];
  const qualities = `Quality ${quality(next.capability)} instead of ${quality(now.capability)}${whose(recommendation, (what) => ` for ${what}`)}`;
  if (more <= 0) {
    return [`${qualities} would cost no more (${next.label}, ${money(next.monthlyCost)}${per(decision)}).`];
  }
  const itself = recommendation.costPerRequest;
  const isCheapest = decision.scenario.given.some(
    ({ path, value }) => path === 'preferences.objective' && value === 'cost',
  );
  const settled = isCheapest
    ? '; you ask for the cheapest (preferences.objective: cost)'
    : itself !== null && next.paysFrom < itself
      ? `, less than an answer costs by itself (${money(itself)}): preferences.failedAnswerCost weighs it`
      : scope.isBrief
        ? ' (preferences.failedAnswerCost)'
        : `; you gave no such figure (preferences.failedAnswerCost), so ${recommendation.adjusted === null ? 'the cheaper one' : 'the plan above'} is advised`;
  const isAwaited = recommendation.assignments.some((one) => one.task === now.task && one.isAwaited);
  const later = isAwaited && next.ttftP95Ms !== null && now.ttftP95Ms !== null && next.ttftP95Ms > now.ttftP95Ms;
  const wait =
    !scope.isBrief && later && seconds(next.ttftP95Ms) !== seconds(now.ttftP95Ms)
      ? ` and answers start within ${seconds(next.ttftP95Ms)}* instead of ${seconds(now.ttftP95Ms)}*`
      : '';
  return [
    `${qualities} costs ${money(more)}${per(decision)} more${wait}. It pays if a failed answer costs you over ${money(next.paysFrom)}${settled}.`,
  ];
}

/** Warnings that may change the plan: a question to others comes first. */
export const toBeAsked: ReadonlySet<string> = new Set([
  seldomGiven,
  'rate-limit-unknown',
  'forecast-price',
  'image-tokens-unknown',
  'priority-price-unknown',
  'audio-unknown',
  'tool-fee-unknown',
]);

/** Where nobody limits requests, and what all of them there cost against the plan. */
function onMachines(decision: Decision): string {
  const { scorecard, recommendation } = decision;
  const [best] = scorecard
    .flatMap(({ kind, feasible, monthlyCost: usd }) =>
      feasible && usd !== null && unlimited.has(kind) ? [{ kind, usd }] : [],
    )
    .sort((a, b) => a.usd - b.usd);
  if (best === undefined || recommendation.monthlyCost === null) return '';
  const more = difference(best.usd, recommendation.monthlyCost);
  return `; all on ${kindNames[best.kind]} costs ${money(Math.abs(more))}${per(decision)} ${more < 0 ? 'less' : 'more'}`;
}
const unlimited: ReadonlySet<Kind> = new Set(['managed-hosting', 'self-hosted-cloud', 'on-prem']);

/** What somebody has to do or check. */
export function toDo(decision: Decision): string[] {
  const { recommendation, warnings } = decision;
  const asked = warnings.flatMap(({ code, message }) =>
    toBeAsked.has(code) ? `${message}${code === seldomGiven ? onMachines(decision) : ''}` : [],
  );
  return [...new Set([...asked, ...worthAsking(decision), ...recommendation.conditions])].map(sentence);
}

/** Share of a bill from which on a saving shows in it. */
export const leastSavingShare = 0.01;

/** Questions on cheaper places with one unknown, and for whom. */
function worthAsking(decision: Decision): string[] {
  const { monthlyCost } = decision.recommendation;
  const [best] = decision.nearestMisses.flatMap(
    ({ option, reason, have, stillFails, wouldBeAdvised, monthlyCost: usd }) => {
      const less = usd === null || monthlyCost === null ? 0 : difference(monthlyCost, usd);
      const isOne = have === unsaid && stillFails.length === 0 && wouldBeAdvised === true;
      return isOne && less >= leastSavingShare * (monthlyCost ?? 0) ? [{ option, reason, usd: usd ?? 0, less }] : [];
    },
  );
  if (best === undefined) return [];
  const { option, reason, usd, less } = best;
  const costs = `${planNameOr(decision, option, null)} costs ${money(usd)}${per(decision)}, ${money(less)} less`;
  return [`${reason}: if so, ${costs}`];
}
