import { expect, test } from 'vitest';
import { detailSections } from '../../src/report/details.js';
import { renderText } from '../../src/report/text.js';
import { asOf } from '../support/committed.js';
import { decideCommitted } from '../support/committed-decisions.js';
import { cliHere } from '../support/recording-io.js';
import { long } from '../support/sample.js';

const decide = (name: string) => decideCommitted(name, { draws: true, ...(name === 'product-launch' && { few: [] }) });

/** One with ranges of its own, and one that is a close race. */
const scenarios = ['product-launch', ...(long ? ['voice-assistant'] : [])];

test.each(scenarios)('how sure %s is reads as agreed', async (name) => {
  const text = renderText(detailSections(await decide(name), 'sure'), { color: false, width: 80 });
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expect(text).toMatchFileSnapshot(`../golden/sure/${name}.txt`);
});

test('ranges of the scenario are drawn 4,096 times', async () => {
  const { uncertainty, recommendation, tornado } = await decide('product-launch');
  expect(uncertainty).toMatchObject({ draws: 4096, ranges: 7, seed: 0 });
  expect(recommendation.monthlyCostRange?.p5).toBeLessThan(recommendation.monthlyCost ?? 0);
  expect(recommendation.monthlyCostRange?.p95).toBeGreaterThan(recommendation.monthlyCost ?? 0);
  expect(tornado[0]?.parameter).toBe('workload.volume');
  expect(recommendation.probabilityOverBudget).not.toBeNull();
});

const asked = [
  ...['assess', 'scenarios/support-chatbot.yaml', '--as-of', asOf, '-q'],
  ...['--set', 'workload.volume=20k..200k requests/day', '--set', 'preferences.only=[open-model-api]'],
  ...['drawCount=1024', 'flipsShown=1', 'ladderVolumes=2'].flatMap((one) => [...['--set', `assumptions.${one}`]]),
];

test('the command draws by the seed given, and shows plans and inputs', async () => {
  const { code, out } = await cliHere([...asked, '--detail', 'sure', '--seed', '7']);
  expect(code).toBe(0);
  expect(out).toMatch(/^CONFIDENCE +(high|medium|low)$/m);
  expect(out).toMatch(/90 %\s+range \$[\d.k]+ to \$[\d.k]+/);
  expect(out).toMatch(/^SIMULATIONS\n 1,024 simulations \(seed 7\)/m);
});

test('the command draws nothing where only the decision is asked', async () => {
  const { code, out, err } = await cliHere([...asked, '--format', 'json', '--point']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { recommendation, ...rest } = JSON.parse(out);
  expect(rest).toMatchObject({ uncertainty: null, tornado: [] });
  const none = { monthlyCostRange: null, probabilityBest: null, probabilityOverBudget: null, regret: null };
  expect(recommendation).toMatchObject(none);
});
