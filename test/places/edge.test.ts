import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kvBytesPerSequence } from '../../src/capacity/memory.js';
import { type Weights, weightsOf } from '../../src/capacity/replica.js';
import { schemeFor } from '../../src/capacity/scheme.js';
import { isUnpriced } from '../../src/cost/curve.js';
import { verdictsOn } from '../../src/decide/review.js';
import { aloneOn, classFits, edge, shareAble } from '../../src/places/device.js';
import type { Option } from '../../src/places/option.js';
import type { Context } from '../../src/places/placement.js';
import { devices as devicesGate } from '../../src/rules/place.js';
import type { AcceleratorRow } from '../../src/tables/columns.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { caseOf, decide, type Written } from '../support/scenario.js';

const cases = casesIn('edge', {
  machines: { device: z.string(), family: z.string() },
  fits: { family: z.string(), scheme: z.string(), device: z.string(), fits: z.boolean() },
  speeds: { family: z.string(), device: z.string(), input: z.number(), output: z.number(), measured: z.number() },
  latencies: {
    latency: z.record(z.string(), z.unknown()),
    able: z.number(),
  },
  allowed: {
    why: z.string(),
    data: z.record(z.string(), z.unknown()),
  },
});

const phone = 'apple-a17-pro-8gb';
const largePhone = 'snapdragon-8-gen-3-12gb';
const laptop = 'apple-m1-16gb';

const faq = { name: 'faq', type: 'faq-chat' };
const written = (more: Record<string, unknown> = {}, task: object = {}): Written => ({
  workload: { volume: '1000 requests/day' },
  tasks: [{ ...faq, ...task }],
  ...more,
});
const fleet = (classes?: Record<string, string>, count = 1000) => ({ devices: { count, ...(classes && { classes }) } });

function weightsIn({ tables }: Context, family: string, scheme: string): Weights {
  const model = tables.modelOf.get(family);
  const row =
    model &&
    schemeFor(
      tables.quantization.filter((one) => one.scheme === scheme),
      model,
    );
  const weights = model && row && weightsOf(model, row);
  if (!weights) throw new Error(`no ${family} in ${scheme}`);
  return weights;
}

const shape = (input: number, output: number) => ({
  inputTokens: input,
  cachedTokens: 0,
  outputTokens: output,
  contextTokens: input + output,
});

async function alone(family: string, scheme: string, device: string, input: number, output: number) {
  const context = await caseOf(written());
  const accelerator = context.tables.acceleratorOf.get(device) as AcceleratorRow;
  const weights = weightsIn(context, family, scheme);
  return { seen: aloneOn(weights, accelerator, shape(input, output), output, context), weights, accelerator, context };
}

const lookUp = (id: string, context: Context): Option => {
  const found = edge.lookUp(id, context);
  if (found === null) throw new Error(`no ${id}`);
  return found;
};
const only = ({ workload }: Context): TaskPart => workload.taskParts[0] as TaskPart;

describe('what fits on a device', () => {
  test.each(cases.fits)('$family in $scheme on $device: $fits', async ({ family, scheme, device, fits }) => {
    const { seen } = await alone(family, scheme, device, 400, 100);
    expect(seen !== null).toBe(fits);
  });

  test('the cache takes part: the same weights, a longer context', async () => {
    expect((await alone('llama-3.2-3b', 'gguf-q4_k_m', phone, 8000, 100)).seen).not.toBeNull();
    // 16,000 tokens x 114,688 bytes = 1.8 GB beside 2.0 GB
    expect((await alone('llama-3.2-3b', 'gguf-q4_k_m', phone, 16_000, 100)).seen).toBeNull();
  });
});

