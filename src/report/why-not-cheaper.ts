import type { AdjustedTerm } from '../core/adjusted.js';
import type { Decision, Recommendation } from '../decide/decision.js';
import { type Document, facts, indented, paragraph } from './document.js';
import { addedUp, decimal, grouped, money, seconds, sureness } from './numbers.js';
import { markOfPlans, planNameOr } from './plan-names.js';

type WhyNot = NonNullable<Recommendation['whyNotCheaper']>;

/**
 * Why not the cheaper one: what it saves, what its risks count more, and what they are. Amounts stand where labels do.
 *
 * @param textAt columns where the text begins
 */
export function whyNotCheaper(decision: Decision, textAt: number): Document {
  const { whyNotCheaper: why, totalCost } = decision.recommendation;
  if (why === null) return [];
  const { sum, amounts } = addedUp(why.lines.map(({ monthly }) => monthly));
  const mark = markOfPlans(decision, why.plan);
  const per = totalCost === null ? ' a month' : '';
  const name = planNameOr(decision, why.plan, why.label);
  const head = `the cheaper one: ${name} costs ${money(why.savesMonthly)}${mark} less${per}, but its risks count ${sum} more:`;
  return [
    paragraph('  Why not', head, { indent: textAt }),
    ...why.lines.flatMap((line, i) => {
      const amount = signed(amounts[i] as string);
      return nothing.test(amount)
        ? []
        : [paragraph(amount.padStart(textAt - 1), sentence(line, why, decision), { indent: textAt })];
    }),
  ];
}

/** The same in a sentence, with so many risks. */
export function whyNotCheaperInShort(decision: Decision, most: number): string {
  const { whyNotCheaper: why, totalCost } = decision.recommendation;
  if (why === null) return '';
  const { sum, amounts } = addedUp(why.lines.map(({ monthly }) => monthly));
  const mark = markOfPlans(decision, why.plan);
  const per = totalCost === null ? ' a month' : '';
  const name = planNameOr(decision, why.plan, why.label);
  const risks = why.lines.flatMap(({ term, terms }, i) => {
    const amount = amounts[i] as string;
    const { itsQuality, quality } = why.figures;
    const is =
      term === 'upkeep' && itsQuality != null && quality != null
        ? ` (quality ${apart(itsQuality, quality).join(' instead of ')})`
        : '';
    return nothing.test(signed(amount)) ? [] : `${amount} ${terms.map((one) => nouns[one]).join(', ')}${is}`;
  });
  return `the cheaper one: ${name} costs ${money(why.savesMonthly)}${mark} less${per}, but its risks count ${sum} more: ${[...risks.slice(0, most), ...(risks.length > most ? [`and ${risks.length - most} more`] : [])].join('; ')}.`;
}

const signed = (amount: string): string => (amount.startsWith('-') ? amount : `+${amount}`);
/** An amount of which nothing is left when it is rounded. */
const nothing = /^[+-]\$0(?:\.00)?$/;

function sentence({ term, terms, monthly }: WhyNot['lines'][number], why: WhyNot, decision: Decision): string {
  const [only, ...others] = terms;
  if (term === 'others' && others.length > 0) return `smaller ones: ${terms.map((one) => nouns[one]).join(', ')}`;
  return only === undefined ? '' : sentences[only](why.figures, monthly > 0, decision);
}

type Sentence = (figures: WhyNot['figures'], isMore: boolean, decision: Decision) => string;

const of = (figures: WhyNot['figures'], name: string): number => figures[name] ?? 0;

/** What each term is about, of the cheaper plan beside the one advised. */
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

/** Two figures, with a decimal where they would read alike. */
function apart(one: number, other: number): string[] {
  const isAlike = grouped(one) === grouped(other);
  return [one, other].map((value) => (isAlike ? value.toFixed(1) : grouped(value)));
}

const nouns: Readonly<Record<AdjustedTerm, string>> = {
  redo: 'the odds that it is not good enough',
  upkeep: 'work on prompts',
  failed: 'failed answers',
  wait: 'the wait for answers',
  notOwned: 'machines left idle',
  atRisk: 'money for machines',
  places: 'places to run',
};

const count = (value: number, noun: string): string => `${decimal(value)} ${noun}${value === 1 ? '' : 's'}`;

/** What the plan counts beyond its cost, and the assumptions that price it. */
export function adjustedCost({ recommendation: { adjusted, monthlyCost } }: Decision): Document {
  if (adjusted === null || monthlyCost === null) return [];
  const terms = Object.keys(priceOf) as AdjustedTerm[];
  const rows = terms.flatMap((term) =>
    adjusted[term] === 0 ? [] : [{ name: money(adjusted[term]), value: `${whatIs[term]} (${priceOf[term]})` }],
  );
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

const whatIs: Readonly<Record<AdjustedTerm, string>> = {
  redo: 'the odds that it is not good enough',
  upkeep: 'prompts, guards and evaluation',
  failed: 'failed answers',
  wait: 'the wait for the first token',
  notOwned: 'machines that you own and leave idle',
  atRisk: 'money for machines at risk',
  places: 'places to run',
};

const priceOf: Readonly<Record<AdjustedTerm, string>> = {
  redo: 'redoWeeks, redoMonths',
  upkeep: 'upkeepUsdPerPoint',
  failed: 'preferences.failedAnswerCost, or else the cost of an answer',
  wait: 'waitPerDoubling, targetMargin',
  notOwned: 'ownedShare, ownedUsd',
  atRisk: 'atRisk',
  places: 'placeUsd',
};
