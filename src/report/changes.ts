import type { Decision, Flip, NoFlip } from '../decide/decision.js';
import { isGrowing } from './cost-words.js';
import { type Document, indented, type Scope, section, table } from './document.js';
import { decimal, grouped, money, roughly, times } from './numbers.js';
import { findOption, kindsText } from './plan-words.js';

const volume = 'workload.volume';

/** Input values from which the advice changes: the volume first, then the nearest. */
export function changes(decision: Decision, scope: Scope): Document {
  const { flips, noFlips } = decision.recommendation;
  const all = scope.isAll;
  // The volume, of two plans that differ by one task; not what the reader wants. An unset budget says nothing of
  // people, so one below the bill may lead to a dearer plan.
  const isOwn = ({ parameter, from, extraCost }: Flip): boolean =>
    parameter === 'preferences.objective' ||
    (parameter.startsWith('budget.') && from === 'none' && (extraCost ?? 0) > 0);
  // Of wider regions with one answer the narrowest is enough.
  const isSaid = ({ parameter, becomes: plan }: Flip, at: number): boolean =>
    parameter.endsWith('.residency') &&
    flips.findIndex((one) => one.parameter === parameter && one.becomes === plan) < at;
  const circumstances = flips.filter((flip, at) => all || !(isOwn(flip) || isSaid(flip, at)));
  const sorted = circumstances.toSorted((a, b) => placeOf(a) - placeOf(b));
  const told = sorted.slice(0, scope.most);
  const rows = told.map((flip) => [conditionOf(flip, decision), `${becomes(flip, decision)}${unverified(flip)}`]);
  rows.splice(told.filter(({ parameter }) => parameter === volume).length, 0, ...withoutPeople(decision));
  const left = circumstances.length - told.length;
  const still = sorted[0]?.parameter === volume ? [] : stillVolume(decision);
  if (rows.length + still.length === 0 && noFlips.length === 0) return [];
  return [
    section('THE ANSWER CHANGES IF', rows.length === 0 ? 'no value was found' : ''),
    ...(rows.length === 0
      ? []
      : [table([{ title: '' }, { title: '' }], rows, { indent: 2, wraps: true, widestName: 42 })]),
    ...still.map((text) => indented(text, 2, { tone: 'faint' })),
    ...(all ? unchanged(decision) : moreText(left, decision).map((text) => indented(text, 2, { tone: 'faint' }))),
  ];
}

/** What the screen leaves out, and what was not searched. */
function moreText(left: number, { recommendation: { flipSearch } }: Decision): string[] {
  const { inputs, searched } = flipSearch ?? { inputs: 0, searched: 0 };
  const more = left > 0 ? [`${left} more`] : [];
  const rest = searched < inputs ? [`${searched} of ${inputs} inputs searched`] : [];
  const text = [...more, ...rest].join('; ');
  return text === '' ? [] : [`${text}${rest.length > 0 ? ', the rest with' : ':'} --detail full`];
}

/** The volume first; then what may be signed or allowed, which is easier than the rest. */
const placeOf = ({ parameter }: Flip): number =>
  parameter === volume ? 0 : /\.(?:agreements|residency)$/.test(parameter) ? 1 : 2;

/** That no volume changes it is an answer, too. */
function stillVolume(decision: Decision): string[] {
  const { noFlips, totalCost } = decision.recommendation;
  const looked = noFlips.find(({ parameter }) => parameter === volume);
  if (noFlips.length === 0) return [];
  if (looked?.low == null || looked.high === null)
    return [
      `Whether ${totalCost === null ? 'some volume' : 'a job of another size'} changes it was not settled here: breakeven looks closer.`,
    ];
  const range = `from ${roughly(Math.round(inAll(looked.low, decision)))} to ${roughly(inAll(looked.high, decision))} requests`;
  return [
    totalCost === null ? `No volume ${range} a day was found to change it.` : `No job ${range} was found to change it.`,
  ];
}

/** Requests of a job, which counts as those of a month of as many a day. */
const inAll = (requestsPerDay: number, { recommendation: { totalCost }, scenario }: Decision): number =>
  totalCost === null ? requestsPerDay : requestsPerDay * (scenario.requestsPerMonth / scenario.requestsPerDay);

/** From which volume machines of one's own or rented ones win, where that is ahead. */
const dedicated = (from: number | null, now: number): string =>
  from === null || from <= now ? '' : `; dedicated machines from ${roughly(from)} requests a day`;

