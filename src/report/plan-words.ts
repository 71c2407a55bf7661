import type { AdjustedTerm } from '../core/adjusted.js';
import type { Decision, OptionReport, PlanOdds, Recommendation, TornadoRow } from '../decide/decision.js';
import { kindNames } from '../tables/column.js';
import type { Kind } from '../tables/columns.js';
import { ownSource } from '../tables/price-book/laid-rows.js';
import { type Document, facts, indented, paragraph } from './document.js';
import { addedUp, counted, decimal, grouped, money, percent, roughMoney, seconds, sureness } from './numbers.js';
import { padded, paddedLeft } from './printable.js';

/** An option in prose: `model, provider`. Its id is for `--detail` and JSON. */
const optionName = ({ names: { model, provider } }: OptionReport): string => `${model}, ${provider}`;

/** Deployment types of a plan. */
export const kindsText = (kinds: readonly Kind[]): string =>
  kinds.length === 0 ? 'nothing fits' : kinds.map((kind) => kindNames[kind]).join(' + ');

/** The same with its deployment type. */
export const placeName = (option: OptionReport): string => `${optionName(option)} (${kindNames[option.kind]})`;

export function findOption({ options }: Decision, id: string): OptionReport | undefined {
  return options.find((option) => option.id === id);
}

/** A plan in prose; one that the report lists nothing of is called by its label. */
export function planNameOr(decision: Decision, plan: string, label: string | null): string {
  const name = planName(decision, plan);
  return name === plan ? (label ?? plan) : name;
}

/**
 * A plan in prose: who serves which tasks, the one with most tasks last, without naming them. Ids are looked up whole,
 * as model names hold every separator; the id stands if a part, after its `task=`, is not an option of the report.
 */
export function planName(decision: Decision, plan: string): string {
  const single = findOption(decision, plan);
  if (single) return placeName(single);
  const tasksOf = new Map<OptionReport, string[]>();
  for (const part of plan.split(';')) {
    const equals = part.indexOf('=');
    const option = findOption(decision, part.slice(equals + 1));
    if (equals <= 0 || !option) return plan;
    tasksOf.set(option, [...(tasksOf.get(option) ?? []), part.slice(0, equals)]);
  }
  const groups = [...tasksOf].sort((a, b) => a[1].length - b[1].length);
  return groups
    .map(([option, tasks], index) => {
      const rest = index === groups.length - 1 && index > 0 && tasks.length > 1;
      return `${rest ? 'the rest' : tasks.map((name) => partOf(name, decision)).join(', ')} on ${optionName(option)}`;
    })
    .join('; ');
}

/** The part of a task by its name in a plan's id: `claims.rest` is `claims (rest)`. */
function partOf(name: string, { recommendation: { assignments } }: Decision): string {
  const task = assignments.find((one) => name.startsWith(`${one.task}.`))?.task;
  return task === undefined || assignments.some((one) => one.task === name)
    ? name
    : `${task} (${name.slice(task.length + 1)})`;
}

/** Stands behind a figure that a price book changed. */
type Mark = '†' | '';

const hashes = /, sha256 [0-9a-f]{64}/g;

/** The mark of figures with these sources. */
export const markOfSources = (sources: readonly string[]): Mark =>
  sources.some((source) => source.startsWith(ownSource)) ? '†' : '';

/** The mark of what an option costs. */
export const markOfOption = ({ costParts }: OptionReport): Mark =>
  markOfSources(costParts.flatMap(({ sources }) => sources));

/** The mark of plans' costs, by id; plans outside the report do not count. */
export const markOfPlans = (decision: Decision, ...plans: readonly (string | null)[]): Mark =>
  plans.some((plan) => optionsOf(decision, plan).some((option) => markOfOption(option) === '†')) ? '†' : '';

/** The mark of the recommended plan's cost parts that `takes` selects, by id. */
export const markOfParts = (decision: Decision, takes: (part: string) => boolean): Mark =>
  markOfSources(
    optionsOf(decision, decision.recommendation.plan)
      .flatMap(({ costParts }) => costParts)
      .filter(({ part }) => takes(part))
      .flatMap(({ sources }) => sources),
  );

