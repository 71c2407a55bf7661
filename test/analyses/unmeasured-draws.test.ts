import { expect, test } from 'vitest';
import { uncertainInputs } from '../../src/analyses/uncertainty/inputs.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { optionById } from '../../src/decide/option-report.js';
import { planOf } from '../../src/decide/plan.js';
import { shippedTables } from '../support/load.js';
import { caseOf, readWritten, type Written } from '../support/scenario.js';

const written: Written = { workload: { volume: '50k' }, tasks: [{ name: 'faq', type: 'faq-chat' }] };

test('what capacity is off by is drawn from a wider band on a card on which nobody measured the engine', async () => {
  const tables = await shippedTables();
  const context = await caseOf(written);
  const bandOn = (id: string) => {
    const option = optionById(id, context);
    const plan = option && planOf([{ option, taskParts: context.workload.taskParts }], context);
    if (plan === null || isUnpriced(plan)) throw new Error(`${id} has no plan`);
    const inputs = uncertainInputs(readWritten(written, tables).scenario, [plan], context, 0);
    const found = inputs.find(({ subject }) => subject.is === 'capacity');
    return [found?.low ?? 0, found?.high ?? 0];
  };
  const band = tables.bands.find(({ metric }) => metric === 'system');
  const wider = tables.bands.find(({ doubt }) => doubt === 'unmeasured')?.widening ?? 0;
  expect([band?.low, band?.high, wider]).toEqual([0.717, 1.32, 1.13]);
  // vLLM on an L4 is measured; on an L40S only other engines are.
  expect(bandOn('self-hosted-cloud/runpod/qwen3-8b@fp8/1xl4-24gb/global/on-demand')).toEqual([0.717, 1.32]);
  // 0.717^1.13 and 1.32^1.13.
  const [low, high] = bandOn('self-hosted-cloud/runpod/qwen3-8b@fp8/1xl40s-48gb/global/on-demand');
  expect(low).toBeCloseTo(0.68665, 4);
  expect(high).toBeCloseTo(1.36851, 4);
});
