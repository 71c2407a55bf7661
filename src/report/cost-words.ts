import { batchPrice, tierPrice } from '../cost/tokens.js';
import type { Decision } from '../decide/decision.js';
import { pricedTiers } from '../tables/catalog-columns.js';
import { difference } from '../units/numeric.js';
import type { Scope } from './document.js';
import { counted, decimal, grouped, money, narrowParts, percent, roughly, roughMoney } from './numbers.js';
import { findOption, markOfParts, markOfPlans, per, planNameOr, sentence } from './plan-words.js';

/** What the plan costs a month, for how much, and what that is made of. */
export function cost(decision: Decision, scope: Scope): string {
  const { recommendation: plan, scenario } = decision;
  const { monthlyCost, monthlyCostRange: likely, peopleCost } = plan;
  if (monthlyCost === null) return '';
  const mark = markOfPlans(decision, plan.plan);
  const isSame = plan.firstMonthCost !== null && money(plan.firstMonthCost) === money(monthlyCost);
  const spread = isSame ? '' : ` on average over ${counted(scenario.horizonMonths, 'month')}`;
  const range =
    likely === null ? '' : `; 90 % range ${roughMoney(likely.p5)}${mark} to ${roughMoney(likely.p95)}${mark}`;
  const volume = `${roughly(scenario.requestsPerMonth)} requests ${isGrowing(decision) ? 'in the first month' : 'a month'} (${roughly(scenario.requestsPerDay)} a day${inBursts(scenario)}${ofConversations(scenario)}${tokensOf(decision)})`;
  return [
    plan.totalCost !== null
      ? `about ${money(monthlyCost)}${mark} for the whole job of ${roughly(scenario.requestsPerMonth)} requests${range}.`
      : `about ${money(monthlyCost)}${mark} a month${spread} for ${volume}${range}.`,
    byStage(decision, scope),
    madeOf(decision, monthlyCost, peopleCost ?? 0, scope),
    ofFees(decision),
    plan.totalCost === null ? otherTotals(decision, monthlyCost, scope) : '',
    inCash(decision),
    !scope.isBrief && (peopleCost ?? 0) === 0
      ? 'Connecting one provider, which every option needs, is not included.'
      : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** What each stage costs, and one plan for all months. */
function byStage(decision: Decision, scope: Scope): string {
  const { stages, onePlan, monthlyCost } = decision.recommendation;
  if (stages.length < 2 || onePlan === null || monthlyCost === null) return '';
  const each = stages.map(({ fromMonth, months, monthlyCost: usd }) =>
    months === 1
      ? `${money(usd)} in month ${fromMonth}`
      : `${money(usd)} in months ${fromMonth} to ${fromMonth + months - 1}`,
  );
  if (scope.isBrief) return `That is ${each.join(', ')}.`;
  const moves = stages.reduce((sum, { moveCost }) => sum + moveCost, 0);
  const name = planNameOr(decision, onePlan.plan, onePlan.label);
  return `That is ${each.join(', ')}, and ${money(moves)} for both while you move. To stay on ${name} for all months would cost ${money(onePlan.monthlyCost)} (${percent(onePlan.monthlyCost / monthlyCost - 1)} more).`;
}

/** What a monthly budget holds, where there is one. */
function inCash(decision: Decision): string {
  const { peakMonthCash: cash } = decision.recommendation;
  const budget = decision.scenario.given.find(({ path }) => path === 'budget.monthly');
  return cash === null || budget === undefined
    ? ''
    : `In cash at most ${money(cash)}${per(decision)} (budget ${budget.value}).`;
}

/** That each conversation is taken as one request. */
const ofConversations = ({ given }: Decision['scenario']): string => {
  const written = (name: string) => given.find(({ path }) => path === `workload.${name}`)?.value;
  const isOne = (written('turns') ?? '1') === '1';
  return isOne && /conversation/.test(written('volume') ?? '') ? ', one for each conversation' : '';
};

/** Tokens of a request, where one task has all and nothing is added to its prompts. */
function tokensOf({ recommendation: { assignments }, scenario: { given, assumed } }: Decision): string {
  const [task, other] = new Set(assignments.map((one) => one.task));
  const turns = given.find(({ path }) => path === 'workload.turns')?.value ?? '1';
  if (
    task === undefined ||
    other !== undefined ||
    turns !== '1' ||
    given.some(({ path }) => /^needs\.rag|tokens\.(?:images|audioSeconds)$/.test(path))
  )
    return '';
  const [input, output] = ['input', 'output'].map((key) => {
    const path = `tasks.${task}.tokens.${key}`;
    return Number([...given, ...assumed].find((one) => one.path === path)?.value.replace(/ tokens$/, ''));
  }) as [number, number];
  return input > 0 && output >= 0 ? `; each reads ${grouped(input)} tokens and writes ${grouped(output)}` : '';
}

/** Whether a later month has more or fewer requests than the first. */
export const isGrowing = ({ timeline }: Decision): boolean => {
  const volumes = timeline.flatMap(({ month, requestsPerDay }) => (month > 0 ? [requestsPerDay] : []));
  return volumes.some((volume) => volume !== volumes[0]);
};
const inBursts = ({ requestsPerDay, burstsPerDay: bursts }: Decision['scenario']): string =>
  bursts === null ? '' : `, in ${counted(bursts, 'burst')} of ${roughly(requestsPerDay / bursts)}`;

/** Infrastructure and people apart, and the share of tokens in the infrastructure. */
function madeOf(decision: Decision, monthlyCost: number, peopleCost: number, scope: Scope): string {
  const { costParts, fteNeeded } = decision.recommendation;
  if (costParts.length === 0 || monthlyCost <= 0) return '';
  const mark = (isPeople: boolean) => markOfParts(decision, (part) => part.startsWith('people.') === isPeople);
  const infrastructure = difference(monthlyCost, peopleCost);
  const ofTokens = costParts.filter(({ part }) => part.startsWith('tokens.'));
  const tokens = ofTokens.reduce((sum, { monthly }) => sum + monthly, 0);
  const isCached = ofTokens.some(({ part, monthly }) => part === cachedPart && monthly > 0);
  const cached = isCached ? ', repeated input at the cache price' : '';
  const tariff = `${cached}${paidAt(ofTokens.map(({ label }) => label))}`;
  const isAll = tokens >= infrastructure * almostAll;
  if (isAll && peopleCost <= 0) return `All of it is tokens${tariff}.`;
  const share =
    tokens > 0 && !isAll && !scope.isBrief ? ` (${percent(tokens / infrastructure)} of that tokens${tariff})` : '';
  const what = isAll ? `tokens${tariff}` : 'infrastructure';
  if (peopleCost <= 0) return `All of it is ${what}${share}.`;
  const engineer =
    fteNeeded === null || fteNeeded <= 0
      ? ''
      : scope.isBrief
        ? ` (${decimal(fteNeeded)} of an engineer)`
        : `: ${decimal(fteNeeded)} of an engineer and the set-up, spread out`;
  const [forMachines, forPeople] = narrowParts(infrastructure, peopleCost);
  return `Of it $${forMachines}${mark(false)} are ${what}${share}${beyondRoom(decision)} and $${forPeople}${mark(true)} people${engineer}.`;
}

/** Prices other than the standard ones, as the lines of a bill are called. */
const paidAt = (labels: readonly string[]): string =>
  [...pricedTiers.map(tierPrice), batchPrice]
    .flatMap((price) => {
      const paid = labels.filter((label) => label.includes(price));
      const partly = paid.some((label) => label.includes(`partly ${price}`)) ? 'partly ' : '';
      return paid.length === 0 ? [] : [`, ${partly}at the ${price}`];
    })
    .join('');
const uncapitalized = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Fees besides tokens, by the call or the request. */
function ofFees({ recommendation: { costParts } }: Decision): string {
  const fees = costParts.filter(({ part, monthly }) => /^(?:tools\.|other\.fee$)/.test(part) && monthly > 0);
  const usd = fees.reduce((sum, { monthly }) => sum + monthly, 0);
  return usd > 0 ? `${money(usd)} of that are fees: ${fees.map(({ label }) => uncapitalized(label)).join(', ')}.` : '';
}
const almostAll = 0.995;
const cachedPart = 'tokens.cached';

/** What machines of one's own take beyond what a room has the power and cooling for. */
function beyondRoom({ recommendation: { costParts } }: Decision): string {
  const usd = costParts.find(({ part }) => part === 'other.beyond-room')?.monthly ?? 0;
  return usd > 0 ? `, ${money(usd)} of them power and cooling beyond what a room carries,` : '';
}

/** Totals that differ from the monthly cost: first month, peak month, one-time cost. */
function otherTotals(decision: Decision, monthlyCost: number, scope: Scope): string {
  const { plan, firstMonthCost, peakMonthCost, upfrontCost, costParts, assignments } = decision.recommendation;
  const mark = markOfPlans(decision, plan);
  const told = new Set([money(monthlyCost)]);
  const texts = [
    { word: 'first month', usd: firstMonthCost },
    { word: 'dearest month', usd: peakMonthCost },
  ].flatMap(({ word, usd }) => {
    if (usd === null || told.has(money(usd))) return [];
    told.add(money(usd));
    return [`${word} ${money(usd)}${mark}`];
  });
  if (upfrontCost !== null && upfrontCost > 0) {
    const paid = costParts.filter(({ upfront }) => upfront > 0).map(({ part }) => part);
    const once = markOfParts(decision, (part) => paid.includes(part));
    const isSold = assignments.some(({ option }) => findOption(decision, option)?.purchase === 'bought');
    texts.push(
      scope.isBrief
        ? `one-time cost ${money(upfrontCost)}${once}`
        : `one-time cost ${money(upfrontCost)}${once} on top of it, which the average spreads over all months${isSold ? ', less what the hardware fetches then' : ''}`,
    );
  }
  return texts.length === 0 ? '' : sentence(texts.join(', '));
}
