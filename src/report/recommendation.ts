import { batchPrice, tierPrice } from '../cost/tokens.js';
import type { Assignment, Decision, OptionReport, Recommendation } from '../decide/decision.js';
import { partNames } from '../decide/plan.js';
import { ownRoom } from '../places/own-hardware.js';
import { regionWords } from '../rules/claims.js';
import { unsaid } from '../rules/rule.js';
import { seldomGiven } from '../rules/service.js';
import { pricedTiers } from '../tables/catalog-columns.js';
import { kindNames } from '../tables/column.js';
import { type Kind, rentalForms } from '../tables/columns.js';
import { difference } from '../units/numeric.js';
import { batchDeadlineHours } from '../workload/resolve.js';
import { type Document, indented, paragraph, type Scope, section } from './document.js';
import {
  counted,
  decimal,
  grouped,
  money,
  narrowParts,
  percent,
  roughly,
  roughMoney,
  seconds,
  sureness,
} from './numbers.js';
import {
  capital,
  findOption,
  markOfParts,
  markOfPlans,
  planNameOr,
  whyNotCheaper,
  whyNotCheaperInShort,
} from './plan-words.js';
import { columns } from './printable.js';

/** What to do, cost, latency, data boundary, and what is left to decide or do. */
export const recommended = (decision: Decision, scope: Scope): Document => [
  section('RECOMMENDATION'),
  ...use(decision),
  ...facts('Then', later(decision)),
  ...fact('Cost', cost(decision, scope)),
  ...(scope.isBrief ? fact('Why not', whyNotCheaperInShort(decision, scope.most)) : whyNotCheaper(decision, textAt)),
  ...(scope.isBrief && decision.recommendation.whyNotCheaper !== null ? [] : fact('Cheaper', cheaper(decision))),
  ...fact('Today', today(decision)),
  ...fact(
    'Wait',
    [wait(decision), ...unpromised(decision), ...waitsApart(decision)].filter((text) => text !== '').join('; '),
  ),
  ...fact('Data', [data(decision), dataLater(decision)].filter((text) => text !== '').join('; ')),
  ...facts(
    'Decide',
    [
      ...unkept(decision),
      ...contracts(decision),
      ...safer(decision),
      ...idle(decision),
      ...nearlyInTime(decision),
      ...betterModel(decision, scope),
    ].slice(0, scope.isBrief ? Math.min(1, scope.most - 1) : undefined),
  ),
  ...facts('To do', first(toDo(decision), scope)),
];

/** For a first screen the first texts, shortened, and the number of others. */
export function first(texts: readonly string[], { isBrief, most }: Scope): string[] {
  if (!isBrief) return [...texts];
  const left = texts.length - most;
  return texts
    .slice(0, most)
    .map((text, i) => `${inShort(text)}${left < 1 || i + 1 < most ? '' : ` (${left} more: --detail full)`}`);
}

/** A text's first part, and the last with an action or cost. */
function inShort(text: string): string {
  const [head = '', ...others] = text.replace(/\.$/, '').split(/[:;] /);
  const action = others.findLast((part) => /^(?:ask|measure|check|test|if so|above|below|all on)\b/.test(part));
  return `${action === undefined ? head : `${head}: ${action}`}.`;
}

/** Columns where the text behind a name begins. */
const textAt = 11;
const fact = (name: string, text: string): Document => (text === '' ? [] : facts(name, [text]));
const facts = (name: string, texts: readonly string[]): Document =>
  texts.map((text, i) => paragraph(i === 0 ? `  ${name}` : '', text, { indent: textAt }));

/** Tasks together, and the option that serves them. */
type Served = { tasks: string; option: OptionReport };

function servedOf(decision: Decision): Served[] {
  const { assignments } = decision.recommendation;
  const ids = [...new Set(assignments.map(({ option }) => option))];
  const tasks = new Set(assignments.map(({ task }) => task));
  return ids.flatMap((id) => {
    const option = findOption(decision, id);
    const mine = assignments.filter((part) => part.option === id);
    const names = [...new Set(mine.map((part) => taskName(part, ids.length)))];
    const few = names.length <= mostNames || columns(names.join(', ')) <= namesColumns;
    return option === undefined
      ? []
      : { option, tasks: few ? names.join(', ') : `${names.length} of ${tasks.size} tasks` };
  });
}
const mostNames = 3;
const namesColumns = 40;

/** The part of a task that only makes its requests ready for another. */
const redaction = 'redaction';

/** One of these takes all or nothing at a time: a share would read as a part. */
const standingIn: ReadonlySet<string> = new Set(partNames.failover);

/** A part of a task, or all of it. */
export const partName = (task: string, part: string): string => (part === 'all' ? task : `${task} (${part})`);

