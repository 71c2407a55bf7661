import { batchPrice, tierPrice } from '../cost/tokens.js';
import type { Assignment, Decision, OptionReport } from '../decide/decision.js';
import { partNames } from '../decide/plan.js';
import { ownRoom } from '../places/own-hardware.js';
import { regionWords } from '../rules/claims.js';
import { type Kind, rentalForms } from '../tables/columns.js';
import { difference } from '../units/numeric.js';
import { batchDeadlineHours } from '../workload/resolve.js';
import { cost } from './cost-words.js';
import { type Document, indented, paragraph, type Scope, section } from './document.js';
import { counted, grouped, money, percent, roughly, seconds, sureness } from './numbers.js';
import {
  findOption,
  markOfPlans,
  partName,
  planNameOr,
  sentence,
  whyNotCheaper,
  whyNotCheaperInShort,
} from './plan-words.js';
import { columns } from './printable.js';
import { leastSavingShare, toDecide, toDo } from './to-decide.js';

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
  ...facts('Decide', toDecide(decision, scope).slice(0, scope.isBrief ? Math.min(1, scope.most - 1) : undefined)),
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

/** The rule of choice with the highest cost, and its excluded plan; none if negligible. */
function cheaper({ recommendation: { why, monthlyCost } }: Decision): string {
  const [most] = why
    .filter(({ code, figures }) => putAside.has(code) && (figures.less ?? 0) < -(monthlyCost ?? 0) * leastSavingShare)
    .sort((a, b) => (a.figures.less ?? 0) - (b.figures.less ?? 0));
  return most === undefined ? '' : sentence(most.text);
}
const putAside: ReadonlySet<string> = new Set(['quality']);

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
