import { type Infer, numberOrNull, object, oneOf, text } from '../../decide/json-schema.js';
import { planKey } from '../../decide/plan.js';
import type { Kind } from '../../tables/columns.js';
import { allBeside, isAtLeast, isAtMost, percentWords, usdWords, wordsBeside } from '../../units/numeric.js';
import type { Problem } from '../../units/problem.js';
import type { Scenario } from '../../workload/schema.js';
import type { Step } from '../compare/comparison.js';
import type { Decided } from '../compare/read-result.js';
import type { Rule } from './rules.js';

/** A verdict with where it points in the scenario, as it is published. */
export const verdictKeys = {
  rule: text('The rule as written, or the path of the expectation.'),
  code: text('Stable id: `expect.kinds`, `fail-on.cost`.'),
  state: oneOf('`unknown`: it cannot be told, which never passes. `skipped`: there is nothing to compare with.', [
    'passed',
    'failed',
    'unknown',
    'skipped',
  ]),
  message: text('Why.'),
  path: text('Path in the scenario that it is about.'),
  file: text('File it points at.'),
  line: numberOrNull('Line in it, from 1.'),
  column: numberOrNull('Column in it, from 1.'),
};
export const placedVerdict = object(null, verdictKeys);

/** The result of one requested check, with the place in the scenario that it is about, a path. */
export type Verdict = Pick<Infer<typeof placedVerdict>, 'rule' | 'code' | 'state' | 'message'> & {
  path: readonly string[];
};

/** Whether a verdict keeps a scenario from passing. */
export const isFailed = ({ state }: Pick<Verdict, 'state'>): boolean => state === 'failed' || state === 'unknown';

type Expectation = NonNullable<Scenario['expect']>;

const verdict = (
  rule: string,
  code: string,
  passed: boolean | Verdict['state'],
  message: string,
  path: readonly string[],
): Verdict => ({
  rule,
  code,
  state: typeof passed === 'string' ? passed : passed ? 'passed' : 'failed',
  message,
  path,
});

/** Every entry of an `expect` block against the decision. */
export function expectVerdicts(expected: Expectation | undefined, { recommendation }: Decided): Verdict[] {
  const { kinds, maxMonthlyCost, plan, shape } = expected ?? {};
  const about = <T>(key: string, wanted: T | undefined, judge: (wanted: T) => [boolean, string]): Verdict[] => {
    const rule = `expect.${key}`;
    return wanted === undefined ? [] : [verdict(rule, rule, ...judge(wanted), ['expect', key])];
  };
  const cost = recommendation.monthlyCost;
  return [
    ...about('kinds', kinds, (wanted) => [
      sameKinds(wanted, recommendation.kinds),
      `${listed(wanted)} expected, ${listed(recommendation.kinds)} advised`,
    ]),
    ...about('maxMonthlyCost', maxMonthlyCost, (wanted) => {
      if (cost === null) return [false, `at most ${usdWords(wanted)} expected, nothing fits`];
      const [actual, most] = wordsBeside(wanted, cost, usdWords);
      return [isAtMost(cost, wanted), `at most ${most} expected, ${actual} ${per(recommendation)}`];
    }),
    ...about('plan', plan, (wanted) => [
      isSamePlan(wanted, recommendation),
      `${wanted} expected, ${recommendation.plan ?? 'nothing fits'}`,
    ]),
    ...about('shape', shape, (wanted) => [
      wanted === recommendation.shape,
      `${wanted} expected, ${recommendation.shape ?? 'nothing fits'}`,
    ]),
  ];
}

const sameKinds = (a: readonly Kind[], b: readonly Kind[]): boolean =>
  a.every((kind) => b.includes(kind)) && b.every((kind) => a.includes(kind));

/** One option for everything is its id; written task by task it is the same plan. */
function isSamePlan(expected: string, { plan, assignments }: Decided['recommendation']): boolean {
  if (plan === null) return false;
  const byTask = new Set(assignments.map(({ task }) => `${task}=${plan}`));
  return [plan, [...byTask].join(';')].some((id) => planKey(id) === planKey(expected));
}

const listed = (kinds: readonly string[]): string => (kinds.length === 0 ? 'nothing that fits' : kinds.join(' + '));

/** That nothing fits is what the scenario expects. */
export const expectsNothing = (expected: Expectation | undefined): boolean => expected?.kinds?.length === 0;

/** A change of advice that the scenario's `expect` names, and did not name before. */
export function approves(expected: Expectation | undefined, before: Decided, after: Decided): boolean {
  if (expected === undefined || (expected.kinds === undefined && expected.plan === undefined)) return false;
  const meets = ({ recommendation }: Decided): boolean =>
    (expected.kinds === undefined || sameKinds(expected.kinds, recommendation.kinds)) &&
    (expected.plan === undefined || isSamePlan(expected.plan, recommendation));
  return meets(after) && !meets(before);
}