/** What the mark means, where anything bears it. */
export function legend(decision: Decision): Document {
  const { priceBook } = decision.tables;
  const marked = decision.options.some((option) => markOfOption(option) === '†');
  return priceBook === null || !marked ? [] : [paragraph('†', `from ${priceBook.replaceAll(hashes, '')}`)];
}

/** Options of a plan: that of its id, or those of its parts `task=<option>`. */
function optionsOf(decision: Decision, plan: string | null): OptionReport[] {
  if (plan === null || decision.tables.priceBook === null) return [];
  const single = findOption(decision, plan);
  if (single) return [single];
  return plan.split(';').flatMap((part) => findOption(decision, part.slice(part.indexOf('=') + 1)) ?? []);
}

/** A text with a capital at its beginning. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The same with a full stop. */
export const sentence = (text: string): string => `${capital(text)}.`;

type WhyNot = NonNullable<Recommendation['whyNotCheaper']>;

/**
 * Why not the cheaper one: savings, extra costs of its risks, and what they are; amounts as labels.
 *
 * @param textAt columns where the text begins
 */
export function whyNotCheaper(decision: Decision, textAt: number): Document {
  const { whyNotCheaper: why } = decision.recommendation;
  if (why === null) return [];
  const { head, risks } = saidOf(why, decision);
  return [
    paragraph('  Why not', head, { indent: textAt }),
    ...risks.map(({ line, amount }) =>
      paragraph(signed(amount).padStart(textAt - 1), lineSentence(line, why, decision), { indent: textAt }),
    ),
  ];
}

/** Savings of a cheaper plan, and its risks with a rounded amount above 0. */
function saidOf(why: WhyNot, decision: Decision) {
  const { sum, amounts } = addedUp(why.lines.map(({ monthly }) => monthly));
  const saves = `${money(why.savesMonthly)}${markOfPlans(decision, why.plan)}`;
  const per = decision.recommendation.totalCost === null ? ' a month' : '';
  return {
    head: `the cheaper one: ${planNameOr(decision, why.plan, why.label)} costs ${saves} less${per}, but its risks count ${sum} more:`,
    risks: why.lines
      .map((line, i) => ({ line, amount: amounts[i] as string }))
      .filter(({ amount }) => !/^-?\$0(?:\.00)?$/.test(amount)),
  };
}

/** The same in a sentence, with so many risks. */
export function whyNotCheaperInShort(decision: Decision, most: number): string {
  const { whyNotCheaper: why } = decision.recommendation;
  if (why === null) return '';
  const { head, risks } = saidOf(why, decision);
  const { itsQuality, quality } = why.figures;
  const told = risks.map(({ line: { term, terms: names }, amount }) => {
    const is =
      term === 'upkeep' && itsQuality != null && quality != null
        ? ` (quality ${apart(itsQuality, quality).join(' instead of ')})`
        : '';
    return `${amount} ${nounsOf(names)}${is}`;
  });
  const left = told.length - most;
  return `${head} ${[...told.slice(0, most), ...(left > 0 ? [`and ${left} more`] : [])].join('; ')}.`;
}

const signed = (amount: string): string => (amount.startsWith('-') ? amount : `+${amount}`);

function lineSentence(
  { term, terms: names, monthly }: WhyNot['lines'][number],
  why: WhyNot,
  decision: Decision,
): string {
  const [only, ...others] = names;
  if (term === 'others' && others.length > 0) return `smaller ones: ${nounsOf(names)}`;
  return only === undefined ? '' : sentences[only](why.figures, monthly > 0, decision);
}

type Sentence = (figures: WhyNot['figures'], isMore: boolean, decision: Decision) => string;

const of = (figures: WhyNot['figures'], name: string): number => figures[name] ?? 0;

