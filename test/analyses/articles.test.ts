import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { breakEven } from '../../src/analyses/break-even/answer.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import type { Context } from '../../src/places/placement.js';
import { type ReadScenario, readScenario, withScenarioPrices } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { casesIn } from '../support/cases.js';
import { shipped } from '../support/load.js';
import { asOf, namedPlan, tool } from '../support/scenario.js';

/** Published worked examples: what the articles say, recomputed by the engine with their own assumptions. */

const { tables, prose } = await shipped();
const model = readFileSync('docs/model.md', 'utf8');
const slow = 120_000;

/** What an article assumes stands in these blocks; without them the scenario is priced by today's tables. */
const itsOwn = /^(?:prices|assumptions|team):.*\n(?: .*\n)*/gm;

function published(name: string, set: string[] = [], today = false): ReadScenario {
  const file = `scenarios/${name}-as-published.yaml`;
  const whole = readFileSync(file, 'utf8');
  const text = today ? whole.replace(itsOwn, '') : whole;
  const { scenario, problems } = readScenario(text, { file, tables, set });
  if (scenario === null) throw new Error(problems.map(({ message }) => message).join('; '));
  return scenario;
}

function caseOf(read: ReadScenario): Context {
  const priced = withScenarioPrices(read, tables, prose).tables;
  return { workload: resolve(read, priced, asOf), tables: priced };
}

function planIn(read: ReadScenario, id: string): Plan {
  return namedPlan(id, caseOf(read));
}

const usd = (read: ReadScenario, id: string): number => planIn(read, id).monthlyUsd;

/** Requests a day from which `b` is cheaper than `a`; null where it never is. */
function crossing(read: ReadScenario, a: string, b: string): number | null {
  const found = breakEven(read, tables, { asOf, between: [a, b], prose, tool });
  if (typeof found === 'string') throw new Error(found);
  const [first] = found.breakEven[0]?.crossings ?? [];
  if (first !== undefined) expect(first).toMatchObject({ cheaperBelow: 'a', cheaperAbove: 'b' });
  return first?.at ?? null;
}

const gpt4 = 'cloud-api/openai/gpt-4';
const gpt35 = 'cloud-api/openai/gpt-3.5-turbo';
const opus = 'cloud-api/anthropic/claude-opus-4-1';
const sonnet = 'cloud-api/anthropic/claude-sonnet-4-5';
const twoA100 = 'self-hosted-cloud/runpod/llama-3-70b@bf16/2xa100-sxm-80gb/global/on-demand';
const oneA100 = 'self-hosted-cloud/runpod/llama-3-8b@bf16/1xa100-sxm-80gb/global/on-demand';
const bought = 'self-hosted-cloud/azure/llama-3-70b@bf16/Standard_NC96ads_A100_v4/eastus/reserved-3y';
const hybrid = `simple=${twoA100};complex=${gpt4}`;
const shop = `recommendations=${oneA100};complex=${sonnet}`;
const daysPerMonth = 30;

