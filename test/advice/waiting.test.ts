import { describe, expect, test } from 'vitest';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { decide, type Written } from '../support/scenario.js';

/** The advice on a few rows of the tables, beside those named. */
async function advise(written: Written, more: readonly string[] = []) {
  return decide(written, { tables: fewRows(await shippedTables(), more), point: true });
}

describe('an answer that nobody waits for', () => {
  const quiet = (latency?: object): Written => ({
    workload: { volume: '20 requests/day' },
    tasks: [{ name: 'voice', type: 'voice-assistant', ...(latency && { latency }) }],
    preferences: { only: ['serverless-gpu'] },
  });

  test('a worker that starts for almost every request is later than ten times what is usual', async () => {
    const { recommendation } = await advise(quiet());
    expect(recommendation?.status).toBe('infeasible');
  });

  test('unless any will do', async () => {
    const { recommendation } = await advise(quiet({ ttftP95: 'any' }));
    expect(recommendation?.kinds).toEqual(['serverless-gpu']);
  });
});

const rented = (task: object = {}, preferences: object = {}): Written => ({
  workload: { volume: '10M requests/day', profile: 'flat' },
  tasks: [{ name: 'records', type: 'extraction', tokens: { input: 1800, output: 200 }, ...task }],
  preferences: { only: ['self-hosted-cloud'], ...preferences },
});
const planOf = async (written: Written) =>
  (await advise(written, ['verda', 'rtx-a6000-48gb'])).recommendation?.plan ?? '';

test('what may be taken back is for work that nobody waits for, or that asks for it', async () => {
  expect(await planOf(rented())).toMatch(/^self-hosted-cloud\/(?!.*spot$)/);
  expect(await planOf(rented({}, { include: ['spot'] }))).toMatch(/spot$/);
  expect(await planOf(rented({ deadline: '24h' }))).toMatch(/spot$/);
  expect(await planOf(rented({ deadline: '24h', data: { sensitivity: 'pii' } }))).toMatch(
    /^self-hosted-cloud\/(?!.*spot$)/,
  );
  expect(await planOf(rented({ deadline: '24h', availability: '99%' }, { include: ['spot'] }))).not.toMatch(/spot$/);
});

const beside = (ttftP95: string): Written => ({
  workload: { volume: '40k requests/day' },
  tasks: [
    { name: 'voice', type: 'voice-assistant', share: '60%', latency: { ttftP95 } },
    {
      ...{ name: 'agents', type: 'code-agent', share: '40%', capability: { minIndex: 30 } },
      tokens: { input: 60_000, output: 800, cacheablePrefix: 30_000 },
      latency: { ttftP95: '60s' },
    },
  ],
  preferences: { only: ['self-hosted-cloud'], maxDeployments: 1 },
});

test('tasks on one fleet: a voice does not share one with prompts of 60,000 tokens, unless it may wait for them', async () => {
  const status = async (ttftP95: string) =>
    (await advise(beside(ttftP95), ['verda', 'rtx-a6000-48gb'])).recommendation?.status;
  expect([await status('500ms'), await status('60s')]).toEqual(['infeasible', 'recommended']);
});

test('users of rented machines and of their own wait for the network and a gateway, too', async () => {
  const first = async (kind: string, assumptions: Record<string, number>) => {
    const { recommendation } = await advise({
      workload: { volume: '2M requests/day', profile: 'flat' },
      tasks: [{ name: 'only', type: 'moderation-filter' }],
      preferences: { only: [kind] },
      assumptions,
    });
    return recommendation?.assignments[0]?.ttftP95Ms as number;
  };
  for (const kind of ['self-hosted-cloud', 'on-prem']) {
    const near = await first(kind, { roundTripOfUsers: 1.5, gatewayMs: 5 });
    expect((await first(kind, { roundTripOfUsers: 55, gatewayMs: 30 })) - near).toBeCloseTo(53.5 + 25, 3);
  }
});

test('100 ms are not kept by a serverless worker behind network, gateway and platform: 25 + 10 + 80 ms', async () => {
  const { recommendation } = await advise({
    workload: { volume: '2M requests/day', profile: 'flat' },
    tasks: [{ name: 'only', type: 'moderation-filter', latency: { ttftP95: '100ms' } }],
    preferences: { only: ['serverless-gpu'] },
  });
  expect(recommendation?.status).toBe('infeasible');
});
