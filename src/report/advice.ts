import { batchPrice } from '../cost/tokens.js';
import type { Assignment, Decision, Flip, NoFlip, OptionReport } from '../decide/decision.js';
import { partNames } from '../decide/plan.js';
import { difference } from '../decide/round.js';
import { kindNames } from '../places/option.js';
import { type Detail, type Document, paragraph, paragraphs } from './document.js';
import { counted, decimal, grouped, money, percent, roughMoney, wholePercent } from './numbers.js';
import { findOption, markOfParts, markOfPlans, optionName, planName, planNameOr } from './plan-names.js';
import { columns, padded } from './wrap.js';

type Row = { tasks: string; kind: string; name: string; fleet: string | null };

/** Task names longer than this push the rest of their own line only. */
const widestTasks = 24;

/** Which tasks go where, a line for each option; a fleet also says how large and how busy it is. */
export function use(decision: Decision): Document {
  const rows = rowsOf(decision);
  const tasksWidth = Math.min(widestTasks, Math.max(0, ...rows.map(({ tasks }) => columns(tasks))));
  const kindWidth = Math.max(0, ...rows.map(({ kind }) => columns(kind)));
  const hang = tasksWidth + 4;
  return rows.flatMap(({ tasks, kind, name, fleet }, index) => {
    const words = `${padded(tasks, tasksWidth)} -> ${kind === '' ? '' : `${padded(kind, kindWidth)}  `}${name}`;
    const option = paragraph(index === 0 ? 'USE' : '', words, { tone: 'good', hang });
    return fleet === null ? [option] : [option, paragraph('', fleet, { tone: 'good', hang, continues: true })];
  });
}

function rowsOf(decision: Decision): Row[] {
  const { assignments } = decision.recommendation;
  const ids = [...new Set(assignments.map(({ option }) => option))];
  return ids.map((id) => {
    const mine = assignments.filter(({ option }) => option === id);
    const tasks =
      ids.length === 1 && mine.length > 1 ? 'everything' : mine.map((part) => taskName(part, ids.length)).join(', ');
    const option = findOption(decision, id);
    if (!option) return { tasks, kind: '', name: id, fleet: null };
    return { tasks, kind: kindNames[option.kind], name: optionName(option), fleet: fleetText(option) };
  });
}

/** One of these takes all or nothing at a time: a share would read as a split. */
const standingIn: ReadonlySet<string> = new Set(partNames.failover);

function taskName({ task, part, share }: Assignment, options: number): string {
  const name = part === 'all' ? task : `${task} (${part})`;
  return options === 1 || standingIn.has(part) ? name : `${name} ${percent(share)}`;
}

function fleetText(option: OptionReport): string | null {
  const { replicas, copiesPerReplica, instance, hardware, quantization, purchase, utilization, devices } = option;
  if (devices !== null) {
    const able = `${percent(devices.shareAble)} of them can run it`;
    return [`on ${counted(devices.count, 'device')}`, able, quantization].filter((text) => text !== null).join(', ');
  }
  if (replicas === null) return null;
  const machine = [instance ?? hardware ?? 'machine', instance !== null && hardware !== null ? `(${hardware})` : ''];
  const busy = utilization === null ? 'load unknown' : `busy ${percent(utilization)} of the time`;
  const copies = (copiesPerReplica ?? 1) > 1 ? `${copiesPerReplica} copies on each` : null;
  const details = [copies, busy, quantization, purchase].filter((detail) => detail !== null);
  return [`${grouped(replicas)} x ${machine.join(' ').trim()}`, ...details].join(', ');
}

/** What the plan costs a month, what that is made of, and how it compares with today and with the cheapest plan. */
export function cost(decision: Decision): Document {
  const plan = decision.recommendation;
  const { monthlyCost } = plan;
  if (monthlyCost === null) return [];
  const likely = plan.monthlyCostRange;
  const mark = markOfPlans(decision, plan.plan);
  const range = likely ? `, likely ${roughMoney(likely.p5)}${mark} to ${roughMoney(likely.p95)}${mark}` : '';
  const total = `${money(monthlyCost)}${mark}/month${horizon(decision)}${otherTotals(decision, monthlyCost)}${range}`;
  const parts = madeOf(decision, monthlyCost);
  const now = today(decision, monthlyCost, mark);
  return [
    paragraph('COST', total),
    ...(parts === '' && now === '' ? [] : [paragraph('', parts, { aside: now })]),
    ...premium(decision).map((words) => paragraph('', words)),
  ];
}

