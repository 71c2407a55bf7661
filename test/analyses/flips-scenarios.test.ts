import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assess } from '../../src/analyses/assess.js';
import { choose } from '../../src/decide/choose.js';
import type { Decision, Flip } from '../../src/decide/decision.js';
import { kindsByTask } from '../../src/decide/kinds-by-task.js';
import { cli } from '../support/cli-process.js';
import { asOf, committedCase, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';

const slow = 240_000;
const tool = { name: 'deploy-advisor', version: '0.0.0' };
/** Scenarios whose flips are kept: each takes a dozen decisions. All are held to their word below. */
const scenarios = [
  'support-chatbot',
  'clinic-notes',
  'nightly-calls',
  'public-sector-rag',
  'police-reports',
  'million-requests',
  'thirty-million-tokens',
  'deal-review',
  'owned-laptop',
  'hr-system',
  'two-providers',
  'regulated-hybrid',
];
/** Looked for anew in every run; those of the others when their file is removed. */
const again = new Set(scenarios.slice(0, 4));

type Flips = Pick<Decision['recommendation'], 'plan' | 'flips'>;
const fileOf = (name: string) => new URL(`../golden/flips/${name}.json`, import.meta.url);
const golden = (name: string): Flips => JSON.parse(readFileSync(fileOf(name), 'utf8'));

async function flipsOf(name: string): Promise<string> {
  const { tables, prose } = await shipped();
  const { recommendation } = assess(await readCommitted(name), tables, { asOf, prose, tool, draws: 'none' });
  const { plan, flips } = recommendation;
  return `${JSON.stringify({ plan, flips }, null, 2)}\n`;
}

test.each(scenarios)(
  '%s: what would flip it',
  async (name) => {
    if (!again.has(name) && existsSync(fileOf(name))) return;
    await expect(await flipsOf(name)).toMatchFileSnapshot(`../golden/flips/${name}.json`);
  },
  slow,
);

test(
  'the same flips a second time',
  async () => {
    const [one, other] = [await flipsOf('clinic-notes'), await flipsOf('clinic-notes')];
    expect(other).toBe(one);
  },
  slow,
);

const settingOf = ({ parameter, unit }: Flip, value: number | string) => `${parameter}=${value} ${unit}`;

/** The whole decision on a scenario changed as by `--set`. */
const adviceOn = async (name: string, set: readonly string[]) => choose(await committedCase(name, set)).advised;

const counted = /^(?:tokens|devices|requests|requests\/day|months|sites|deployments|hours)$/;

/** One step nearer to what the scenario has: 1 %, or 1 for small whole numbers; null where that is the scenario itself. */
function nearer({ from, to, direction, unit }: Flip): number | null {
  if (typeof to !== 'number') return null;
  const whole = Number.isInteger(to) && counted.test(unit);
  const step = whole && to < 100 ? 1 : Math.abs(to) / 100;
  const back = direction === 'up' ? to - step : to + step;
  if (typeof from === 'number' && (direction === 'up' ? back <= from : back >= from)) return null;
  if (!whole) return back;
  return direction === 'up' ? Math.floor(back) : Math.ceil(back);
}

test.each(scenarios)(
  '%s: at every flip the advice is what it becomes, one step before it is as now',
  async (name) => {
    const { flips, plan } = golden(name);
    if (plan === null) {
      expect(flips).toEqual([]);
      return;
    }
    if (flips.length === 0) return;
    const now = await adviceOn(name, []);
    expect(now?.id).toBe(plan);
    const kinds = now && kindsByTask(now);
    for (const flip of flips) {
      const there = await adviceOn(name, [settingOf(flip, flip.to)]);
      expect(there?.id, settingOf(flip, flip.to)).toBe(flip.becomes);
      expect(there && kindsByTask(there), flip.parameter).not.toBe(kinds);
      const back = nearer(flip);
      if (back === null) continue;
      const before = await adviceOn(name, [settingOf(flip, back)]);
      expect(before && kindsByTask(before), settingOf(flip, back)).toBe(kinds);
    }
  },
  slow,
);

/** What is told of a rule that the scenario lacks: such flips come last. */
const lacking = new Set<number | string>(['none', '[]', 'null']);

test('flips are sorted by distance, one for each input, and of many inputs', () => {
  const inputs = new Set<string>();
  for (const name of scenarios) {
    const { flips } = golden(name);
    expect(new Set(flips.map(({ parameter }) => parameter)).size, name).toBe(flips.length);
    expect(flips.length, name).toBeLessThanOrEqual(8);
    const known = flips.filter(({ from }) => !lacking.has(from)).map(({ distance }) => distance);
    expect(
      known.toSorted((a, b) => a - b),
      name,
    ).toEqual(known);
    for (const { parameter } of flips) inputs.add(parameter.replace(/^tasks\.[^.]+/, 'tasks.*'));
  }
  expect(inputs.size).toBeGreaterThan(8);
});

test.each(['support-chatbot', 'clinic-notes', 'nightly-calls'])(
  '%s: --set of a flip gives its plan, by the real command',
  (name) => {
    const { flips } = golden(name);
    const some = [flips.find(({ to }) => typeof to === 'number'), flips.find(({ to }) => typeof to === 'string')];
    for (const flip of some.filter((one) => one !== undefined)) {
      const set = settingOf(flip, flip.to);
      const { code, out, err } = cli([
        ...['assess', `scenarios/${name}.yaml`, '--as-of', asOf, '--point', '--format', 'json'],
        ...['--set', set],
      ]);
      expect({ code, err }, set).toEqual({ code: 0, err: '' });
      const { recommendation }: Decision = JSON.parse(out);
      expect(recommendation.plan, set).toBe(flip.becomes);
      expect(recommendation.kinds, set).toEqual(flip.becomesKinds);
      expect(recommendation.monthlyCost, set).toBe(flip.monthlyCost);
    }
  },
  slow,
);

test(
  'the ladder has the plan that a flip of the volume becomes',
  async () => {
    const { tables, prose } = await shipped();
    const read = await readCommitted('small-team-documents');
    const { recommendation, ladder } = assess(read, tables, { asOf, prose, tool, draws: 'none' });
    const flip = recommendation.flips.find(({ parameter }) => parameter === 'workload.volume');
    const rung = ladder.find(
      ({ from, to }) => from <= (flip?.to as number) && (to === null || (flip?.to as number) <= to),
    );
    expect(rung?.plan).toBe(flip?.becomes);
    expect(rung?.to).toBe(flip?.to);
    // A plan that was decided at several volumes stands once.
    expect(ladder.filter(({ plan }, i) => plan === ladder[i - 1]?.plan)).toEqual([]);
    const without = assess(read, tables, { asOf, prose, tool, draws: 'none', flips: 'none' }).ladder;
    expect(without.map(({ plan }) => plan)).not.toContain(flip?.becomes);
  },
  slow,
);
