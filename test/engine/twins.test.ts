import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admission } from '../../src/decide/admission.js';
import { type Assignment, planUsdAndPeople } from '../../src/decide/assignment.js';
import { capabilityScore } from '../../src/decide/capability-score.js';
import { simplestFirst } from '../../src/decide/simplest.js';
import { type Candidate, candidateCost } from '../../src/placements/candidate.js';
import type { Option } from '../../src/placements/option.js';
import type { Case } from '../../src/placements/placement.js';
import { placements } from '../../src/placements/registry.js';
import type { Twins } from '../../src/placements/twins.js';
import type { Slice } from '../../src/scenario/demand.js';
import { shippedTables } from '../load.js';
import { someOf } from './brute-force.js';
import { anyScenario } from './random-scenarios.js';
import { caseOf } from './scenario.js';

const outranks = (score: number, other: number) => score - other >= 0.01;

/** Twins of a kind within 1 % of the cheapest plan, of bills up to half as high again, passing over those that cannot be advised, or none. */
function twinsIn(of: Case, kind: (typeof placements)[number], passOver: boolean, seen: Candidate[]) {
  const { demand } = of;
  const slices = demand.slices.map((_, s) => s);
  const cheapest = Math.min(...seen.map((one) => candidateCost(one, slices, demand)).filter(Number.isFinite));
  if (!Number.isFinite(cheapest)) return null;
  const limit = cheapest * 1.5;
  const assignmentOf = (candidate: Candidate): Assignment => [{ candidate, slices }];
  const plan = (candidate: Candidate) => planUsdAndPeople(assignmentOf(candidate), demand);
  const usd = Math.min(...seen.map((one) => plan(one).usd).filter(Number.isFinite)) * 1.01;
  const scoreOf = (option: Option) =>
    Math.min(...demand.slices.map((slice: Slice) => capabilityScore(option, slice) ?? 0));
  const twinsOf: Twins = {
    slices,
    usd: limit,
    better: () => true,
    score: scoreOf,
    outranks,
    // What does not stand passes nobody over.
    stands: (candidate) => passOver && plan(candidate).usd <= usd,
  };
  const found = kind.candidates(of, admission(of, { cut: Number.POSITIVE_INFINITY, twinsOf }).search);
  const met = found.flatMap((candidate) => {
    const { usd: total, fte } = plan(candidate);
    const option = candidate.option();
    const simple = {
      usd: total,
      fte,
      deployments: 1,
      slices: 1,
      capability: () => scoreOf(option),
      id: () => option.id,
    };
    return total <= usd ? [simple] : [];
  });
  const [first] = simplestFirst(met);
  return { all: found.length, first: first?.id() ?? null };
}

test('who is passed over among twins would not have been advised', async () => {
  const tables = await shippedTables();
  let [all, left, picked] = [0, 0, 0];
  for (const [i, written] of fc.sample(anyScenario, { seed: 11, numRuns: 16 }).entries()) {
    const of = await caseOf(written, someOf(tables, 0.15, 500 + i));
    for (const kind of placements.filter(({ perToken }) => !perToken)) {
      const seen = kind.candidates(of, admission(of, { cut: Number.POSITIVE_INFINITY }).search);
      const whole = twinsIn(of, kind, false, seen);
      const passed = twinsIn(of, kind, true, seen);
      if (whole === null || passed === null) continue;
      expect(passed.first, `${of.demand.name} ${kind.kind}`).toBe(whole.first);
      all += whole.all;
      left += passed.all;
      if (whole.first !== null) picked++;
    }
  }
  expect(picked).toBeGreaterThan(10);
  expect(left).toBeLessThan(all / 2);
});