function withoutPeople({ recommendation, scenario }: Decision): string[][] {
  const { withoutPeople: free } = recommendation;
  if (free === null) return [];
  if (free.kinds.join() === recommendation.kinds.join()) return [];
  const cost = `${kindsText(free.kinds)} for ${money(free.monthlyCost)}`;
  return [['people cost nothing', `${cost}${dedicated(free.dedicatedFrom, scenario.requestsPerDay)}`]];
}

/** No whole decision was left to prove it. */
const unverified = ({ verified }: Flip): string => (verified ? '' : ' (not verified)');

/** The plan's deployment types there, and when growth gets there or what it costs. */
function becomes({ becomesKinds, becomes: plan, to, month, extraCost, parameter }: Flip, decision: Decision): string {
  if (plan === null) return 'nothing fits';
  const names = kindsText(becomesKinds);
  const model = findOption(decision, plan)?.names.model;
  const what = model === undefined ? names : `${names}, ${model}`;
  if (month !== null)
    return `${what}, in month ${month}${month > decision.scenario.horizonMonths ? ', beyond your horizon' : ''}`;
  if (typeof to === 'number' && !/^budget|^team\./.test(parameter)) return what;
  const more = decision.recommendation.monthlyCost === null ? 0 : (extraCost ?? 0);
  return `${what}, ${more < 0 ? '-' : '+'}${money(Math.abs(more))}`;
}

/** Regions that are fewer than there are, or more. */
function regionsText(from: string, to: string): string {
  if (to === '[]') return 'data may be anywhere';
  return from !== '' && to.startsWith(`${from}, `)
    ? `data may be in ${to.slice(from.length + 2)} too`
    : `data must stay in ${to}`;
}

/** A volume against today's; where nearly equal, with today's number. */
const besideToday = (to: number, from: number): string =>
  times(to / from) === '1' ? `now ${roughly(from)}` : `${times(to / from)} × now`;

const boundaryWords: Readonly<Record<string, string>> = {
  device: 'on the device',
  'own-premises': 'on your own premises',
  'own-account': 'in your own account',
  'under-contract': 'with those you have a contract with',
};

/**
 * A changed input in words (…), by its path; `*` stands for a task. Of two texts the second is for a falling number,
 * for `false` and an empty list; where there is one, more than a number is less than it.
 */
const phrases: Readonly<Record<string, string | readonly [usual: string, other: string]>> = {
  'workload.turns': 'conversations exceed … requests',
  'workload.sites': 'sites exceed …',
  'workload.growth': 'growth exceeds … % a month',
  'workload.horizon': 'the horizon exceeds … months',
  'workload.profile': 'the load follows the profile …',
  'workload.requestsPerUser': 'requests of a user exceed …',
  'workload.profile.peakToMean': 'the peak exceeds … times the mean',
  'data.sensitivity': 'data are …',
  'data.boundary': 'data must stay …',
  'data.regimes': 'the rules … hold',
  'data.agreements': ['these can be signed: …', 'no agreement can be signed'],
  'needs.fineTuning': ['the model must be fine-tuned', 'no fine-tuning is needed'],
  'needs.offline': ['it must work without a network', 'a network is there'],
  'needs.rag': ['it must search documents', 'no documents are searched'],
  'needs.availability': 'availability asked for exceeds … %',
  'devices.count': 'devices exceed …',
  'team.yearlyCost': "an engineer's cost exceeds $… a year",
  'team.free': 'free engineers exceed …',
  'team.mayHire': ['the team may hire', 'nobody can be hired'],
  'budget.monthly': 'the monthly budget exceeds $…',
  'budget.upfront': 'the one-time budget in cash exceeds $…',
  'assumptions.upkeepUsdPerPoint': 'prompts and guards for a point of quality exceed $… a month',
  'preferences.objective': 'the objective is …',
  'preferences.include': 'also considered: …',
  'preferences.maxDeployments': 'deployments allowed exceed …',
  'tasks.*.volume': 'requests exceed … a day',
  'tasks.*.share': 'the share exceeds … %',
  'tasks.*.tokens.input': 'prompts exceed … tokens',
  'tasks.*.tokens.output': 'answers exceed … tokens',
  'tasks.*.tokens.reasoning': 'reasoning exceeds … tokens',
  'tasks.*.tokens.cacheablePrefix': 'the shared prefix exceeds … tokens',
  'tasks.*.tokens.cacheHitRate': 'cache hits exceed … %',
  'tasks.*.capability.minIndex': 'quality asked for exceeds …',
  'tasks.*.capability': 'quality asked for is …',
  'tasks.*.latency.ttftP95': ['answers may start as late as … ms*', 'answers must start within … ms*'],
  'tasks.*.latency.totalP95': ['answers may be whole as late as … ms', 'answers must be whole within … ms'],
  'tasks.*.latency.tokensPerSecond': 'the speed asked for exceeds … tokens a second',
  'tasks.*.deadline': ['answers may take up to … hours', 'answers may take only … hours'],
  'tasks.*.thinking': 'thinking is …',
  'tasks.*.needs': ['the model needs …', 'nothing special is needed'],
  'tasks.*.easy.share': 'easy requests exceed … %',
  'tasks.*.sensitive.share': 'sensitive requests exceed … %',
  'tasks.*.availability': 'availability asked for exceeds … %',
};

