import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { detailSections } from '../../src/report/details.js';
import { renderText } from '../../src/report/text.js';
import { asOf } from '../support/committed.js';
import { decideCommitted } from '../support/committed-decisions.js';
import { cliHere } from '../support/recording-io.js';
import { long } from '../support/sample.js';

/** Few decisions anew: what the report says of draws does not rest on how many find the plans. */
const set = ['assumptions.drawPilots=8', 'assumptions.drawChecks=4'];
const decide = (name: string) =>
  decideCommitted(name, { draws: true, set, ...(name === 'product-launch' && { few: [] }) });

/** One with ranges of its own that straddle a rule, and one that is a close race. */
const scenarios = ['product-launch', ...(long ? ['voice-assistant'] : [])];

test.each(scenarios)('how sure %s is reads as agreed', async (name) => {
  const text = renderText(detailSections(await decide(name), 'sure'), { color: false, width: 80 });
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expect(text).toMatchFileSnapshot(`../golden/sure/${name}.txt`);
});

test('ranges of the scenario are drawn 4,096 times, and a rule that one straddles is a warning', async () => {
  const { uncertainty, warnings, recommendation, tornado } = await decide('product-launch');
  expect(uncertainty).toMatchObject({ draws: 4096, ranges: 7, seed: 0 });
  expect(recommendation.monthlyCostRange?.p5).toBeLessThan(recommendation.monthlyCost ?? 0);
  expect(recommendation.monthlyCostRange?.p95).toBeGreaterThan(recommendation.monthlyCost ?? 0);
  expect(tornado[0]?.parameter).toBe('workload.volume');
  expect(warnings.map(({ code }) => code)).toContain('range-straddles-rule');
  expect(recommendation.probabilityOverBudget).not.toBeNull();
});

describe('the command', () => {
  const file = 'scenarios/support-chatbot.yaml';
  const json = async (...more: string[]): Promise<Decision> => {
    const { code, out, err } = await cliHere([...asked, '--format', 'json', ...more]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out);
  };
  const few = ['drawPilots', 'drawChecks'];
  const asked = [
    ...['assess', file, '--as-of', asOf, '-q'],
    ...few.flatMap((name) => ['--set', `assumptions.${name}=8`]),
  ];
  const ranged = [
    ...['--set', 'workload.volume=20k..200k requests/day', '--set', 'preferences.only=[open-model-api]'],
    ...['drawCount=1024', 'flipsShown=1', 'ladderVolumes=2'].flatMap((one) => ['--set', `assumptions.${one}`]),
  ];

  test('draws by seed; --point draws nothing', async () => {
    const [one, other] = [await json(...ranged), await json(...ranged, '--seed', '7')];
    expect(one.uncertainty).toMatchObject({ draws: 1024, seed: 0, ranges: 1 });
    expect(other.uncertainty?.seed).toBe(7);
    expect(other.recommendation.monthlyCostRange).not.toEqual(one.recommendation.monthlyCostRange);
    const [mine, theirs] = [one, other].map(({ recommendation }) => recommendation.monthlyCostRange?.p50 ?? 0) as [
      number,
      number,
    ];
    expect(Math.abs(mine / theirs - 1)).toBeLessThan(0.03);
    const { uncertainty, tornado, recommendation } = await json(...ranged, '--point');
    expect({ uncertainty, tornado }).toEqual({ uncertainty: null, tornado: [] });
    expect(recommendation).toMatchObject({
      monthlyCostRange: null,
      probabilityBest: null,
      probabilityOverBudget: null,
      regret: null,
    });
  });

  test('--detail sure shows plans, inputs and what to measure', async () => {
    const { code, out } = await cliHere([...asked, '--detail', 'sure', ...ranged]);
    expect(code).toBe(0);
    expect(out).toMatch(/^CONFIDENCE +(high|medium|low)$/m);
    expect(out).toMatch(/90 %\s+range \$[\d.k]+ to \$[\d.k]+/);
    expect(out).toMatch(/^SIMULATIONS\n 1,024 simulations \(seed 0\)/m);
  });
});
