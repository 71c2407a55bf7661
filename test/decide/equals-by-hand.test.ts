import { beforeAll, describe, expect, test } from 'vitest';
import { nobody } from '../../src/cost/people.js';
import { Assigner, type PlanRule } from '../../src/decide/assign.js';
import type { Assignment } from '../../src/decide/assignment.js';
import { bestOfEquals } from '../../src/decide/equals.js';
import { assignerOf } from '../../src/decide/offered.js';
import { findOption } from '../../src/decide/option-report.js';
import { assignmentOf, type Met } from '../../src/decide/parts.js';
import type { Candidate } from '../../src/places/candidate.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { workloadColumns } from '../../src/places/task-columns.js';
import { capabilityScore } from '../../src/rules/model.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { soldOnly } from '../support/brute-force.js';
import { fewRows } from '../support/few-rows.js';
import { shipped } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';
import { another, closed, open, twoPrices } from '../support/two-prices.js';

/** Which of plans that cost about the same is advised: their costs, people and models are what a test says. */

let context: Context;
beforeAll(async () => {
  const tables = twoPrices((await shipped()).tables, { closed: [1, 1], open: [1, 1], another: [1, 1] });
  const tasks = ['faq', 'mail'].map((name) => ({ name, type: 'faq-chat', share: '50%', capability: { minIndex: 50 } }));
  context = await caseOf({ workload: { volume: 1000 }, tasks }, tables);
});

/** In 50 points a need: 50.7, 53.4 and 60.0 of them. */
const [weak, middle, strong] = [`cloud-api/${closed}`, `open-model-api/${open}`, `cloud-api/${another}`];

type Named = { fte?: number; id?: string; provider?: string; only?: number };

/** A model at a price for both tasks, or at half of it for one of them (`only`), each at a provider of its own. */
function on(model: string, usd: number, { fte = 0, id = model, provider = id, only }: Named = {}): Candidate {
  const option = { ...(findOption(model, context) as Option), id };
  return {
    kind: 'cloud-api',
    provider,
    // Connecting an API is what every plan takes; people beside it are told as those of devices.
    staff: { ...nobody, api: true, devices: fte === 0 ? 0 : devicesFor(fte) },
    model: null,
    owns: null,
    linear: Float64Array.from([0, 1], (s) => (only === undefined || only === s ? usd / 2 : Number.NaN)),
    fleet: null,
    fixed: 0,
    option: () => option,
  };
}
/** Devices that ask for so many FTE: 0.8 for a thousand, growing with their square root. */
const devicesFor = (fte: number): number => 1000 * (fte / 0.8) ** 2;

/** Two models at one provider, for a task each. */
const split = (one: [string, number, Named?], other: [string, number, Named?], provider = 'both'): Candidate[] => [
  on(one[0], one[1], { provider, ...one[2], only: 0 }),
  on(other[0], other[1], { provider, ...other[2], only: 1 }),
];

const idsOf = (assignment: Assignment): string => assignment.map(({ candidate }) => candidate.option().id).join('; ');

/** Ids of the options advised of all plans that some places make. */
function advised(
  candidates: readonly Candidate[],
  { allows, limit = 105, in: here = context }: { allows?: PlanRule['allows']; limit?: number; in?: Context } = {},
): string {
  const offered = { columns: workloadColumns(here.workload), timed: 0, candidates, groups: [], overflow: false };
  const rule = { maxDeployments: 3, tieBand: 0.05, ruled: allows !== undefined, allows: allows ?? (() => true) };
  const assigner = new Assigner(here, offered, rule);
  const met = assigner.cheapest();
  return met === null ? '' : idsOf(bestOfEquals(assigner, met, limit));
}