function taskName({ task, part, share }: Assignment, options: number): string {
  // Its requests are answered elsewhere, and counted there.
  if (part === redaction) return `${task} (${redaction} of ${percent(share)})`;
  const name = partName(task, part);
  return options === 1 || standingIn.has(part) || part === 'all' ? name : `${name} ${percent(share)}`;
}

function use(decision: Decision): Document {
  const served = servedOf(decision);
  const [first] = served;
  const sites = Number(decision.scenario.given.find(({ path }) => path === 'workload.sites')?.value ?? 1);
  if (served.length === 1 && first !== undefined)
    return [indented(`${startWord(decision)} ${serving(first.option, sites)}.`, 2, { hang: 0, tone: 'good' })];
  const width = Math.max(...served.map(({ tasks }) => columns(tasks))) + 4;
  if (width > widestTasks)
    return served.map(({ tasks, option }) => indented(`${tasks}: ${serving(option, sites)}`, 2, { tone: 'good' }));
  return served.map(({ tasks, option }) =>
    paragraph(`  ${tasks}`, serving(option, sites), { indent: width, tone: 'good' }),
  );
}
const widestTasks = 26;

/** Who sells it, with the country. */
export const sellerOf = ({ names: { provider, country } }: OptionReport): string =>
  country === null ? provider : `${provider} (${country})`;

/** Whose devices, and how many of them can run it. */
function onDevices({ devices }: OptionReport, from: string): string {
  if (devices === null) return from;
  const { count, owner, shareAble } = devices;
  const whose = owner === 'company' ? 'the devices of your company' : from;
  return `${whose}: ${shareAble === 1 ? `all ${grouped(count)}` : `${sureness(shareAble)} of ${grouped(count)}`} can run it`;
}

/** An option within a sentence: the model, where it runs and how that is paid. */
function serving(option: OptionReport, sites: number): string {
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
      return `${weights} on own hardware ${option.provider === ownRoom && sites > 1 ? `at your ${sites} sites` : `in ${from}`}: ${machinesOf(option)}`;
    case 'edge':
      return `${weights} on ${onDevices(option, from)}`;
  }
}

const purchases: Readonly<Record<string, string>> = {
  bought: 'purchased',
  owned: 'which you own',
  ...Object.fromEntries(rentalForms.map(({ purchase, inWords }) => [purchase, inWords])),
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
  // Throughput has no hardware of its own.
  const isProvisioned = replicas !== null && hardware === null;
  const many =
    replicas === null
      ? machine
      : isProvisioned
        ? `${counted(replicas, names.unit)} (${machine})`
        : `${counted(replicas, names.unit)} with ${machine}${each}`;
  const words = [
    many,
    (copiesPerReplica ?? 1) > 1 ? `${copiesPerReplica} copies of the model${each === '' ? '' : ' on each'}` : '',
    purchase === null ? '' : (purchases[purchase] ?? ''),
    utilization === null ? '' : `utilization ${percent(utilization)}`,
  ];
  return words.filter((word) => word !== '').join(', ');
}

const startWord = ({ recommendation: { stages } }: Decision): string => (stages.length > 1 ? 'Start on' : 'Use');

/** Where to move, and when: by the month and by the volume it then has. */
const later = (decision: Decision): string[] =>
  decision.recommendation.stages
    .slice(1)
    .map(
      ({ plan, label, fromMonth, date, requestsPerDay }) =>
        `move to ${planNameOr(decision, plan, label)} in month ${fromMonth} (${date}), at about ${roughly(requestsPerDay)} requests a day.`,
    );

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

/** What the plan costs a month, for how much, and what that is made of. */
function cost(decision: Decision, scope: Scope): string {
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
    const isSold = servedOf(decision).some(({ option }) => option.purchase === 'bought');
    texts.push(
      scope.isBrief
        ? `one-time cost ${money(upfrontCost)}${once}`
        : `one-time cost ${money(upfrontCost)}${once} on top of it, which the average spreads over all months${isSold ? ', less what the hardware fetches then' : ''}`,
    );
  }
  return texts.length === 0 ? '' : `${capital(texts.join(', '))}.`;
}

/** The rule of choice with the highest cost, and its excluded plan; none if negligible. */
function cheaper({ recommendation: { why, monthlyCost } }: Decision): string {
  const [most] = why
    .filter(({ code, figures }) => putAside.has(code) && (figures.less ?? 0) < -(monthlyCost ?? 0) * shows)
    .sort((a, b) => (a.figures.less ?? 0) - (b.figures.less ?? 0));
  return most === undefined ? '' : `${capital(most.text)}.`;
}
const putAside: ReadonlySet<string> = new Set(['quality']);
/** Share of a bill from which on a saving shows in it. */
const shows = 0.01;