/** The subject of each term, of the cheaper plan against the advised one. */
const sentences: Readonly<Record<AdjustedTerm, Sentence>> = {
  redo: (figures) =>
    `good enough with a probability of ${sureness(of(figures, 'itsGoodEnough'))}, this one ${sureness(of(figures, 'goodEnough'))}: if not, ${count(of(figures, 'redoWeeks'), 'week')} of work and ${count(of(figures, 'redoMonths'), 'month')} of answers are lost`,
  upkeep: (figures, isMore) =>
    `quality ${apart(of(figures, 'itsQuality'), of(figures, 'quality')).join(' instead of ')}: ${isMore ? 'more' : 'less'} work on prompts, guards and evaluation`,
  failed: (_, isMore, { recommendation }) =>
    `${isMore ? 'more' : 'fewer'} failed answers, ${recommendation.failedAnswers?.monthlyCost === null ? 'which are asked again' : 'at what you say one costs'}`,
  wait: ({ itsTtftP95Ms = null, ttftP95Ms = null }, isMore, { recommendation: { assignments } }) => {
    if (itsTtftP95Ms === null || ttftP95Ms === null) return `a ${isMore ? 'later' : 'sooner'} first token`;
    const asked = assignments.find(({ ttftAskedBy }) => ttftAskedBy === 'user')?.ttftAskedMs ?? null;
    const target = asked === null ? '' : ` (you ask for ${seconds(asked)})`;
    return `answers start within ${seconds(itsTtftP95Ms)}*${target}, those of this one within ${seconds(ttftP95Ms)}*`;
  },
  notOwned: (_, isMore) => `${isMore ? 'leaves machines idle' : 'uses machines'} that you own`,
  atRisk: (figures, isMore) =>
    isMore
      ? `machines for ${money(of(figures, 'itsBoughtFor'))} are bought: part of that money is at risk`
      : 'less money for machines is at risk',
  places: (figures) =>
    `${grouped(of(figures, 'itsPlaces'))} places to run instead of ${grouped(of(figures, 'places'))}: keys, monitoring, another invoice`,
};

/** Two figures, with a decimal where they would read the same. */
function apart(one: number, other: number): string[] {
  const isAlike = grouped(one) === grouped(other);
  return [one, other].map((value) => (isAlike ? value.toFixed(1) : grouped(value)));
}

/** Each term in short, as a term of a plan alone, and the assumptions that price it. */
const terms: Readonly<Record<AdjustedTerm, { noun: string; alone?: string; by: string }>> = {
  redo: { noun: 'the odds that it is not good enough', by: 'redoWeeks, redoMonths' },
  upkeep: { noun: 'work on prompts', alone: 'prompts, guards and evaluation', by: 'upkeepUsdPerPoint' },
  failed: { noun: 'failed answers', by: 'preferences.failedAnswerCost, or else the cost of an answer' },
  wait: { noun: 'the wait for answers', alone: 'the wait for the first token', by: 'waitPerDoubling, targetMargin' },
  notOwned: { noun: 'machines left idle', alone: 'machines that you own and leave idle', by: 'ownedShare, ownedUsd' },
  atRisk: { noun: 'money for machines', alone: 'money for machines at risk', by: 'atRisk' },
  places: { noun: 'places to run', by: 'placeUsd' },
};

const nounsOf = (names: readonly AdjustedTerm[]): string => names.map((name) => terms[name].noun).join(', ');

const count = (value: number, noun: string): string => `${decimal(value)} ${noun}${value === 1 ? '' : 's'}`;

/** What the plan counts beyond its cost, and the assumptions that price it. */
export function adjustedCost({ recommendation: { adjusted, monthlyCost } }: Decision): Document {
  if (adjusted === null || monthlyCost === null) return [];
  const rows = (Object.keys(terms) as AdjustedTerm[]).flatMap((name) => {
    const { noun, alone = noun, by } = terms[name];
    return adjusted[name] === 0 ? [] : [{ name: money(adjusted[name]), value: `${alone} (${by})` }];
  });
  const sum = money(adjusted.total);
  return [
    indented(
      `What counts for this plan beside its cost, and the assumptions that price it; with these it comes to ${sum}, by which plans are compared:`,
      1,
      { hang: 0 },
    ),
    facts(rows),
  ];
}