const horizon = ({ scenario }: Decision): string => ` over ${counted(scenario.horizonMonths, 'month')}`;

/** Totals that read differently from the monthly cost: first month, dearest month, money up front. */
function otherTotals(decision: Decision, monthlyCost: number): string {
  const { plan, firstMonthCost, peakMonthCost, upfrontCost } = decision.recommendation;
  const mark = markOfPlans(decision, plan);
  const told = new Set([money(monthlyCost)]);
  const texts = [
    { word: 'first', usd: firstMonthCost },
    { word: 'highest', usd: peakMonthCost },
  ].flatMap(({ word, usd }) => {
    if (usd === null || told.has(money(usd))) return [];
    told.add(money(usd));
    return [`${word} ${money(usd)}${mark}`];
  });
  if (upfrontCost !== null && upfrontCost > 0) {
    const paid = decision.recommendation.costParts.filter(({ upfront }) => upfront > 0).map(({ part }) => part);
    texts.push(`up front ${money(upfrontCost)}${markOfParts(decision, (part) => paid.includes(part))}`);
  }
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`;
}

/** Infrastructure and people apart, and the largest part of the infrastructure. */
function madeOf(decision: Decision, monthlyCost: number): string {
  const { costParts, fteNeeded, peopleCost } = decision.recommendation;
  if (costParts.length === 0 || monthlyCost <= 0 || peopleCost === null) return '';
  const mark = (isPeople: boolean) => markOfParts(decision, (part) => part.startsWith('people.') === isPeople);
  const people = fteNeeded === null || fteNeeded <= 0 ? '' : ` (${decimal(fteNeeded)} FTE, set-up spread out)`;
  const infrastructure = difference(monthlyCost, peopleCost);
  const ofTokens = costParts.filter(({ part }) => part.startsWith('tokens.'));
  const tokens = ofTokens.reduce((sum, { monthly }) => sum + monthly, 0);
  const tariff = ofTokens.some(({ label }) => label.endsWith(batchPrice)) ? ` (${batchPrice})` : '';
  const isAll = tokens >= infrastructure * almostAll;
  const share = tokens > 0 && !isAll ? `, ${percent(tokens / infrastructure)} of it tokens${tariff}` : '';
  const what = isAll ? `tokens${tariff}` : 'infrastructure';
  return `${what} ${money(infrastructure)}${mark(false)}${share}; people ${money(peopleCost)}${mark(true)}${people}.`;
}
const almostAll = 0.995;

function today(decision: Decision, monthlyCost: number, mark: string): string {
  const { savingsOverToday } = decision.recommendation;
  if (savingsOverToday === null) return '';
  const now = difference(monthlyCost, -savingsOverToday);
  const mean = meanToday(decision) ?? now;
  const bill = money(mean) === money(now) ? money(now) : `${money(now)} now, ${money(mean)} in a mean month`;
  const saved = difference(mean, monthlyCost);
  if (saved < 0) return `today ${bill}: costs ${money(-saved)}${mark} more`;
  return `today ${bill}: saves ${mean > 0 ? percent(saved / mean) : money(saved)}${mark}`;
}

/** Bill of today's way in a mean month of the horizon, which a plan's cost is one of: by the months, or as a reason tells it. */
function meanToday({ timeline, recommendation }: Decision): number | null {
  const months = timeline.flatMap(({ month, today: usd }) => (month > 0 && usd !== null ? [usd] : []));
  if (months.length > 0) return months.reduce((sum, usd) => sum + usd, 0) / months.length;
  return recommendation.why.find(({ code }) => code === 'today')?.figures.mean ?? null;
}

function premium(decision: Decision): string[] {
  const { premium: usd, cheapest, plan } = decision.recommendation;
  if (usd === null || cheapest === null || usd < 0.005) return [];
  return [
    `${money(usd)}${markOfPlans(decision, plan, cheapest.plan)}/month above the cheapest: ${planName(decision, cheapest.plan)}`,
  ];
}

/** What the reader has to weigh: soft rules that the plan does not keep, each with what keeping it would cost. */
export function decide(decision: Decision): Document {
  const { unkept, assignments } = decision.recommendation;
  const texts = unkept.map(({ rule, tasks, plan, extraCost }) => {
    const mine = assignments.filter(({ task }) => tasks.includes(task));
    const price =
      plan === null || extraCost === null
        ? 'no plan does better'
        : `${planNameOr(decision, plan, null)} does better for ${money(extraCost)} a month more`;
    if (rule === 'quality') {
      const least = Math.min(...mine.flatMap(({ goodEnough }) => goodEnough ?? []));
      return `${tasks.join(', ')}: good enough with a probability of only ${percent(least)}; ${price}: test it on your own samples`;
    }
    const slowest = mine.reduce((slow, one) => ((one.ttftP95Ms ?? 0) > (slow.ttftP95Ms ?? 0) ? one : slow));
    return `${slowest.task}: answers start within ${seconds(slowest.ttftP95Ms)} in 95 of 100 requests (${seconds(slowest.ttftAskedMs)} is usual); ${price}`;
  });
  return texts.length === 0 ? [] : paragraphs('DECIDE', texts);
}

const msPerSecond = 1000;
const seconds = (ms: number | null): string => (ms === null ? 'an unknown time' : `${decimal(ms / msPerSecond)} s`);

/** How far ahead the plan is: in how many cases where those were drawn, else the distance to the next best plan. */
export function certainty(decision: Decision): Document {
  const { margin, plan, probabilityBest, probabilityOverBudget, regret } = decision.recommendation;
  const { gap } = decision.considered;
  const confidence = decision.uncertainty?.confidence ?? null;
  const texts = confidence === null ? [] : [`${confidence.level}: ${confidence.text}`];
  if (probabilityOverBudget !== null && probabilityOverBudget > 0) {
    texts.push(`over budget in ${percent(probabilityOverBudget)}`);
  }
  texts.push(
    margin
      ? `${probabilityBest === null ? 'best plan of another kind' : 'next best'} costs ${distance(margin.percent, markOfPlans(decision, plan, margin.runnerUp))}: ${planName(decision, margin.runnerUp)}`
      : 'no plan of other kinds meets every rule',
  );
  const least = decision.uncertainty?.leastRegret ?? null;
  if (least !== null && least.regret !== null && regret !== null && regret - least.regret >= 1)
    texts.push(
      `least regret: ${planNameOr(decision, least.plan, least.label)}, ${money(regret - least.regret)} a month less of it on average`,
    );
  if (gap > 0) texts.push(`proven to be within ${percent(gap)} of the optimum`);
  return [paragraph(probabilityBest === null ? 'NEXT' : 'SURE', texts.join('; '))];
}

function distance(percentage: number, mark: string): string {
  if (Math.abs(percentage) < 0.05) return `the same${mark}`;
  const size = wholePercent(Math.abs(percentage));
  return percentage > 0 ? `${size}${mark} more` : `${size}${mark} less`;
}

/** The reasons, numbered. */
export function why({ recommendation }: Decision): Document {
  return numbered('WHY', recommendation.reasons);
}

/** A numbered list under a tag. */
export function numbered(tag: string, texts: readonly string[]): Document {
  const digits = String(texts.length).length;
  return paragraphs(
    tag,
    texts.map((text, index) => `${String(index + 1).padEnd(digits)} ${text}`),
    { hang: digits + 1 },
  );
}

/** How many of the flips the one-screen report has room for. */
const shown = 3;
/** A longer name of a plan is left to JSON: what matters here is the kind of place. */
const longest = 40;

/** Where the advice changes, the nearest first: the value from which another plan is best, and that plan. */
export function flips(decision: Decision, detail: Detail | null): Document {
  const all = detail === 'full';
  const list = decision.recommendation.flips;
  const rows = list.slice(0, all ? list.length : shown).map((flip) => ({
    when: [name(flip.parameter, decision), value(flip), flip.unit].filter((word) => word !== '').join(' '),
    becomes: `${becomes(flip, decision)}${consequence(flip, decision)}`,
  }));
  const widest = Math.min(30, Math.max(0, ...rows.map(({ when }) => columns(when))));
  const left = list.length - rows.length;
  return [
    ...rows.flatMap((row, index) =>
      paragraph(index === 0 ? 'FLIPS' : '', `${padded(row.when, widest)} -> ${row.becomes}`, { hang: 2 }),
    ),
    ...(left === 0 ? [] : [paragraph('', `${left} more, and what turns nothing: --detail full`, { tone: 'faint' })]),
    ...(rows.length === 0 && !all ? unlooked(decision) : []),
    ...(all && decision.recommendation.noFlips.length > 0
      ? [paragraph(rows.length === 0 ? 'FLIPS' : '', nothing(decision), { tone: 'faint', hang: 2 })]
      : []),
  ];
}

/** That nothing is known to flip the advice is not that nothing does; nothing where flips were not looked for. */
function unlooked({ recommendation: { noFlips } }: Decision): Document {
  const open = noFlips.filter(({ decided }) => !decided).length;
  if (open === 0) return [];
  return [
    paragraph('FLIPS', `none proven; ${counted(open, 'input')} not looked at to the end: --detail full`, {
      tone: 'faint',
    }),
  ];
}

/** The path without the section it stands in, which readers do not need, nor the name of the only task. */
function name(parameter: string, { recommendation }: Decision): string {
  const tasks = new Set(recommendation.assignments.map(({ task }) => task));
  const [only = ''] = tasks;
  const bare = parameter.replace(/^(workload|tasks|data|needs)\./, '');
  return tasks.size === 1 && parameter.startsWith(`tasks.${only}.`) ? bare.slice(only.length + 1) : bare;
}

function value({ to, direction }: Flip): string {
  if (typeof to !== 'number') return `${to}`;
  return `${direction === 'down' ? '<=' : '>='} ${Number.isInteger(to) ? grouped(to) : to}`;
}

/** The plan by its name, where that is short; else the kinds of its places. */
function becomes({ becomes: plan, becomesLabel, becomesKinds }: Flip, decision: Decision): string {
  const named = planName(decision, plan);
  const known = named === plan ? becomesLabel : named;
  return columns(known) <= longest ? known : becomesKinds.map((kind) => kindNames[kind]).join(' + ');
}

/** When growth gets there; what another word would cost. */
function consequence({ to, month, extraCost, parameter }: Flip, { recommendation }: Decision): string {
  if (month !== null) return `, month ${month}`;
  if (typeof to === 'number' && !/^budget|^team\./.test(parameter)) return '';
  const more = recommendation.monthlyCost === null ? 0 : extraCost;
  return more < 0 ? `, -${money(-more)}` : `, +${money(more)}`;
}

/** An end of a range that was looked at, as the tables have it; one that was made of another figure is only about there. */
const end = (value: number): string => {
  const written = Number(value.toPrecision(5)) === value;
  const told = written ? value : Number(value.toPrecision(3));
  return Number.isInteger(told) ? grouped(told) : String(told);
};

/** Inputs that turn nothing, and where they were looked at: by decisions at the ends, or among the plans met alone. */
function nothing(decision: Decision): string {
  const { noFlips } = decision.recommendation;
  const list = (isDecided: boolean): string =>
    noFlips
      .filter(({ decided }) => decided === isDecided)
      .map((none) => lookedAt(none, decision))
      .join('; ');
  const [decided, among] = [list(true), list(false)];
  return [
    ...(decided === '' ? [] : [`none found in: ${decided}`]),
    ...(among === '' ? [] : [`none among the plans met, with no decision left to look for others, in: ${among}`]),
  ].join('; ');
}

const lookedAt = ({ parameter, low, high, unit, words }: NoFlip, decision: Decision): string =>
  low === null || high === null
    ? `${name(parameter, decision)} (${(words ?? []).join(', ')})`
    : `${name(parameter, decision)} ${end(low)} to ${end(high)}${unit === '' ? '' : ` ${unit}`}`;
