import { leadTimeWeeks } from '../places/fleet-numbers.js';
import { type ProseNames, proseNames } from '../places/option.js';
import type { TuningRow } from '../tables/columns.js';
import { learnsFromExamples, leavesRegions, trainingUsdPerMTok, tuningOf } from '../tables/service-tiers.js';
import { fixedWords, isAtMost, usdWords, weeksWords, wordsBeside } from '../units/numeric.js';
import type { TaskPart } from '../workload/workload.js';
import { condition, failed, type Gate, type PlanGate, passed, unknown, untunedTurn, type Verdict } from './rule.js';

const need = 'serves a model tuned for the purpose';

/**
 * A tuned model is a set of own weights: any machine loads them, an API serves them by the tables of tuning for its
 * provider and model. The unknown is a to-do.
 */
export const fineTuning: Gate = {
  id: 'fine-tuning',
  level: 'model',
  asks: ({ needs }) => needs.fineTuning,
  check(option, taskPart, { tables }) {
    if (!taskPart.needs.fineTuning || option.license !== 'hosted') return passed;
    const { provider, model } = proseNames(option, tables);
    if (option.provisioned !== null)
      return unknown(() => ({
        need,
        reason: `ask ${provider} whether provisioned throughput serves a tuned ${model}`,
      }));
    const row = tuningOf(option, taskPart.needs.residency, tables);
    if (row === null) return toDo([`confirm that ${provider} serves a tuned ${model}, and at what price`]);
    const why = reasonAgainst(row, taskPart);
    if (why !== null)
      return failed(() => ({
        need,
        have: 'no tuned model by the token',
        reason: `${provider} ${why(model)} (tuning.csv, as of ${row.asOf})`,
        turnsAt: untunedTurn(taskPart),
      }));
    const todos = toConfirm(row, taskPart, { provider, model });
    return todos.length === 0 ? passed : toDo(todos);
  },
};

const toDo = (todos: readonly string[]): Verdict =>
  condition(() => ({ need, have: 'as far as the tables say', todos }));

/** What a provider does, by the tables, that excludes a tuned model by the token; null: nothing. */
function reasonAgainst(row: TuningRow, { needs: { residency } }: TaskPart): ((model: string) => string) | null {
  const { offered, ends, servingMode, servingHourlyUsdHigh } = row;
  if (offered === 'closing')
    return () => `takes no new customers for tuned models${ends === null ? '' : `, and trains none after ${ends}`}`;
  if (offered === 'deprecated') return () => 'no longer supports its service of tuned models';
  if (offered === 'no' && servingMode !== 'serverless_lora') return (model) => `serves no tuned ${model}`;
  if (servingMode === 'dedicated_hourly')
    return (model) => `serves a tuned ${model} on machines by the hour, not by the token`;
  if (servingMode === 'hourly_plus_tokens' && servingHourlyUsdHigh === null)
    return (model) => `serves a tuned ${model} at a price by the hour that is not in the tables`;
  if (leavesRegions(row, residency))
    return (model) => `trains and keeps a tuned ${model} outside ${residency.join(', ')}`;
  return null;
}

/** What has to be confirmed where the tables say too little, or on weak grounds. */
function toConfirm(
  row: TuningRow,
  { needs: { residency }, tuningUsd }: TaskPart,
  { provider, model }: Pick<ProseNames, 'provider' | 'model'>,
): string[] {
  const { offered, methods, servingMode, dataInRegion, confidence, asOf } = row;
  const { servingInputUsdPerMTok: input, servingOutputUsdPerMTok: output } = row;
  if (offered === 'no')
    return [
      `tune ${model} elsewhere, and confirm that ${provider} serves the adapter and at what price: it trains none itself`,
    ];
  const isByExample = learnsFromExamples(row);
  const doubt = isByExample ? `the source of ${asOf} is weak` : `the tables know of ${methods.join(', ')} alone`;
  return [
    ...(confidence === 'low' || servingMode === null || !isByExample
      ? [`confirm that ${provider} tunes ${model} to examples and serves it by the token: ${doubt}`]
      : []),
    ...(trainingUsdPerMTok(row) === null && tuningUsd === undefined
      ? [
          `ask ${provider} what training ${model} costs: the tables do not know, so the bill has the highest price that they know of any`,
        ]
      : []),
    ...((servingMode === 'uplift' || input !== null || output !== null) && (input === null || output === null)
      ? [`ask ${provider} what a tuned ${model} costs by the token: it is billed like its base here`]
      : []),
    ...(residency.length > 0 && dataInRegion !== 'yes' && dataInRegion !== 'us_only'
      ? [`have ${provider} train and keep the tuned ${model} in ${residency.join(', ')}`]
      : []),
  ];
}