describe('"The choice between running AI models locally and using cloud services": cost calculation', () => {
  const name = 'million-requests';
  const million = published(name);

  test('"1M x 0.5k x $0.03 = $15,000", "1M x 0.5k x $0.06 = $30,000", "Total: $45,000/month"', () => {
    expect(usd(million, gpt4)).toBeCloseTo(45_000, 6);
    // The ends of its "1M requests of 500 tokens = $15,000-30,000": all of them read, and all of them written.
    expect(usd(published(name, ['prices.rates.0.output=0']), gpt4)).toBeCloseTo(15_000, 6);
    expect(usd(published(name, ['prices.rates.0.input=0']), gpt4)).toBeCloseTo(30_000, 6);
  });

  test('"2 x $3 x 24 x 30 = $4,320", "DevOps (0.5 FTE): $3,000", "Infrastructure, monitoring: $500", "~$7,820"', () => {
    expect(usd(million, twoA100)).toBeCloseTo(7820, 6);
    expect(usd(published(name, ['assumptions.fteOwnWeightsBase=0']), twoA100)).toBeCloseTo(4820, 6);
    expect(usd(published(name, ['assumptions.loadBalancer=0']), twoA100)).toBeCloseTo(7320, 6);
    const rent = ['assumptions.fteOwnWeightsBase=0', 'assumptions.loadBalancer=0'];
    expect(usd(published(name, rent), twoA100)).toBeCloseTo(4320, 6);
  });

  test('one machine carries it all, as it says: a load without peaks at up to all of its capacity', () => {
    // By our rates one machine carries 1.86M requests a month.
    expect(usd(published(name, ['workload.volume=1800k requests/month']), twoA100)).toBeCloseTo(7820, 6);
    expect(usd(published(name, ['workload.volume=3M requests/month']), twoA100)).toBeCloseTo(7820 + 4320, 6);
    // Its own workload for failover, which it does not price.
    expect(usd(published(name, ['assumptions.spareReplicas=1']), twoA100)).toBeCloseTo(12_140, 6);
  });

  test('"Hybrid (80% local, 20% API): $7,820 + $9,000 = $16,820"', () => {
    expect(usd(million, hybrid)).toBeCloseTo(16_820, 6);
  });

  test('"GPU rental $1-5/hour (~$700-3500/month)": 720 to 3,600 for one GPU, half of two', () => {
    const rented = (perHour: number) =>
      usd(
        published(name, [
          `prices.rates.1.onDemand=${perHour}`,
          'assumptions.fteOwnWeightsBase=0',
          'assumptions.loadBalancer=0',
        ]),
        twoA100,
      ) / 2;
    expect([rented(1), rented(5)].map((x) => Math.round(x * 100) / 100)).toEqual([720, 3600]);
  });

  test('"up to 100k requests per month: API": 4,500 against 7,820', () => {
    const hundred = published(name, ['workload.volume=100k requests/month']);
    expect(usd(hundred, gpt4)).toBeCloseTo(4500, 6);
    expect(usd(hundred, twoA100)).toBeCloseTo(7820, 6);
  });

  test('"> 500k-1M: local" is later than its own figures say: 7,820 / 0.045 = 173,778 a month', () => {
    expect(crossing(million, gpt4, twoA100)).toBe(Math.ceil(7820 / 0.045 / daysPerMonth));
  });
});

describe('the same article: break-even point', () => {
  const name = 'break-even';
  const perMonth = (read: ReadScenario, api: string) => (crossing(read, api, twoA100) ?? Number.NaN) * daysPerMonth;

  test('"vs GPT-4: from ~100-150k requests/month": 5,000 / 0.045 = 111,111', () => {
    const found = perMonth(published(name), gpt4);
    expect(found).toBeGreaterThan(100_000);
    expect(found).toBeLessThan(150_000);
    expect(found / daysPerMonth).toBe(Math.ceil(5000 / 0.045 / daysPerMonth));
  });

  test('"vs GPT-3.5: from ~500k-1M": at 0.010 to 0.005 per request; at a published price of it, 0.002, never', () => {
    const priced = (perMTok: number) =>
      published(name, [`prices.rates.2.input=${perMTok}`, `prices.rates.2.output=${perMTok}`]);
    expect(perMonth(priced(10), gpt35) / daysPerMonth).toBe(Math.ceil(500_000 / daysPerMonth));
    expect(perMonth(priced(5), gpt35) / daysPerMonth).toBe(Math.ceil(1_000_000 / daysPerMonth));
    // The rent of a machine pays for 4,320 / 0.002 = 2.16M requests there; it carries fewer (1.86M).
    const mostOfOne = 2_160_000;
    const alone = ['assumptions.loadBalancer=0', `workload.volume=${mostOfOne} requests/month`];
    expect(usd(published(name, alone), twoA100)).toBeCloseTo(2 * 4320, 6);
    expect(crossing(published(name), gpt35, twoA100)).toBe(null);
  });

  test('"vs Claude: from ~200-300k": not at its own price of Opus; at that of Claude 2 on Bedrock in 2023', () => {
    expect(perMonth(published(name), opus) / daysPerMonth).toBe(Math.ceil(5000 / 0.045 / daysPerMonth));
    const then = readFileSync('pricing/2023-11-30/api.csv', 'utf8');
    expect(then).toContain('aws-bedrock,cloud-marketplace,anthropic.claude-v2,claude-2,no,11.02,32.68,');
    const found = perMonth(published(name, ['prices.rates.1.input=11.02', 'prices.rates.1.output=32.68']), opus);
    expect(found).toBeGreaterThan(200_000);
    expect(found).toBeLessThan(300_000);
  });
});