/** The subject of a rule. */
export type Subject = {
  now: Decided;
  before: Decided | null;
  /** From `before` to `now`. */
  step: Step | null;
  /** The advice changed and the scenario's `expect` says so. */
  approved: boolean;
  /** That nothing fits is what the scenario's `expect` says. */
  nothingExpected?: boolean;
  /** Why its earlier state is unknown; default: it was new. */
  untold?: string | null;
  /** What reading it found. */
  problems: readonly Problem[];
};

/** A rule without a decision to check. */
export const unanswered = (rule: Rule, message: string): Verdict =>
  verdict(rule.text, `fail-on.${rule.is}`, 'unknown', message, []);

/** Rules on a plan. */
const ofPlans: ReadonlySet<Rule['is']> = new Set(['cost', 'margin', 'probability', 'infeasible']);

/** A rule of `--fail-on` for the decision and, where needed, the baseline. */
export function ruleVerdict(rule: Rule, subject: Subject): Verdict {
  const { now, before, step, approved, nothingExpected = false, untold = null, problems } = subject;
  const { recommendation, tables, warnings } = now;
  const said = (passed: boolean | Verdict['state'], message: string): Verdict =>
    verdict(rule.text, `fail-on.${rule.is}`, passed, message, []);
  const alone = (): Verdict =>
    untold === null
      ? said('skipped', 'no baseline to compare with')
      : said('unknown', `what it was cannot be told: ${untold}`);
  const cost = recommendation.monthlyCost;
  if (nothingExpected && recommendation.status === 'infeasible' && ofPlans.has(rule.is))
    return said('skipped', 'nothing fits, as expect says');
  switch (rule.is) {
    case 'flip': {
      if (step === null) return alone();
      if (step.advice.change !== 'flip') return said(true, 'every task runs on the same deployment type as before');
      const moved = step.advice.tasks.map(
        ({ task, before: from, after: to }) => `${task}: ${listed(from)} -> ${listed(to)}`,
      );
      const message = `the advice changed: ${moved.join('; ')}`;
      return said(approved, approved ? `${message}, as expect says` : message);
    }
    case 'cost': {
      if (rule.beyond === 'nothing') {
        if (cost === null) return said('unknown', 'nothing fits, so there is no cost');
        return said(isAtMost(cost, rule.above), costWords(cost, rule.above, per(recommendation)));
      }
      if (before === null) return alone();
      const old = before.recommendation.monthlyCost;
      if (cost === null || old === null)
        return said(
          old === null && cost !== null ? 'skipped' : 'unknown',
          `nothing fits ${cost === null ? 'now' : 'before'}, so there is no cost to compare`,
        );
      const limit = rule.beyond === 'amount' ? old + rule.above : old * (1 + rule.above);
      const [was, is, most] = allBeside([old, cost, limit], limit, usdWords);
      return said(isAtMost(cost, limit), `${was} -> ${is} ${per(recommendation)}, limit ${most}`);
    }
    case 'margin': {
      const { margin } = recommendation;
      if (margin === null)
        return said(cost === null ? 'unknown' : true, cost === null ? 'nothing fits' : 'no plan of other kinds fits');
      const { percent, runnerUp } = margin;
      const [more] = wordsBeside(rule.below * 100, percent, percentWords);
      const costs = percent < 0 ? `${percentWords(-percent)} less` : `${more} more`;
      return said(isAtLeast(percent / 100, rule.below), `the closest alternative costs ${costs}: ${runnerUp}`);
    }
    case 'probability': {
      const { probabilityBest } = recommendation;
      if (probabilityBest === null) return said('unknown', cost === null ? 'nothing fits' : 'nothing was drawn');
      const [often] = wordsBeside(rule.below * 100, probabilityBest * 100, percentWords);
      return said(isAtLeast(probabilityBest, rule.below), `best in ${often} of the simulations`);
    }
    case 'stale':
      return said(
        tables.ageDays <= rule.days,
        `prices of ${tables.snapshot} are ${tables.ageDays < 0 ? `${-tables.ageDays} days ahead of` : `${tables.ageDays} days old on`} ${tables.asOf}`,
      );
    case 'infeasible':
      return said(
        recommendation.status !== 'infeasible',
        recommendation.status === 'infeasible' ? 'nothing satisfies the hard rules' : 'a plan fits',
      );
    case 'warning': {
      const found = [...problems.filter(({ severity }) => severity === 'warning'), ...warnings];
      const message = found.map((one) => `${one.code}: ${one.message}`).join('; ');
      return said(found.length === 0, found.length === 0 ? 'no warnings' : message);
    }
  }
}

/** The period or job that a cost covers. */
const per = ({ totalCost }: Decided['recommendation']): string => (totalCost === null ? 'a month' : 'in all');

function costWords(usd: number, limitUsd: number, period: string): string {
  const [cost, limit] = wordsBeside(limitUsd, usd, usdWords);
  return `${cost} ${period}, limit ${limit}`;
}
