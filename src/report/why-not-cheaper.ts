import type { AdjustedTerm } from '../core/adjusted.js';
import type { Decision, Recommendation } from '../decide/decision.js';
import { type Document, facts, indented, paragraph } from './document.js';
import { addedUp, decimal, grouped, money, seconds, sureness } from './numbers.js';
import { markOfPlans, planNameOr } from './plan-names.js';

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
