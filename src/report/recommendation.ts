import { batchPrice } from '../cost/tokens.js';
import type { Assignment, Decision, OptionReport } from '../decide/decision.js';
import { partNames } from '../decide/plan.js';
import { difference } from '../decide/round.js';
import type { Kind } from '../tables/rows.js';
import { type Document, indented, paragraph, section } from './document.js';
import { counted, decimal, grouped, money, percent, roughly, roughMoney, seconds } from './numbers.js';
import { findOption, markOfParts, markOfPlans, planNameOr } from './plan-names.js';
import { capital } from './sentences.js';
import { columns } from './wrap.js';

/** What to do, what it costs, how long users wait, who sees the data, and what is left for the reader to decide or to do. */
export const recommended = (decision: Decision): Document => [
  section('RECOMMENDATION'),
  ...use(decision),
  ...fact('Cost', cost(decision)),
  ...fact('Today', today(decision)),
  ...fact('Wait', wait(decision)),
  ...fact('Data', data(decision)),
  ...facts('Decide', [...unkept(decision), ...betterModel(decision)]),
  ...facts('To do', toDo(decision)),
];

/** Columns where the text behind a name begins. */
const textAt = 11;
const fact = (name: string, text: string): Document => (text === '' ? [] : facts(name, [text]));
const facts = (name: string, texts: readonly string[]): Document =>
  texts.map((text, i) => paragraph(i === 0 ? `  ${name}` : '', text, { indent: textAt }));

/** Tasks together, and the option that serves them. */
type Served = { tasks: string; option: OptionReport | null; id: string };

function servedOf(decision: Decision): Served[] {
  const { assignments } = decision.recommendation;
  const ids = [...new Set(assignments.map(({ option }) => option))];
  const tasks = new Set(assignments.map(({ task }) => task));
  return ids.map((id) => {
    const mine = assignments.filter(({ option }) => option === id);
    const names = [...new Set(mine.map((part) => taskName(part, ids.length)))];
    const few = names.length <= mostNames;
    return {
      id,
      option: findOption(decision, id) ?? null,
      tasks: few ? names.join(', ') : `${names.length} of ${tasks.size} tasks`,
    };
  });
}
const mostNames = 3;

/** One of these takes all or nothing at a time: a share would read as a part. */
const standingIn: ReadonlySet<string> = new Set(partNames.failover);

function taskName({ task, part, share }: Assignment, options: number): string {
  const name = part === 'all' ? task : `${task} (${part})`;
  return options === 1 || standingIn.has(part) || part === 'all' ? name : `${name} ${percent(share)}`;
}

function use(decision: Decision): Document {
  const served = servedOf(decision);
  const [first] = served;
  if (served.length === 1 && first !== undefined)
    return [indented(`Use ${first.option === null ? first.id : serving(first.option)}.`, 2, { hang: 0, tone: 'good' })];
  const width = Math.min(widestTasks, Math.max(...served.map(({ tasks }) => columns(tasks)))) + 4;
  return served.map(({ tasks, option, id }) =>
    paragraph(`  ${tasks}`, option === null ? id : serving(option), { indent: width, tone: 'good' }),
  );
}
const widestTasks = 22;

/** Who sells it, with the country. */
export const sellerOf = ({ names: { provider, country } }: OptionReport): string =>
  country === null ? provider : `${provider} (${country})`;

/** An option within a sentence: the model, where it runs and how that is paid. */
function serving(option: OptionReport): string {
  const { model, machine } = option.names;
  const from = sellerOf(option);
  const weights = option.quantization === null ? model : `${model} (${option.quantization})`;
  switch (option.kind) {
    case 'open-model-api':
      return `${model}, an open model that ${from} hosts and bills per token`;
    case 'cloud-api':
      return `${model}, a closed API of ${from}, billed per token`;
    case 'managed-hosting':
      return `${weights} on a managed endpoint of ${from}: ${machinesOf(option)}`;
    case 'serverless-gpu':
      return `${weights} on serverless GPUs of ${from}, billed by the second${machine === null ? '' : `: ${machine}`}`;
    case 'self-hosted-cloud':
      return `${weights} on rented GPUs of ${from}: ${machinesOf(option)}`;
    case 'on-prem':
      return `${weights} on own hardware in ${from}: ${machinesOf(option)}`;
    case 'edge':
      return `${weights} on ${from}${option.devices === null ? '' : `: ${percent(option.devices.shareAble)} of ${counted(option.devices.count, 'device')} can run it`}`;
  }
}

const purchases: Readonly<Record<string, string>> = {
  bought: 'purchased',
  owned: 'which you own',
  'reserved-1y': 'reserved for a year',
  'reserved-3y': 'reserved for three years',
  spot: 'at spot prices',
};