describe('of plans that cost about the same', () => {
  test('the one with the fewest people, then with the fewest places, then the most capable, then the cheapest', () => {
    const people = on(strong, 100, { fte: 0.2 });
    const two = split([middle, 101], [strong, 101]);
    const less = on(weak, 102);
    const more = on(middle, 103);
    const dearer = on(middle, 104, { id: 'dearer' });
    for (const all of [
      [people, ...two, less, dearer, more],
      [people, more, dearer, less, ...two],
    ]) {
      expect(advised(all)).toBe(middle);
      expect(advised(all.filter((one) => one !== more))).toBe('dearer');
      expect(advised(all.filter((one) => one !== more && one !== dearer))).toBe(weak);
      expect(advised([people, ...two])).toBe(`${middle}; ${strong}`);
    }
    expect(advised([people])).toBe(strong);
    expect(advised([])).toBe('');
  });

  test('scores that differ by less than a hundredth of a point are one, and the cheaper is advised', () => {
    const low = 36;
    const capability = { need: low, low, high: low, text: '' };
    const easy = context.workload.taskParts.map((taskPart) => ({
      ...taskPart,
      needs: { ...taskPart.needs, capability },
    }));
    const sure = { ...context, workload: { ...context.workload, taskParts: easy } };
    const score = (id: string) => capabilityScore(findOption(id, context) as Option, easy[0] as TaskPart) ?? 0;
    expect(score(strong)).toBeGreaterThan(score(middle));
    expect(score(strong) - score(middle)).toBeLessThan(0.01);
    const [first, second] = [on(middle, 100), on(strong, 101)];
    expect(advised([first, second], { in: sure })).toBe(middle);
    expect(advised([second, first], { in: sure })).toBe(middle);
    // Where more is needed, one is more capable by far; of two tasks the one that needs more counts.
    expect(advised([first, second])).toBe(strong);
    const [faq, mail] = [easy[0] as TaskPart, context.workload.taskParts[1] as TaskPart];
    for (const taskParts of [
      [faq, mail],
      [mail, faq],
    ])
      expect(advised([first, second], { in: { ...context, workload: { ...context.workload, taskParts } } })).toBe(
        strong,
      );
  });

  test('a plan is as capable as the least of its models', () => {
    const first = split([strong, 100], [weak, 100], 'one');
    const second = split([middle, 101], [middle, 101, { id: 'same' }], 'other');
    expect(advised([...first, ...second])).toBe(`${middle}; same`);
  });

  test('of those that are alike in all the first by name', () => {
    const [b, a] = ['b', 'a'].map((id) => on(middle, 100, { id })) as [Candidate, Candidate];
    expect(advised([b, a])).toBe('a');
    expect(advised([a, b])).toBe('a');
  });

  test('what costs more than the limit, or is not allowed, is none of them', () => {
    const [cheap, better] = [on(weak, 100), on(strong, 105)];
    expect(advised([cheap, better])).toBe(strong);
    expect(advised([cheap, better], { limit: 104.99 })).toBe(weak);
    const notStrong = (plan: Assignment) => plan[0]?.candidate.option().id !== strong;
    expect(advised([cheap, better], { allows: notStrong })).toBe(weak);
    const people = on(strong, 101, { fte: 0.1, id: 'people' });
    const hands = (plan: Assignment) => plan.every(({ candidate }) => candidate.staff.devices > 0);
    expect(advised([cheap, better, people], { allows: hands })).toBe('people');
  });

  test('a model of the same provider that scores better stands in, where that costs no more than the limit', () => {
    const [cheap, provider] = [on(weak, 100, { provider: 'one' }), 'one'];
    expect(advised([cheap, on(strong, 104, { id: 'twin', provider })])).toBe('twin');
    expect(advised([cheap, on(strong, 105, { id: 'twin', provider })])).toBe('twin');
    expect(advised([cheap, on(strong, 106, { id: 'twin', provider })])).toBe(weak);
    expect(advised([cheap, on(strong, 104, { id: 'twin', provider, fte: 0.1 })])).toBe(weak);
    // In one of two places alone: the other stays, and costs what it did.
    const parts = split([weak, 100], [strong, 100, { id: 'stays' }], provider);
    expect(advised([...parts, on(middle, 108, { id: 'twin', provider, only: 0 })])).toBe('twin; stays');
    expect(advised([...parts, on(middle, 111, { id: 'twin', provider, only: 0 })])).toBe(`${weak}; stays`);
  });
});

describe('of models on machines of one kind at one price', () => {
  const tasks = ['faq', 'mail'].map((name) => ({ name, type: 'faq-chat', share: '50%', capability: { minIndex: 35 } }));
  /** Machines with one card each; two of them carry any model. What one costs more than another is the disk it needs. */
  let here: Context;
  beforeAll(async () => {
    const few = fewRows((await shipped()).tables);
    const rental = few.rental.filter(({ accelerator, gpuCount }) => accelerator === 'h100-sxm-80gb' && gpuCount === 1);
    const accelerators = soldOnly(few.accelerators, []);
    const tables = tablesWith(few, { api: [], hosting: [], accelerators, rental: rental.slice(0, 1) });
    here = await caseOf({ workload: { volume: 1000 }, tasks, preferences: { exclude: ['serverless-gpu'] } }, tables);
  });
  /** What is advised beside the cheapest plan if up to so many USD a month more may be paid. */
  const beside = (more: number, allows?: PlanRule['allows']) => {
    const { offered, rule } = assignerOf(here);
    const assigner = new Assigner(here, offered, allows === undefined ? rule : { ...rule, ruled: true, allows });
    const met = assigner.cheapest() as Met;
    expect(idsOf(assignmentOf(met))).toMatch(/qwen3-4b@int4-awq/);
    return idsOf(bestOfEquals(assigner, met, met.usd + more)).replaceAll(/[^ ]*?(?<=aws\/)|\/[^ ;]*/g, '');
  };

  test('the most capable that may be paid, and of those that are as capable the cheapest', () => {
    // 96.0 points: nf4 has 96.2 at the same cost, int8-w8a16 97.4 for 0.34 USD more, bf16 97.6 for 1.04; llama has 100.0
    // for 7.37, and less than a hundredth of a point more for 13.89.
    expect(beside(0.3)).toBe('qwen3-4b@int4-nf4');
    expect(beside(0.5)).toBe('qwen3-4b@int8-w8a16');
    expect(beside(1.5)).toBe('qwen3-4b@bf16');
    expect(beside(7.5)).toBe('llama-3.3-70b@int4-awq');
    expect(beside(20)).toBe('llama-3.3-70b@int4-awq');
  });

  test('one that is not allowed passes over nobody', () => {
    const noLlama = (plan: Assignment) => !plan.some(({ candidate }) => candidate.option().family === 'llama-3.3-70b');
    expect(beside(20, noLlama)).toBe('qwen3-4b@bf16');
  });
});