/** Whole dollars as they were written: without cents. */
const wholeUsdWords = (usd: number, places: number | null = null): string =>
  usdWords(usd, Number.isInteger(usd) ? 0 : places);

/** Cash stays within the budget: of the peak month, and before the start. People count if they cost extra. */
export const budget: PlanGate = {
  id: 'budget',
  check(totals, { once, rules: { budgetMonthlyUsd, budgetUpfrontUsd } }) {
    if (budgetMonthlyUsd === null && budgetUpfrontUsd === null) return passed;
    const over = [
      {
        limit: budgetMonthlyUsd,
        usd: totals.peakMonthCashUsd,
        what: once ? 'in cash' : 'a month in cash',
        path: 'budget.monthly',
      },
      { limit: budgetUpfrontUsd, usd: totals.upfrontUsd, what: 'up front', path: 'budget.upfront' },
    ].flatMap(({ limit, ...one }) => (limit === null || isAtMost(one.usd, limit) ? [] : [{ limit, ...one }]));
    const [first, ...others] = over;
    if (first === undefined) return passed;
    return failed(() => {
      const told = over.map(({ limit, usd, what }) => {
        const [have, most] = wordsBeside(limit, usd, wholeUsdWords);
        return { have, what, need: `at most ${most} ${what}`, reason: `${have} ${what} against a budget of ${most}` };
      });
      return {
        need: told.map(({ need }) => need).join(', '),
        have: told.map(({ have, what }) => (others.length > 0 ? `${have} ${what}` : have)).join(', '),
        reason: told.map(({ reason }) => reason).join('; '),
        // Where both are missed, no one field lets it pass.
        turnsAt: others.length > 0 ? null : { path: first.path, value: Math.ceil(first.usd) },
        figures: { have: first.usd, need: first.limit, ...Object.fromEntries(others.flatMap(figuresOf)) },
      };
    });
  },
};

const figuresOf = ({ usd, limit }: { usd: number; limit: number }): [string, number][] => [
  ['haveUpfront', usd],
  ['needUpfront', limit],
];

/** It can be had by the day it must run. */
export const launch: Gate = {
  id: 'launch',
  level: 'provider',
  asks: (_, { workload }) => workload.team.launchWithinWeeks !== null,
  check(option, _taskPart, context) {
    const within = context.workload.team.launchWithinWeeks;
    if (within === null) return passed;
    const need = `runs within ${weeksWords(within)}`;
    const weeks = leadTimeWeeks(option, context);
    if (weeks === null)
      return unknown(() => ({ need, reason: `ask ${option.provider || option.kind} how long it takes until it runs` }));
    if (isAtMost(weeks, within)) return passed;
    return failed(() => {
      const [takes, most] = wordsBeside(within, weeks, weeksWords);
      return {
        need: `runs within ${most}`,
        have: takes,
        reason: `it takes ${takes} until it runs`,
        turnsAt: { path: 'team.launchWithin', value: weeks },
        figures: { have: weeks, need: within },
      };
    });
  },
};

/** With one place, below a tenth with two. */
const fteWords = (fte: number, places = fte > 0 && fte < 0.1 ? 2 : 1): string => fixedWords(places)(fte);

/** The available people can run it; only for a given team that may not hire. */
export const team: PlanGate = {
  id: 'team',
  check({ fteNeeded }, { team }) {
    if (!team.given || team.mayHire || isAtMost(fteNeeded, team.freeFte)) return passed;
    return failed(() => {
      const [need, have] = wordsBeside(team.freeFte, fteNeeded, fteWords);
      return {
        need: `${need} FTE`,
        have: `${have} FTE free`,
        reason: `needs ${need} FTE, ${have} are free`,
        turnsAt: { path: 'team.free', value: fteNeeded },
        figures: { need: fteNeeded, have: team.freeFte },
      };
    });
  },
};

/** Owned machines serve one place: they are not divided between places. */
export const ownedOnce: PlanGate = {
  id: 'owned-once',
  check({ owned }) {
    const twice = owned.find((accelerator, at) => owned.indexOf(accelerator) < at);
    if (twice === undefined) return passed;
    return failed(() => ({
      need: `${twice} for two places`,
      have: 'what is owned serves one',
      reason: `two of its places count on the same ${twice} that are owned`,
    }));
  },
};