/** How many machines of which accelerators, how they are paid and how busy they are. */
function machinesOf({
  replicas,
  copiesPerReplica,
  names,
  instance,
  hardware,
  purchase,
  utilization,
}: OptionReport): string {
  const machine = names.machine ?? instance ?? hardware ?? 'machine';
  const each = replicas === null || replicas === 1 ? '' : ' each';
  const many = replicas === null ? machine : `${counted(replicas, 'machine')} with ${machine}${each}`;
  const words = [
    many,
    (copiesPerReplica ?? 1) > 1 ? `${copiesPerReplica} copies of the model on each` : '',
    purchase === null ? '' : (purchases[purchase] ?? ''),
    utilization === null ? '' : `utilization ${percent(utilization)}`,
  ];
  return words.filter((word) => word !== '').join(', ');
}

/** What the plan costs a month, for how much, and what that is made of. */
function cost(decision: Decision): string {
  const { recommendation: plan, scenario } = decision;
  const { monthlyCost, monthlyCostRange: likely, peopleCost } = plan;
  if (monthlyCost === null) return '';
  const mark = markOfPlans(decision, plan.plan);
  const perMonth = (scenario.requestsPerDay * daysPerYear) / monthsPerYear;
  const isSame = plan.firstMonthCost !== null && money(plan.firstMonthCost) === money(monthlyCost);
  const spread = isSame ? '' : ` on average over ${counted(scenario.horizonMonths, 'month')}`;
  const range =
    likely === null ? '' : `; 90 % range ${roughMoney(likely.p5)}${mark} to ${roughMoney(likely.p95)}${mark}`;
  const volume = `${roughly(perMonth)} requests a month (${roughly(scenario.requestsPerDay)} a day)`;
  return [
    `about ${money(monthlyCost)}${mark} a month${spread} for ${volume}${range}.`,
    madeOf(decision, monthlyCost, peopleCost ?? 0),
    otherTotals(decision, monthlyCost),
    (peopleCost ?? 0) === 0 ? 'Connecting one provider, which every option needs, is not included.' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}
const daysPerYear = 365;
const monthsPerYear = 12;

/** Infrastructure and people apart, and the share of tokens in the infrastructure. */
function madeOf(decision: Decision, monthlyCost: number, peopleCost: number): string {
  const { costParts, fteNeeded } = decision.recommendation;
  if (costParts.length === 0 || monthlyCost <= 0) return '';
  const mark = (isPeople: boolean) => markOfParts(decision, (part) => part.startsWith('people.') === isPeople);
  const infrastructure = difference(monthlyCost, peopleCost);
  const ofTokens = costParts.filter(({ part }) => part.startsWith('tokens.'));
  const tokens = ofTokens.reduce((sum, { monthly }) => sum + monthly, 0);
  const tariff = ofTokens.some(({ label }) => label.endsWith(batchPrice)) ? ` at the ${batchPrice}` : '';
  const isAll = tokens >= infrastructure * almostAll;
  if (isAll && peopleCost <= 0) return `All of it is tokens${tariff}.`;
  const share = tokens > 0 && !isAll ? ` (${percent(tokens / infrastructure)} of that tokens${tariff})` : '';
  const what = isAll ? `tokens${tariff}` : 'infrastructure';
  if (peopleCost <= 0) return `All of it is ${what}${share}.`;
  const engineer =
    fteNeeded === null || fteNeeded <= 0 ? '' : `: ${decimal(fteNeeded)} of an engineer and the set-up, spread out`;
  return `Of it ${money(infrastructure)}${mark(false)} are ${what}${share} and ${money(peopleCost)}${mark(true)} people${engineer}.`;
}
const almostAll = 0.995;

/** Totals that read differently from the monthly cost: first month, dearest month, money up front. */
function otherTotals(decision: Decision, monthlyCost: number): string {
  const { plan, firstMonthCost, peakMonthCost, upfrontCost, costParts } = decision.recommendation;
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
    texts.push(`one-time cost ${money(upfrontCost)}${once}, spread into it`);
  }
  return texts.length === 0 ? '' : `${capital(texts.join(', '))}.`;
}

/** What is paid today beside the plan. */
function today(decision: Decision): string {
  const { savingsOverToday, monthlyCost, plan } = decision.recommendation;
  if (savingsOverToday === null || monthlyCost === null) return '';
  const mark = markOfPlans(decision, plan);
  const now = difference(monthlyCost, -savingsOverToday);
  const mean = meanToday(decision) ?? now;
  const bill = money(mean) === money(now) ? money(now) : `${money(now)} now, ${money(mean)} in a mean month`;
  const saved = difference(mean, monthlyCost);
  if (saved < 0) return `you pay ${bill}; this costs ${money(-saved)}${mark} more`;
  return `you pay ${bill}; this saves ${mean > 0 ? percent(saved / mean) : money(saved)}${mark}`;
}

/** Bill of today's way in a mean month of the horizon, which a plan's cost is one of: by the months, or as a reason tells it. */
function meanToday({ timeline, recommendation }: Decision): number | null {
  const months = timeline.flatMap(({ month, today: usd }) => (month > 0 && usd !== null ? [usd] : []));
  if (months.length > 0) return months.reduce((sum, usd) => sum + usd, 0) / months.length;
  return recommendation.why.find(({ code }) => code === 'today')?.figures.mean ?? null;
}