describe('how fast it is', () => {
  // Bands of the capacity model for a single stream, and of the published factor itself (0.6, of 0.4 to 0.85).
  test.each(cases.machines)(
    '$family on $device: about bandwidth x 0.6 / (weights + cache)',
    async ({ device, family }) => {
      const { seen, weights, accelerator, context } = await alone(family, 'gguf-q4_k_m', device, 256, 256);
      const cache = kvBytesPerSequence(weights.model, 256 + 128, 16) as number;
      const cool = (accelerator.bandwidthGBs * 1e9 * 0.6) / (weights.bytes + cache);
      const throttled =
        accelerator.kind === 'phone' ? context.workload.assume('onDeviceSustainedFractionAfterThrottle') : 1;
      const ratio = (seen?.tokensPerSecond ?? Number.NaN) / throttled / cool;
      expect(ratio).toBeGreaterThan(0.4 / 0.6 / 1.35);
      expect(ratio).toBeLessThan(0.85 / 0.6 / 0.674);
    },
  );

  // Published: latency.csv, on-device decode 5 to 30 tokens/s for 1B to 3B on phones; a prediction has the capacity
  // model's band for a single stream, 0.674 to 1.35.
  test.each(['llama-3.2-1b', 'qwen3-1.7b', 'gemma-2-2b', 'llama-3.2-3b'])(
    '%s on a phone writes as fast as is published',
    async (family) => {
      for (const device of [phone, largePhone]) {
        const speed = (await alone(family, 'gguf-q4_k_m', device, 256, 128)).seen?.tokensPerSecond ?? Number.NaN;
        expect(speed * 1.35, device).toBeGreaterThan(5);
        expect(speed * 0.674, device).toBeLessThan(30);
      }
    },
  );

  // Published single-stream rates of llama.cpp; bands of the capacity model.
  test.each(cases.speeds)(
    '$family on $device writes about $measured tokens a second',
    async ({ family, device, input, output, measured }) => {
      const { seen } = await alone(family, 'gguf-q4_k_m', device, input, output);
      expect(measured / (seen?.tokensPerSecond ?? Number.NaN)).toBeGreaterThan(0.674);
      expect(measured / (seen?.tokensPerSecond ?? Number.NaN)).toBeLessThan(1.35);
    },
  );

  test('the first token at the 95th percentile waits for a longer prompt than the mean one, and for no network', async () => {
    const { seen } = await alone('llama-3.2-1b', 'gguf-q4_k_m', phone, 512, 100);
    const mean = (seen?.prefillS ?? Number.NaN) * 1000;
    expect(seen?.ttftP95Ms).toBeGreaterThan(1.8 * mean);
    expect(seen?.ttftP95Ms).toBeLessThan(4 * mean);
    expect(seen?.totalP95Ms).toBeGreaterThan(seen?.ttftP95Ms ?? Number.NaN);
  });

  test('a phone slows down as it warms up, a laptop does not', async () => {
    const speed = async (device: string, fraction: number) => {
      const context = await caseOf(written({ assumptions: { onDeviceSustainedFractionAfterThrottle: fraction } }));
      const accelerator = context.tables.acceleratorOf.get(device) as AcceleratorRow;
      return aloneOn(weightsIn(context, 'llama-3.2-1b', 'gguf-q4_k_m'), accelerator, shape(200, 50), 50, context)
        ?.tokensPerSecond;
    };
    expect(((await speed(phone, 0.5)) ?? 0) / ((await speed(phone, 1)) ?? 1)).toBeCloseTo(0.5, 9);
    expect(await speed(laptop, 0.5)).toBe(await speed(laptop, 1));
  });
});

describe('which devices are able', () => {
  const eight = 'edge/devices/llama-3.1-8b@gguf-q4_k_m';
  const three = { [phone]: '50%', [largePhone]: '30%', [laptop]: '20%' };

  test('the classes it fits on, each by its share', async () => {
    const context = await caseOf(written(fleet(three)));
    const fits = classFits(lookUp(eight, context), only(context), context);
    expect(fits.map(({ accelerator, share, seen }) => [accelerator, share, seen !== null])).toEqual([
      [phone, 0.5, false],
      [largePhone, 0.3, true],
      [laptop, 0.2, true],
    ]);
    expect(shareAble(fits, only(context))).toBeCloseTo(0.5, 12);
  });

  test.each(cases.latencies)('and within $latency: $able', async ({ latency, able }) => {
    const context = await caseOf(written(fleet(three), { latency }));
    const seen = edge.service(lookUp(eight, context), only(context), context);
    if (isUnpriced(seen)) throw new Error(seen.unpriced);
    expect(seen.shareAble).toBeCloseTo(able, 12);
  });

  test('a preset asks no speed of them', async () => {
    const context = await caseOf(written(fleet(three)));
    expect(only(context).needs.ttftP95Ms?.by).toBe('preset');
    expect(shareAble(classFits(lookUp(eight, context), only(context), context), only(context))).toBeCloseTo(0.5, 12);
  });
});

describe('the rule that every device runs it', () => {
  const eight = 'edge/devices/llama-3.1-8b@gguf-q4_k_m';
  const verdict = async (classes?: Record<string, string>) => {
    const context = await caseOf(written(fleet(classes)));
    const found = devicesGate.check(lookUp(eight, context), only(context), context, null);
    return { state: found.state, ...found.why() };
  };

  test('passes where all are able', async () => {
    expect((await verdict({ [largePhone]: '60%', [laptop]: '40%' })).state).toBe('passed');
  });

  test('fails where some are too small, and names them', async () => {
    expect(await verdict({ [phone]: '40%', [laptop]: '60%' })).toMatchObject({
      state: 'failed',
      need: 'every device runs it',
      have: '60 % of devices',
      // 8 GiB x 0.4 are 3.4 GB.
      reason: `llama-3.1-8b does not fit on ${phone} (5.1 GB with the cache of its longest request, where ${phone} has room for 3.4 GB)`,
    });
  });

  test('fails where nothing is known of some', async () => {
    expect(await verdict({ [laptop]: '60%' })).toMatchObject({
      state: 'failed',
      have: '60 % of devices',
      reason: '40 % of devices are of no class that is named',
    });
  });

  test('fails where a device cannot keep up with its part of the requests', async () => {
    const state = async (perDay: string) => {
      const context = await caseOf({
        ...written(fleet({ [laptop]: '100%' }, 10)),
        workload: { volume: perDay, profile: 'flat' },
      });
      const found = devicesGate.check(lookUp(eight, context), only(context), context, null);
      return { state: found.state, reason: found.why().reason };
    };
    // 1,150 tokens at about 87 a second, half of them shared and mostly kept, and 260 at 11: about 33 s. One device at
    // 0.7 of all its time, and 1.5 times as much in the busiest minutes: about 1,200 requests a day.
    expect((await state('9000 requests/day')).state).toBe('passed');
    expect(await state('20000 requests/day')).toEqual({
      state: 'failed',
      reason: `llama-3.1-8b cannot keep up with the requests on ${laptop}`,
    });
  });
});