describe('"Should I Use Cloud or Local AI Models for My Project?"', () => {
  test('"$0.002/1K tokens (~$60/day for 30M tokens)", "$0.06/1K tokens (~$1,800/day)"', () => {
    const thirty = published('thirty-million-tokens');
    expect(usd(thirty, gpt35) / daysPerMonth).toBeCloseTo(60, 8);
    expect(usd(thirty, gpt4) / daysPerMonth).toBeCloseTo(1800, 6);
  });

  test('"break-even at 50,000-100,000 daily requests": with GPT-3.5, half a person and three years', () => {
    const name = 'daily-break-even';
    // 50,000 / 36 + 500 + 3,000 = 4,888.89 over 0.002 a request and 30 days; likewise with 2,000 and 50.
    expect(crossing(published(name), gpt35, bought)).toBe(Math.ceil((50_000 / 36 + 3500) / 0.002 / daysPerMonth));
    const least = [`prices.reserved.0.usdPerHour=${2000 / 36 / 720}`, 'assumptions.loadBalancer=50'];
    expect(crossing(published(name, least), gpt35, bought)).toBe(Math.ceil((2000 / 36 + 3050) / 0.002 / daysPerMonth));
    // Neither at its own price of GPT-4 nor with its two people.
    expect(crossing(published(name), gpt4, bought)).toBeLessThan(50_000);
    expect(
      crossing(published(name, ['assumptions.fteOwnWeightsBase=2']), gpt35, bought) ?? Number.POSITIVE_INFINITY,
    ).toBeGreaterThan(100_000);
  });
});

const whole = (x: number): string => Math.round(x).toLocaleString('en-US');
const daysIn = (read: ReadScenario): number => caseOf(read).workload.hoursPerMonth / 24;
const cheapest = (read: ReadScenario): string => (choose(caseOf(read)).cheapest?.monthlyUsd ?? Number.NaN).toFixed(2);
const ids: Record<string, string> = { gpt4, gpt35, opus, sonnet, twoA100, bought, hybrid, shop };
const from = (read: ReadScenario, [a, b]: string[], days: number): string => {
  const found = crossing(read, a as string, b as string);
  return found === null ? 'never' : whole(found * days);
};
const figures: Record<string, (read: ReadScenario, plans: string[]) => string> = {
  monthly: (read, [id = 'cheapest']) => (id === 'cheapest' ? cheapest(read) : whole(usd(read, id))),
  daily: (read, [id = '']) => whole(usd(read, id) / daysIn(read)),
  dailyToTheCent: (read, [id = '']) => (usd(read, id) / daysIn(read)).toFixed(2),
  saved: (read, [dear = '', cheap = '']) => whole(usd(read, dear) - usd(read, cheap)),
  monthlyFrom: (read, plans) => from(read, plans, daysIn(read)),
  dailyFrom: (read, plans) => from(read, plans, 1),
};
const { rows } = casesIn('articles', {
  rows: { ...{ what: z.string(), article: z.string(), name: z.string() }, of: z.record(z.string(), z.unknown()) },
});

test.each(rows)(
  'docs/model.md has what the tables say: $what',
  ({ what, article, name, of }) => {
    const written = model.split('\n').find((line) => line.startsWith(`| ${what} | `));
    const [[figure, plans]] = Object.entries(of) as [[string, string | string[]]];
    const named = [plans].flat().map((plan) => ids[plan] ?? plan);
    const told = (read: ReadScenario) => figures[figure]?.(read, named);
    const row = [what, article, told(published(name)), told(published(name, [], true))];
    expect(written?.split(' | ').slice(0, 4).join(' | ')).toBe(`| ${row.join(' | ')}`);
    expect(written?.split(' | ')[4], 'why').toMatch(/^\S.* \|$/);
  },
  slow,
);