/** How long users wait for the first token against what is asked; of several tasks the table by task tells it. */
function wait({ recommendation: { assignments } }: Decision): string {
  if (new Set(assignments.map(({ task }) => task)).size > 1) return '';
  if (assignments.every(({ isAwaited }) => !isAwaited)) return 'nobody waits for the answers';
  const known = assignments.flatMap(({ ttftP95Ms }) => ttftP95Ms ?? []);
  const [{ ttftAskedMs, ttftAskedBy } = { ttftAskedMs: null, ttftAskedBy: null }] = assignments;
  const asked =
    ttftAskedMs === null
      ? ''
      : ttftAskedBy === 'user'
        ? ` (you ask for ${seconds(ttftAskedMs)})`
        : ` (${seconds(ttftAskedMs)} is usual for this type of task)`;
  return known.length === 0
    ? `how soon answers start is not known${asked}: measure it`
    : `answers start within ${seconds(Math.max(...known))}*${asked}`;
}

const receives: ReadonlySet<Kind> = new Set(['cloud-api', 'open-model-api', 'managed-hosting', 'serverless-gpu']);

/** Who gets to see the requests. */
function data(decision: Decision): string {
  const options = servedOf(decision).flatMap(({ option }) => option ?? []);
  const sellers = [...new Set(options.filter(({ kind }) => receives.has(kind)).map(sellerOf))];
  const rest = [
    ...new Set(
      options.flatMap((option) => {
        if (option.kind === 'self-hosted-cloud') return [`stay in your own account at ${sellerOf(option)}`];
        if (option.kind === 'on-prem') return ['stay on your own machines'];
        return option.kind === 'edge' ? ['stay on the devices'] : [];
      }),
    ),
  ];
  const received =
    sellers.length === 0 ? '' : `${sellers.join(' and ')} ${sellers.length === 1 ? 'receives' : 'receive'}`;
  if (rest.length === 0) return received === '' ? '' : `${received} your requests`;
  const stay = `${received === '' ? 'requests' : 'the others'} ${rest.join(', or ')}`;
  return received === '' ? stay : `${received} some requests; ${stay}`;
}

/** Soft rules that the plan does not keep, each with what keeping it would cost. */
function unkept(decision: Decision): string[] {
  const { unkept: rules, assignments } = decision.recommendation;
  return rules.map(({ rule, tasks, plan, extraCost }) => {
    const mine = assignments.filter(({ task }) => tasks.includes(task));
    const price =
      plan === null || extraCost === null
        ? 'No plan does better.'
        : `${capital(planNameOr(decision, plan, null))} does better for ${money(extraCost)} a month more.`;
    if (rule === 'quality') {
      const least = Math.min(...mine.flatMap(({ goodEnough }) => goodEnough ?? []));
      return `The model is good enough for ${tasks.join(', ')} with a probability of only ${percent(least)}. ${price} Test it on your own samples.`;
    }
    const slowest = mine.reduce((slow, one) => ((one.ttftP95Ms ?? 0) > (slow.ttftP95Ms ?? 0) ? one : slow));
    return `Answers of ${slowest.task} start within ${seconds(slowest.ttftP95Ms ?? 0)}*; ${seconds(slowest.ttftAskedMs ?? 0)} is usual. ${price}`;
  });
}

/** What the next better model costs, where nobody said what a failed answer costs. */
function betterModel({ recommendation }: Decision): string[] {
  const [now, next] = recommendation.betterQuality;
  if (now === undefined || next === undefined || next.paysFrom === null) return [];
  if (recommendation.failedAnswers?.monthlyCost !== null) return [];
  const whose = new Set(recommendation.assignments.map(({ task }) => task)).size === 1 ? '' : ` for ${now.task}`;
  const more = difference(next.monthlyCost, now.monthlyCost);
  // Tenths only where whole points say nothing.
  const isAlike = quality(next.capability) === quality(now.capability);
  const told = (index: number): string => (isAlike ? index.toFixed(1) : quality(index));
  const qualities = `Quality ${told(next.capability)} instead of ${told(now.capability)}${whose}`;
  if (more <= 0)
    return [
      `${qualities} would cost no more (${next.label}, ${money(next.monthlyCost)} a month); people, places or the wait decided against it.`,
    ];
  return [
    `${qualities} costs ${money(more)} a month more. It pays if a failed answer costs you over ${money(next.paysFrom)}; you gave no such figure (preferences.failedAnswerCost), so the cheaper one is advised.`,
  ];
}

/** A capability index as it is shown. */
export const quality = (index: number): string => grouped(index);

/** What somebody has to do or check, and what is most worth measuring. */
function toDo({ recommendation, uncertainty }: Decision): string[] {
  // What is worth nothing to know before choosing is for --detail sure.
  const measure = uncertainty?.measure.slice(0, 1).flatMap(({ text, worth }) => (worth > 0 ? text : [])) ?? [];
  return [...new Set([...recommendation.conditions, ...measure])].map((text) => `${capital(text)}.`);
}
