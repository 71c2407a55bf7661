import { beforeAll, describe, expect, test } from 'vitest';
import { admission } from '../../src/decide/admission.js';
import { type Assignment, planUsd } from '../../src/decide/assignment.js';
import { capabilityScore } from '../../src/decide/capability-score.js';
import { findOption } from '../../src/decide/find-option.js';
import { bestOfEquals } from '../../src/decide/near-equals.js';
import type { Found, SearchRule } from '../../src/decide/search.js';
import type { Candidate } from '../../src/placements/candidate.js';
import type { Option } from '../../src/placements/option.js';
import type { Case } from '../../src/placements/placement.js';
import { placementOf } from '../../src/placements/registry.js';
import type { Slice } from '../../src/scenario/demand.js';
import type { Kind } from '../../src/tables/rows.js';
import { shipped } from '../load.js';
import { fewRows } from './few-rows.js';
import { caseOf, tablesWith } from './scenario.js';
import { another, closed, open, twoPrices } from './two-prices.js';

/** Which of plans that cost about the same is advised: their costs, people and models are what a test says. */

let of: Case;
beforeAll(async () => {
  const tables = twoPrices((await shipped()).tables, { closed: [1, 1], open: [1, 1], another: [1, 1] });
  const tasks = ['faq', 'mail'].map((name) => ({ name, type: 'faq-chat', share: '50%', capability: { minIndex: 50 } }));
  of = await caseOf({ workload: { volume: 1000 }, tasks }, tables);
});

/** In 50 points a need: 50.7, 53.4 and 60.0 of them. */
const [weak, middle, strong] = [`cloud-api/${closed}`, `open-model-api/${open}`, `cloud-api/${another}`];

function on(model: string, usd: number, { fte = 0, kind = 'cloud-api' as Kind, id = model } = {}): Candidate {
  const option = { ...(findOption(model, of) as Option), id };
  const role = fte === 0 ? null : { name: `hands of ${id} ${fte}`, fte: fte + 0.25 };
  return {
    kind,
    provider: 'one',
    // Integrating an API is what any plan takes at least.
    staff: { api: true, fleet: false, gpusPerUnit: 0, role, setup: 'setupEffortCloudApi' },
    owns: null,
    linear: Float64Array.of(usd / 2, usd / 2),
    fleet: null,
    fixed: 0,
    option: () => option,
  };
}
const whole = (candidate: Candidate): Assignment => [{ candidate, slices: [0, 1] }];
const split = (one: Candidate, other: Candidate): Assignment => [
  { candidate: one, slices: [0] },
  { candidate: other, slices: [1] },
];
const found = (assignment: Assignment, usd: number): Found => ({ assignment, usd, kinds: '' });

/** Ids of the options advised, the first of the plans being the cheapest. */
function advised(
  near: readonly Found[],
  { allows = (_: Assignment): boolean => true, limit = 105, twins = [] as Candidate[], in: here = of } = {},
): string {
  const rule = { allows } as SearchRule;
  const result = { best: near[0] ?? null, ofKinds: [], near: [...near], bounds: 0, gap: 0 };
  const chosen = bestOfEquals(result, new Map([['cloud-api', twins]]), here, rule, limit);
  return (chosen ?? []).map(({ candidate }) => candidate.option().id).join('; ');
}