describe('an option on devices', () => {
  const id = 'edge/devices/qwen3-4b@gguf-q4_k_m';

  test('is found by its id, thinking or not, and no other is', async () => {
    const context = await caseOf(written(fleet({ [laptop]: '100%' })));
    expect(lookUp(id, context)).toMatchObject({ kind: 'edge', reach: 'device', mode: 'standard', license: 'yes' });
    expect(lookUp('edge/devices/qwen3-4b+thinking@gguf-q4_k_m', context).mode).toBe('thinking');
    // A scheme for many users at once is no scheme for a device.
    expect(edge.lookUp('edge/devices/qwen3-4b@fp16', context)).toBeNull();
    expect(edge.lookUp('self-hosted-cloud/devices/qwen3-4b@gguf-q4_k_m', context)).toBeNull();
  });

  test('without devices there is no candidate, and no price', async () => {
    const { options, scorecard, considered } = await decide(written(), { include: [id] });
    expect(options.find((option) => option.id === id)).toMatchObject({
      unpriced: 'the scenario has no devices',
      monthlyCost: null,
      feasible: false,
      devices: null,
    });
    expect(scorecard.find(({ kind }) => kind === 'edge')?.verdict).toBe('no: the scenario has no devices');
    expect(considered.rejectedBy).not.toHaveProperty('devices');
  });

  test('is the answer where data must not leave the device: people, set-up and parts add up', async () => {
    const { recommendation, options } = await decide(
      written({ ...fleet({ [laptop]: '100%' }), data: { sensitivity: 'device-only' } }),
    );
    expect(recommendation.kinds).toEqual(['edge']);
    const [option] = options.filter(({ id: one }) => one === recommendation.plan);
    expect(option).toMatchObject({ devices: { count: 1000, shareAble: 1 }, replicas: null, utilization: null });
    const part = (name: string) => recommendation.costParts.find((one) => one.part === name)?.monthly;
    // 0.8 FTE x (1,000 / 1,000)^0.5 of 200,000 USD a year; 12 weeks, once
    expect(part('people.run')).toBeCloseTo((0.8 * 200_000) / 12, 6);
    expect(part('people.setup')).toBeCloseTo(((12 / 52) * 200_000) / 12, 6);
    expect(recommendation.upfrontCost).toBeCloseTo((12 / 52) * 200_000, 5);
  });

  test('one class too small: near, and says which share runs it', async () => {
    const { recommendation, nearestMisses } = await decide(
      written(
        { ...fleet({ [laptop]: '30%', 'apple-m4-32gb': '70%' }), data: { sensitivity: 'device-only' } },
        { capability: { minIndex: 83 }, latency: { ttftP95: 'any' } },
      ),
    );
    expect(recommendation.status).toBe('infeasible');
    expect(nearestMisses.find(({ gate }) => gate === 'devices')).toMatchObject({
      have: '70 % of devices',
      task: 'faq',
    });
  });
});

describe('rules about data hold on a device by nature', () => {
  const id = 'edge/devices/qwen3-4b@gguf-q4_k_m';
  const gatesOf = async (data: object, more: object = {}) => {
    const context = await caseOf(written({ ...fleet({ [laptop]: '100%' }), data, ...more }));
    const option = lookUp(id, context);
    return verdictsOn(option, only(context), context, null).map(({ gate, verdict }) => `${gate} ${verdict.state}`);
  };
  test.each(cases.allowed)('$why', async ({ data }) => {
    expect(await gatesOf(data)).toEqual([]);
  });

  test('what the organization itself must have done it must still have done', async () => {
    const data = { sensitivity: 'pii', regimes: ['gdpr'], kinds: ['special-category'] };
    expect(await gatesOf(data)).toEqual(['regimes unknown']);
    expect(await gatesOf({ ...data, declared: ['art9-ground', 'dpia'] })).toEqual([]);
  });
});