/** Bill against bill and people against people, of today and of the plan. */
function today(decision: Decision): string {
  const { today: now, monthlyCost, peopleCost, plan } = decision.recommendation;
  if (now === null || monthlyCost === null || peopleCost === null) return '';
  const mark = markOfPlans(decision, plan);
  const planBill = difference(monthlyCost, peopleCost);
  const [bill, mean] = [money(now.bill), money(now.meanBill)];
  const saved = difference(now.meanBill, planBill);
  const compared =
    saved < 0
      ? `${money(-saved)}${mark} more`
      : now.meanBill > 0
        ? `${lessThanAll(saved / now.meanBill)}${mark} less`
        : 'the same';
  const people =
    now.people === null || money(now.people) === money(peopleCost)
      ? ''
      : `; people ${money(now.people)}, then ${money(peopleCost)}`;
  const billed = bill === mean ? bill : `${bill} now, ${mean} in a mean month`;
  return `billed ${billed}, then ${money(planBill)} (${compared})${people}`;
}

/** First tokens against their targets; of several tasks the slowest. */
function wait(decision: Decision): string {
  const { assignments } = decision.recommendation;
  const awaited = assignments.filter(({ isAwaited }) => isAwaited);
  if (awaited.length === 0) return `nobody waits for the answers${dueIn(decision)}`;
  if (new Set(assignments.map(({ task }) => task)).size > 1) {
    const late = awaited.filter(({ ttftP95Ms: ms, ttftAskedMs: asked }) => ms && asked && ms > asked);
    const slowest = new Map(
      late.toSorted((a, b) => (a.ttftP95Ms ?? 0) - (b.ttftP95Ms ?? 0)).map((one) => [one.task, one]),
    );
    const texts = [...slowest.values()].map(
      (one) => `answers of ${one.task} start within ${seconds(one.ttftP95Ms)}*${askedOf(one)}`,
    );
    const others = awaited.length > texts.length ? '; all else starts as soon as is asked or usual' : '';
    return texts.length === 0 ? '' : `${texts.join('; ')}${others}`;
  }
  // Tasks without a target are shown only if none has one.
  const wanted = awaited.filter(({ ttftAskedMs }) => ttftAskedMs !== null);
  const users = wanted.length === 0 ? awaited : wanted;
  const known = users.flatMap(({ ttftP95Ms }) => ttftP95Ms ?? []);
  const [first] = users as [Assignment];
  const slowest = Math.max(...known);
  // Where both read the same, the difference has to be shown.
  const isClose = first.ttftAskedMs !== null && seconds(slowest) === seconds(first.ttftAskedMs);
  const told = isClose ? `${grouped(slowest)} ms` : seconds(slowest);
  return known.length === 0
    ? `how soon answers start is not known${askedOf(first)}: measure it`
    : `answers start within ${told}*${askedOf(first)}${inDevelopment(awaited, users)}${passedOn(assignments)}`;
}

/** The part of a task that a first model's answer does not do for. */
const escalated = 'escalated';

/** A second answer starts after the first was checked; its latency is not predicted. */
function passedOn(assignments: readonly Assignment[]): string {
  const again = assignments.find(({ part }) => part === escalated);
  return again === undefined ? '' : `; the ${percent(again.share)} that are passed on start after a first answer`;
}

/** When answers are due that nobody waits for, and when a batch has them. */
function dueIn({ scenario: { given }, recommendation: { costParts } }: Decision): string {
  const deadlines = new Set(given.flatMap(({ path, value }) => (/^tasks\..*\.deadline$/.test(path) ? value : [])));
  const [deadline] = deadlines;
  const due = deadline === undefined || deadlines.size > 1 ? '' : `, which may take ${deadline}`;
  const isBatch = costParts.some(({ label }) => label.endsWith(batchPrice));
  return `${due}${isBatch ? `; a batch takes up to ${batchDeadlineHours} hours` : ''}`;
}

/** What is sent at a tier that promises no time. */
const unpromised = ({ recommendation: { costParts } }: Decision): string[] =>
  costParts.some(({ label }) => label.includes(tierPrice('flex')))
    ? ['flex answers may take minutes and may be refused']
    : [];

/** Requests of developers, without targets, where they wait longer. */
function inDevelopment(awaited: readonly Assignment[], users: readonly Assignment[]): string {
  const slowest = (some: readonly Assignment[]): number => Math.max(0, ...some.map(({ ttftP95Ms }) => ttftP95Ms ?? 0));
  return slowest(awaited) > slowest(users) ? `; those of development within ${seconds(slowest(awaited))}*` : '';
}

/** Beyond percentiles: cold starts, and devices that are busy for long. */
function waitsApart({ recommendation: { assignments, why } }: Decision): string[] {
  if (!assignments.some(({ isAwaited }) => isAwaited)) return [];
  return why.flatMap(({ code, text }) => (code === 'cold-starts' || code === 'device-load' ? text : []));
}

