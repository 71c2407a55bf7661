import { createHash } from 'node:crypto';

const pick = (from, ...keys) => Object.fromEntries(keys.map((key) => [key, from[key] ?? null]));
const each = (rows, ...keys) => (rows ?? []).map((row) => pick(row, ...keys));

/**
 * What two engines are compared by, of a decision: one key for each section of `compare.mjs`. `whole` is a hash of the
 * decision itself but for the name of the tool.
 */
export function digestOf({ tool: _, ...decision }) {
  const { recommendation: advice, considered } = decision;
  return {
    plan: pick(advice, 'status', 'plan', 'monthlyCost', 'upfrontCost', 'fteNeeded'),
    bill: pick(
      advice,
      ...['shape', 'kinds', 'label', 'firstMonthCost', 'peakMonthCost', 'cashExtra', 'savingsOverToday', 'payback'],
      ...['costPerRequest', 'costPerMillionTokens', 'scores', 'assignments', 'costParts', 'routes'],
    ),
    cheapest: pick(advice, 'cheapest', 'premium'),
    runnerUp: advice.margin,
    odds: pick(advice, 'monthlyCostRange', 'probabilityBest', 'probabilityOverBudget', 'regret'),
    kinds: each(decision.scorecard, 'kind', 'feasible', 'monthlyCost', 'option', 'scores', 'verdict'),
    counts: pick(considered, 'total', 'feasible', 'rejectedBy'),
    gap: considered.gap,
    pareto: decision.pareto,
    options: (decision.options ?? []).map((row) => ({
      ...pick(row, 'id', 'feasible', 'monthlyCost', 'upfrontCost', 'verdict', 'unpriced'),
      failedGates: each(row.failedGates, 'gate', 'task', 'need', 'have'),
      ...pick(row, 'capability', 'ttftP95Ms', 'tokensPerSecond', 'replicas', 'utilization', 'fte'),
    })),
    nearMisses: decision.nearestMisses,
    reasons: advice.reasons,
    conditions: advice.conditions,
    flips: advice.flips,
    noFlips: advice.noFlips,
    crossings: decision.breakEven,
    ladder: pick(decision, 'ladder', 'ladderAlternates'),
    levers: each(
      decision.levers,
      ...['id', 'applies', 'reason', 'alreadyIn', 'savesNow', 'change', 'monthlyCost', 'saves', 'extraCost', 'plan'],
      ...['latency', 'comparison'],
    ),
    warnings: each(decision.warnings, 'code', 'message'),
    guides: each(decision.guides, 'id', 'verdict', 'shape', 'agrees', 'points'),
    criteria: each(
      decision.criteria,
      ...['kind', 'feasible', 'plan', 'startWeeks', 'costSmall', 'costLarge', 'quality', 'boundary', 'ttftP95Ms'],
    ),
    playbook: decision.playbook,
    checklist: decision.checklist,
    timeline: decision.timeline,
    tornado: decision.tornado,
    uncertainty: decision.uncertainty,
    assumed: decision.scenario.assumed,
    basis: each(decision.basis, 'table', 'row', 'figure', 'value', 'unit', 'plans'),
    whole: sha256(JSON.stringify(decision)),
  };
}

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');