const shownPlans = 8;
const shownInputs = 12;

/** Results of the simulations: by plan, by input, and rules that a range crosses. */
export function odds(decision: Decision): Document {
  const { uncertainty, tornado } = decision;
  if (uncertainty === null) return [indented('none was made (--point)', 1)];
  const { draws, inputs, ranges, seed, plans } = uncertainty;
  return [
    indented(
      `${counted(draws, 'simulation')} (seed ${seed}) of ${counted(inputs, 'input')}, ${ranges === 0 ? 'none' : ranges} of them a range of yours.`,
      1,
    ),
    indented('best in, $ a month (low, middle, high of the 90 % range), average above the best', 1),
    ...plans.slice(0, shownPlans).flatMap((plan) => planLines(plan, decision)),
    ...(tornado.length === 0
      ? []
      : [indented('what one input alone moves: $ a month between its 10th and 90th percentile', 1)]),
    ...tornado
      .filter(isFelt)
      .slice(0, shownInputs)
      .flatMap((row) => tornadoLines(row, decision)),
  ];
}

function planLines(
  { plan, label, probabilityBest, monthlyCostRange: range, regret, ...rest }: PlanOdds,
  decision: Decision,
): Document {
  const cost =
    range === null ? 'cannot run' : `${roughMoney(range.p5)} ${roughMoney(range.p50)} ${roughMoney(range.p95)}`;
  const notes = [
    rest.probabilityOverBudget ? `over budget in ${percent(rest.probabilityOverBudget)}` : '',
    rest.probabilityBelowFloor ? `not capable enough in ${percent(rest.probabilityBelowFloor)}` : '',
    rest.probabilityRuledOut ? `cannot run in ${percent(rest.probabilityRuledOut)}` : '',
  ].filter((note) => note !== '');
  return [
    indented(
      `${padded(percent(probabilityBest), 6)} ${padded(cost, 20)} ${paddedLeft(regret === null ? '' : roughMoney(regret), 7)}  ${planNameOr(decision, plan, label)}`,
      2,
      { hang: 37 },
    ),
    ...(notes.length === 0 ? [] : [indented(notes.join(', '), 9, { tone: 'faint', hang: 0 })]),
  ];
}

/** Whether the text would say more than the same figure twice. */
const isFelt = ({ costAtLow, costAtHigh, flips }: TornadoRow): boolean =>
  flips || costAtLow === null || costAtHigh === null || roughMoney(costAtLow) !== roughMoney(costAtHigh);

function tornadoLines(row: TornadoRow, decision: Decision): Document {
  const { parameter, low, high, unit, costAtLow, costAtHigh, flips, becomes } = row;
  const usd = (cost: number | null) => (cost === null ? 'cannot run' : roughMoney(cost));
  const note = flips && becomes !== null ? `: then ${planNameOr(decision, becomes, null)} is best` : '';
  return [
    indented(
      `${padded(`${usd(costAtLow)} to ${usd(costAtHigh)}`, 18)} ${parameter} ${figure(low)} to ${figure(high)}${unit === '' ? '' : ` ${unit}`}${note}`,
      2,
      { hang: 19 },
    ),
  ];
}

/** Three digits below 1: growth of 2.8 % differs from 3.2 %. */
const fine = (value: number): string => (Math.abs(value) < 1 ? String(Number(value.toPrecision(3))) : decimal(value));
const figure = (value: number): string => fine(Number(value.toPrecision(3)));

/** A part of a task, or all of it. */
export const partName = (task: string, part: string): string => (part === 'all' ? task : `${task} (${part})`);

/** Behind an amount: it is of a month, or of a job as a whole. */
export const per = ({ scenario: { given } }: Pick<Decision, 'scenario'>): string =>
  given.some(({ path, value }) => path === 'workload.once' && value === 'true') ? '' : ' a month';