/** The target on the first token, and whose it is. */
const askedOf = ({ ttftP95Ms, ttftAskedMs, ttftAskedBy }: Assignment): string =>
  ttftAskedMs === null
    ? ''
    : ttftAskedBy === 'user'
      ? ` (you ask for ${seconds(ttftAskedMs)}${ttftP95Ms !== null && ttftP95Ms > ttftAskedMs ? ': measure whether it is kept' : ''})`
      : ` (${seconds(ttftAskedMs)} is usual for this type of task)`;

/** A share in percent, of which only all is 100 %. */
const lessThanAll = (share: number): string =>
  share < 1 && percent(share) === percent(1) ? 'over 99 %' : percent(share);

/** Behind an amount: it is of a month, or of a job as a whole. */
export const per = ({ scenario: { given } }: Pick<Decision, 'scenario'>): string =>
  given.some(({ path, value }) => path === 'workload.once' && value === 'true') ? '' : ' a month';

const receives: ReadonlySet<Kind> = new Set(['cloud-api', 'open-model-api', 'managed-hosting', 'serverless-gpu']);

/** Who gets to see the requests. */
function data(decision: Decision): string {
  const options = servedOf(decision).map(({ option }) => option);
  const regions = residencyOf(decision);
  const sellers = [
    ...new Set(options.filter(({ kind }) => receives.has(kind)).map(regions === '' ? sellerOf : seatOf)),
  ];
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
  // Where that is still to be arranged, the list of what to do says with whom.
  const isArranged = !decision.recommendation.conditions.some((text) =>
    /where it processes|keep processing in|whether it processes/.test(text),
  );
  const there = regions === '' ? '' : `, processed in ${regions}${isArranged ? '' : ' once that is arranged'}`;
  if (rest.length === 0) return received === '' ? '' : `${received} your requests${there}`;
  if (decision.recommendation.assignments.some(({ part }) => part === redaction))
    return `${received} requests${there}, sensitive ones once they are redacted; before that they ${rest.join(', or ')}`;
  const stay = `${received === '' ? 'requests' : 'the others'} ${rest.join(', or ')}`;
  return received === '' ? stay : `${received} some requests${there}; ${stay}`;
}

/** Who serves the requests of later months, and so sees them. */
const dataLater = (decision: Decision): string =>
  decision.recommendation.stages
    .slice(1)
    .map(({ fromMonth, plan, label }) => `from month ${fromMonth} on ${planNameOr(decision, plan, label)} does`)
    .join('; ');

/** The seller, with its country if requests may be processed in another. */
const seatOf = ({ names: { provider, country } }: OptionReport): string =>
  country === null ? provider : `${provider} (seat: ${country})`;

/** Where requests must be processed, in words; empty: no rule. */
function residencyOf({ scenario: { given } }: Decision): string {
  const written = given.find(({ path }) => path === 'data.residency')?.value;
  const regions: unknown = written === undefined ? [] : JSON.parse(written);
  return Array.isArray(regions)
    ? regions.map((region) => regionWords[region] ?? String(region).toUpperCase()).join(' or ')
    : '';
}

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

/** A capability index as it is shown. */
export const quality = (index: number): string => grouped(index);

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

/** What somebody has to do or check, and what is most worth measuring. */
function toDo(decision: Decision): string[] {
  const { recommendation, uncertainty, warnings } = decision;
  // What is worth nothing to know before choosing is for --detail sure.
  const measure = uncertainty?.measure.slice(0, 1).flatMap(({ text, worth }) => (worth > 0 ? text : [])) ?? [];
  const asked = warnings.flatMap(({ code, message }) =>
    toBeAsked.has(code) ? `${message}${code === seldomGiven ? onMachines(decision) : ''}` : [],
  );
  return [...new Set([...asked, ...worthAsking(decision), ...recommendation.conditions, ...measure])].map(
    (text) => `${capital(text)}.`,
  );
}

/** Questions on cheaper places with one unknown, and for whom. */
function worthAsking(decision: Decision): string[] {
  const { monthlyCost } = decision.recommendation;
  const [best] = decision.nearestMisses.flatMap(
    ({ option, reason, have, stillFails, wouldBeAdvised, monthlyCost: usd }) => {
      const less = usd === null || monthlyCost === null ? 0 : difference(monthlyCost, usd);
      const isOne = have === unsaid && stillFails.length === 0 && wouldBeAdvised === true;
      return isOne && less >= shows * (monthlyCost ?? 0) ? [{ option, reason, usd: usd ?? 0, less }] : [];
    },
  );
  if (best === undefined) return [];
  const { option, reason, usd, less } = best;
  const costs = `${planNameOr(decision, option, null)} costs ${money(usd)}${per(decision)}, ${money(less)} less`;
  return [`${reason}: if so, ${costs}`];
}