describe('of plans that cost about the same', () => {
  test('the one with the fewest people, then with the fewest places, then the most capable, then the cheapest', () => {
    const people = found(whole(on(strong, 100, { fte: 0.2 })), 100);
    const two = found(split(on(middle, 101), on(strong, 101)), 101);
    const less = found(whole(on(weak, 102)), 102);
    const more = found(whole(on(middle, 103)), 103);
    const dearer = found(whole(on(middle, 104, { id: 'dearer' })), 104);
    for (const all of [
      [people, two, less, dearer, more],
      [people, more, dearer, less, two],
    ]) {
      expect(advised(all)).toBe(middle);
      expect(advised(all.filter((one) => one !== more))).toBe('dearer');
      expect(advised(all.filter((one) => one !== more && one !== dearer))).toBe(weak);
      expect(advised([people, two])).toBe(`${middle}; ${strong}`);
    }
    expect(advised([people])).toBe(strong);
    expect(advised([])).toBe('');
  });

  test('scores that differ by less than a hundredth of a point are one, and the cheaper is advised', () => {
    const low = 36;
    const capability = { need: low, low, high: low, text: '' };
    const easy = of.demand.slices.map((slice) => ({ ...slice, needs: { ...slice.needs, capability } }));
    const sure = { ...of, demand: { ...of.demand, slices: easy } };
    const score = (id: string) => capabilityScore(findOption(id, of) as Option, easy[0] as Slice) ?? 0;
    expect(score(strong)).toBeGreaterThan(score(middle));
    expect(score(strong) - score(middle)).toBeLessThan(0.01);
    const [first, second] = [found(whole(on(middle, 100)), 100), found(whole(on(strong, 101)), 101)];
    expect(advised([first, second], { in: sure })).toBe(middle);
    expect(advised([second, first], { in: sure })).toBe(middle);
    // Where more is needed, one is more capable by far; of two tasks the one that needs more counts.
    expect(advised([first, second])).toBe(strong);
    const [faq, mail] = [easy[0] as Slice, of.demand.slices[1] as Slice];
    for (const slices of [
      [faq, mail],
      [mail, faq],
    ])
      expect(advised([first, second], { in: { ...of, demand: { ...of.demand, slices } } })).toBe(strong);
  });

  test('a plan is as capable as the least of its models', () => {
    const [first, second] = [
      found(split(on(strong, 100), on(weak, 100)), 100),
      found(split(on(middle, 101), on(middle, 101, { id: 'same' })), 101),
    ];
    expect(advised([first, second])).toBe(`${middle}; same`);
  });

  test('of those that are alike in all the first by name', () => {
    const [b, a] = ['b', 'a'].map((id) => found(whole(on(middle, 100, { id })), 100)) as [Found, Found];
    expect(advised([b, a])).toBe('a');
    expect(advised([a, b])).toBe('a');
  });

  test('what costs more than the limit, or is not allowed, is none of them; without any other it is the cheapest', () => {
    const [cheap, better] = [found(whole(on(weak, 100)), 100), found(whole(on(strong, 105)), 105)];
    expect(advised([cheap, better])).toBe(strong);
    expect(advised([cheap, better], { limit: 104.99 })).toBe(weak);
    const notStrong = { allows: (plan: Assignment) => plan[0]?.candidate.option().id !== strong };
    expect(advised([cheap, better], notStrong)).toBe(weak);
    expect(advised([cheap, better], { allows: () => false })).toBe(weak);
    // One group after the other: the simplest that is allowed.
    const people = found(whole(on(strong, 101, { fte: 0.1 })), 101);
    const simple = { allows: (plan: Assignment) => plan[0]?.candidate.staff.role !== null };
    expect(advised([cheap, better, people], simple)).toBe(strong);
  });

  test('a twin of an option that scores better stands in for it, where that costs no more than the limit', () => {
    const cheap = found(whole(on(weak, 100)), 100);
    expect(advised([cheap], { twins: [on(strong, 104, { id: 'twin' })] })).toBe('twin');
    expect(advised([cheap], { twins: [on(strong, 105, { id: 'twin' })] })).toBe('twin');
    expect(advised([cheap], { twins: [on(strong, 106, { id: 'twin' })] })).toBe(weak);
    expect(advised([cheap], { twins: [on(strong, 104, { id: 'twin', fte: 0.1 })] })).toBe(weak);
    // In one of two places alone: the other stays, and costs what it did.
    const parts = found(split(on(weak, 100), on(strong, 100, { id: 'stays' })), 100);
    expect(advised([parts], { twins: [on(middle, 108, { id: 'twin' })] })).toBe('twin; stays');
    expect(advised([parts], { twins: [on(middle, 111, { id: 'twin' })] })).toBe(`${weak}; stays`);
  });
});

describe('of models on machines of one kind at one price', () => {
  const kind = 'self-hosted-cloud';
  const tasks = ['faq', 'mail'].map((name) => ({ name, type: 'faq-chat', share: '50%', capability: { minIndex: 35 } }));
  /** Machines with one card each; two of them carry any model. What one costs more than another is the disk it needs. */
  let here: Case;
  let twins: Candidate[];
  beforeAll(async () => {
    const few = fewRows((await shipped()).tables);
    const rental = few.rental.filter(({ accelerator, gpuCount }) => accelerator === 'h100-sxm-80gb' && gpuCount === 1);
    const tables = tablesWith(few, { api: [], hosting: [], rental: rental.slice(0, 1) });
    here = await caseOf({ workload: { volume: 1000 }, tasks }, tables);
    const all = { slices: [0, 1], usd: Number.POSITIVE_INFINITY, score: () => 0, outranks: () => false };
    const twinsOf = { ...all, better: () => true, stands: () => false };
    twins = [...placementOf(kind).candidates(here, admission(here, { cut: all.usd, twinsOf }).search)];
  });
  const model = (name: string) => twins.find((one) => one.option().id.includes(`/${name}/`)) as Candidate;
  /** What is advised beside a plan if up to so many USD a month more may be paid. */
  const beside = (plan: Assignment, more: number, allows = (_: Assignment): boolean => true) => {
    const usd = planUsd(plan, here.demand);
    const chosen = advised([found(plan, usd)], { limit: usd + more, in: here, allows });
    return chosen.replaceAll(/[^ ]*?(?<=aws\/)|\/[^ ;]*/g, '');
  };

  test('the most capable that may be paid, and of those that are as capable the cheapest', () => {
    const cheap = whole(model('qwen3-4b@int4-awq'));
    // 96.0 points: nf4 has 96.2 at the same cost, int8-w8a16 97.4 for 0.34 USD more, bf16 97.6 for 1.04; llama has 100.0
    // for 7.37, and less than a hundredth of a point more for 13.89.
    expect(beside(cheap, 0.3)).toBe('qwen3-4b@int4-nf4');
    expect(beside(cheap, 0.5)).toBe('qwen3-4b@int8-w8a16');
    expect(beside(cheap, 1.5)).toBe('qwen3-4b@bf16');
    expect(beside(cheap, 7.5)).toBe('llama-3.3-70b@int4-awq');
    expect(beside(cheap, 20)).toBe('llama-3.3-70b@int4-awq');
  });

  test('one that is not allowed passes over nobody', () => {
    const noLlama = (plan: Assignment) => !plan.some(({ candidate }) => candidate.option().family === 'llama-3.3-70b');
    expect(beside(whole(model('qwen3-4b@int4-awq')), 20, noLlama)).toBe('qwen3-4b@bf16');
  });

  test('no more capable than the rest of the plan', () => {
    const parts = split(model('qwen3-4b@int4-awq'), model('qwen3-4b@int8-w8a8'));
    // fp8 is the first of those that score no less than the other place does, at the least cost.
    expect(beside(parts, 20)).toBe('qwen3-4b@fp8; qwen3-4b@int8-w8a8');
  });
});