/** What another value of an input means; undefined: there are no words for it. */
function phraseOf(path: string, value: string, { from, direction }: Flip): string | undefined {
  if (path === 'data.residency') return regionsText(String(from).replace(/^\[(.*)\]$/, '$1'), value);
  const [usual, other = usual?.replace(/exceed(s?)/, 'fall$1 below')] = [phrases[path] ?? []].flat();
  const told = path === 'data.boundary' ? boundaryWords[value] : /^\{minIndex: (.*)\}$/.exec(value)?.[1];
  const words = direction === 'down' || value === 'false' || value === '[]' ? other : usual;
  return words?.replace('…', () => told ?? value);
}

/** The change in words, with the task where there are several; by path without words. */
export function conditionOf(flip: Flip, decision: Decision): string {
  const { parameter, to, unit, direction } = flip;
  const [, task, rest] =
    /^tasks\.(.+?)\.((?:tokens|latency|capability|easy|sensitive|data)\..+|[a-zA-Z]+)$/.exec(parameter) ?? [];
  const key = task === undefined ? parameter : `tasks.*.${rest}`;
  const bare = rest?.startsWith('data.') ? rest : key;
  const value = (typeof to === 'number' ? figure(to) : to).replace(/^\[(.+)\]$/, '$1');
  const words = parameter === volume ? ofVolume(flip, decision) : (flip.means ?? phraseOf(bare, value, flip));
  const tasks = new Set(decision.recommendation.assignments.map((one) => one.task));
  const whose = task === undefined || tasks.size === 1 ? '' : ` for ${task}`;
  if (words !== undefined) return `${words}${whose}`;
  const sign = typeof to !== 'number' ? 'is' : direction === 'down' ? 'falls below' : 'exceeds';
  return [parameter, sign, value, unit].filter((text) => text !== '').join(' ');
}

/** A growing volume is that of the first month; a job's is its total. */
function ofVolume({ to, from, direction }: Flip, decision: Decision): string {
  const reaches = direction === 'down' ? 'falls to' : 'reaches';
  if (decision.recommendation.totalCost !== null)
    return `the job ${reaches} ${roughly(inAll(Number(to), decision))} requests`;
  const now = typeof from === 'number' && from > 0 ? ` (${besideToday(Number(to), from)})` : '';
  return `${isGrowing(decision) ? "the first month's volume" : 'volume'} ${reaches} ${grouped(Number(to))} a day${now}`;
}

const figure = (value: number): string => (Number.isInteger(value) ? grouped(value) : decimal(value));

/** Inputs without effect, by method: whole decisions at the ends, or plans of the report alone. */
function unchanged({ recommendation: { noFlips } }: Decision): Document {
  const list = (isDecided: boolean): string =>
    noFlips
      .filter(({ decided }) => decided === isDecided)
      .map(lookedAt)
      .join('; ');
  const [decided, among] = [list(true), list(false)];
  return [
    ...(decided === '' ? [] : [indented(`No change for: ${decided}.`, 2, { tone: 'faint' })]),
    ...(among === ''
      ? []
      : [indented(`No change among the plans compared, not verified: ${among}.`, 2, { tone: 'faint' })]),
  ];
}

const lookedAt = ({ parameter, low, high, unit, words }: NoFlip): string =>
  low === null || high === null
    ? `${parameter} (${(words ?? []).join(', ')})`
    : `${parameter} ${end(low)} to ${end(high)}${unit === '' ? '' : ` ${unit}`}`;

/** An end of a range, exact if in the tables, rounded if derived. */
const end = (value: number): string => {
  const told = Number(value.toPrecision(5)) === value ? value : Number(value.toPrecision(3));
  return Number.isInteger(told) ? grouped(told) : String(told);
};
