import { expect, test } from 'vitest';
import type { Verdict } from '../../src/decide/gates/gate.js';
import { gates } from '../../src/decide/gates/registry.js';
import type { Option } from '../../src/placements/option.js';
import type { SliceService } from '../../src/placements/placement.js';
import { placements } from '../../src/placements/registry.js';
import type { Slice } from '../../src/scenario/demand.js';
import { caseOf, type Written } from './scenario.js';

type Asked = {
  option: string;
  change?: Partial<Option>;
  task?: object;
  blocks?: object;
  service?: SliceService | null;
};

async function ask(gate: string, { option, change = {}, task = {}, blocks = {}, service }: Asked): Promise<Verdict> {
  const written: Written = {
    workload: { volume: 1000 },
    tasks: [{ name: 'only', type: 'faq-chat', ...task }],
    ...blocks,
  };
  const of = await caseOf(written);
  const [slice] = of.demand.slices as [Slice];
  for (const placement of placements) {
    const found = placement.lookUp(option, of);
    if (found === null) continue;
    const changed = { ...found, ...change };
    const seen = placement.service(found, slice, of);
    const check = gates.find(({ id }) => id === gate);
    if (check === undefined) throw new Error(`no gate ${gate}`);
    return check.check(changed, slice, of, service !== undefined ? service : 'unpriced' in seen ? null : seen);
  }
  throw new Error(`no option ${option}`);
}

const gpt4o = 'cloud-api/openai/gpt-4o'; // index 60.0, band 55.4 to 64.4; retires 2027-01-14; 128,000 tokens, writes 16,384
const claude = 'cloud-api/anthropic/claude-haiku-4-5';
const nova = 'cloud-api/aws-bedrock/amazon.nova-lite-v1:0';
const rented = 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand';
const serverless = 'serverless-gpu/modal/llama-3.1-8b@fp8/functions-l4-24gb';
const tuned = { blocks: { needs: { fineTuning: true } } };
const regimes = (...names: string[]) => ({
  data: { sensitivity: 'regulated', boundary: 'under-contract', regimes: names },
});
const residency = (...regions: string[]) => ({ data: { residency: regions } });
const seen = (ttftP95Ms: number | null): SliceService => ({
  ...{ ttftP95Ms, tokensPerSecond: 50, totalP95Ms: 5000, unitRequestsPerS: null, limitedBy: null },
});
const retired = (retires: string) => ({ change: { retires } });

test.each<{ gate: string; state: Verdict['state']; why: string } & Asked>([
  { gate: 'available', state: 'passed', option: claude, why: 'no end in sight' },
  { gate: 'available', state: 'failed', option: gpt4o, ...retired('2026-11-20'), why: 'retires on the day itself' },
  { gate: 'available', state: 'condition', option: gpt4o, ...retired('2026-11-21'), why: 'retires a day later' },
  { gate: 'available', state: 'condition', option: gpt4o, why: 'retires within the 12 months' },
  {
    gate: 'available',
    state: 'condition',
    option: gpt4o,
    ...retired('2027-10-31'),
    why: 'in the last month of the horizon',
  },
  { gate: 'available', state: 'passed', option: gpt4o, ...retired('2027-11-01'), why: 'after the horizon' },
  { gate: 'available', state: 'condition', option: rented, why: 'a community license has conditions' },
  { gate: 'available', state: 'failed', option: rented, change: { license: 'no' }, why: 'not for commerce' },
  {
    gate: 'available',
    state: 'unknown',
    option: rented,
    change: { license: 'unknown' },
    why: 'nobody knows the license',
  },
  { gate: 'available', state: 'passed', option: rented, change: { license: 'yes' }, why: 'free to use' },
  { gate: 'boundary', state: 'passed', option: gpt4o, blocks: { data: { sensitivity: 'public' } }, why: 'anywhere' },
  { gate: 'boundary', state: 'passed', option: gpt4o, why: 'internal data, no training' },
  { gate: 'boundary', state: 'condition', option: gpt4o, blocks: { data: { sensitivity: 'pii' } }, why: 'to sign' },
  {
    gate: 'boundary',
    state: 'passed',
    option: gpt4o,
    blocks: { data: { sensitivity: 'pii', agreements: ['dpa'] } },
    why: 'a processing agreement is signed',
  },
  {
    gate: 'boundary',
    state: 'failed',
    option: gpt4o,
    blocks: { data: { sensitivity: 'pii', agreements: [] } },
    why: 'none is signed or can be',
  },
  { gate: 'boundary', state: 'failed', option: 'cloud-api/deepseek/deepseek-v4-flash', why: 'trains on what it sees' },
  { gate: 'boundary', state: 'unknown', option: nova, change: { provider: 'meta' }, why: 'terms are not known' },
  { gate: 'boundary', state: 'failed', option: gpt4o, blocks: { data: { boundary: 'own-account' } }, why: 'not ours' },
  { gate: 'boundary', state: 'passed', option: rented, blocks: { data: { boundary: 'own-account' } }, why: 'ours' },
  { gate: 'boundary', state: 'failed', option: rented, blocks: { data: { boundary: 'own-premises' } }, why: 'rented' },
  { gate: 'boundary', state: 'failed', option: rented, change: { marketplace: true }, why: 'an unknown host' },
  {
    gate: 'boundary',
    state: 'passed',
    option: rented,
    change: { marketplace: true },
    blocks: { data: { sensitivity: 'public' } },
    why: 'public data may go to an unknown host',
  },
  { gate: 'regimes', state: 'passed', option: gpt4o, why: 'none named' },
  { gate: 'regimes', state: 'passed', option: nova, blocks: regimes('soc2'), why: 'has a type 2 report' },
  { gate: 'regimes', state: 'condition', option: gpt4o, blocks: regimes('hipaa'), why: 'a BAA may be signed' },
  {
    gate: 'regimes',
    state: 'failed',
    option: gpt4o,
    change: { provider: 'deepseek' },
    blocks: regimes('hipaa'),
    why: 'no BAA',
  },
  {
    gate: 'regimes',
    state: 'unknown',
    option: gpt4o,
    change: { provider: 'meta' },
    blocks: regimes('hipaa'),
    why: 'blank',
  },
  { gate: 'regimes', state: 'failed', option: rented, blocks: regimes('policy-no-third-party-infra'), why: 'not ours' },
  {
    gate: 'regimes',
    state: 'passed',
    option: rented,
    blocks: regimes('policy-no-third-party-model'),
    why: 'our model',
  },
  {
    gate: 'regimes',
    state: 'failed',
    option: gpt4o,
    blocks: regimes('policy-no-third-party-model'),
    why: 'their model',
  },
  { gate: 'residency', state: 'passed', option: gpt4o, why: 'none asked for' },
  { gate: 'residency', state: 'passed', option: claude, blocks: residency('us'), why: 'processes in the US' },
  { gate: 'residency', state: 'failed', option: claude, blocks: residency('eea'), why: 'offers no EEA' },
  { gate: 'residency', state: 'passed', option: claude, blocks: residency('eea', 'us'), why: 'either will do' },
  {
    gate: 'residency',
    state: 'condition',
    option: gpt4o,
    blocks: residency('eu'),
    why: 'EEA on request; eu means eea',
  },
  { gate: 'residency', state: 'unknown', option: gpt4o, blocks: residency('ch'), why: 'nobody knows of Switzerland' },
  { gate: 'residency', state: 'passed', option: rented, blocks: residency('us'), why: 'us-east-1 is in the US' },
  { gate: 'residency', state: 'failed', option: rented, blocks: residency('eea'), why: 'us-east-1 is not in the EEA' },
  {
    gate: 'residency',
    state: 'condition',
    option: rented,
    change: { region: 'global' },
    blocks: residency('eea'),
    why: 'somewhere: aws must be told where',
  },
  { gate: 'fine-tuning', state: 'passed', option: gpt4o, why: 'nobody asks for it' },
  { gate: 'fine-tuning', state: 'unknown', option: gpt4o, ...tuned, why: 'the tables do not say' },
  { gate: 'fine-tuning', state: 'unknown', option: gpt4o, task: { needs: ['fine-tuning'] }, why: 'asked by the task' },
  { gate: 'fine-tuning', state: 'passed', option: rented, ...tuned, why: 'weights of our own' },
  { gate: 'fine-tuning', state: 'passed', option: serverless, ...tuned, why: 'weights of our own' },
  { gate: 'modality', state: 'passed', option: rented, why: 'text is text' },
  { gate: 'modality', state: 'passed', option: gpt4o, task: { needs: ['vision'] }, why: 'sees' },
  { gate: 'modality', state: 'failed', option: rented, task: { needs: ['vision'] }, why: 'llama-3.1-8b sees nothing' },
  {
    gate: 'context',
    state: 'passed',
    option: gpt4o,
    task: { tokens: { input: 127_000, output: 1000 } },
    why: 'just fits',
  },
  {
    gate: 'context',
    state: 'failed',
    option: gpt4o,
    task: { tokens: { input: 127_001, output: 1000 } },
    why: 'one too many',
  },
  { gate: 'context', state: 'passed', option: gpt4o, task: { tokens: { output: 16_384 } }, why: 'its longest answer' },
  {
    gate: 'context',
    state: 'failed',
    option: gpt4o,
    task: { tokens: { output: 16_385 } },
    why: 'writes no more than that',
  },
  { gate: 'context', state: 'unknown', option: gpt4o, change: { contextTokens: null }, why: 'nobody knows how much' },
  {
    gate: 'context',
    state: 'failed',
    option: gpt4o,
    change: { contextTokens: 8191 },
    why: 'the preset asks for 8,192',
  },
  { gate: 'capability', state: 'passed', option: gpt4o, task: { capability: { minIndex: 55 } }, why: 'below its band' },
  {
    gate: 'capability',
    state: 'condition',
    option: gpt4o,
    task: { capability: { minIndex: 58 } },
    why: 'a close call',
  },
  { gate: 'capability', state: 'condition', option: gpt4o, task: { capability: { minIndex: 60 } }, why: 'just enough' },
  {
    gate: 'capability',
    state: 'failed',
    option: gpt4o,
    task: { capability: { minIndex: 60.1 } },
    why: 'just too little',
  },
  { gate: 'capability', state: 'unknown', option: gpt4o, change: { capability: null }, why: 'no index is known' },
  {
    gate: 'capability',
    state: 'unknown',
    option: gpt4o,
    change: { mode: 'thinking' },
    task: { thinking: 'allowed' },
    why: 'none for the mode',
  },
  { gate: 'capability', state: 'failed', option: gpt4o, change: { mode: 'thinking' }, why: 'may not think' },
  { gate: 'latency', state: 'passed', option: gpt4o, why: 'a preset is no rule' },
  {
    gate: 'latency',
    state: 'passed',
    option: gpt4o,
    task: { latency: { ttftP95: '2s' } },
    service: seen(2000),
    why: 'just',
  },
  {
    gate: 'latency',
    state: 'failed',
    option: gpt4o,
    task: { latency: { ttftP95: '2s' } },
    service: seen(2001),
    why: 'late',
  },
  {
    gate: 'latency',
    state: 'unknown',
    option: gpt4o,
    task: { latency: { ttftP95: '2s' } },
    service: seen(null),
    why: 'unknown',
  },
  {
    gate: 'latency',
    state: 'failed',
    option: gpt4o,
    task: { latency: { tokensPerSecond: 51 } },
    service: seen(1),
    why: 'slow',
  },
  {
    gate: 'latency',
    state: 'passed',
    option: gpt4o,
    task: { latency: { tokensPerSecond: 50 } },
    service: seen(1),
    why: 'just',
  },
  {
    gate: 'latency',
    state: 'failed',
    option: gpt4o,
    task: { latency: { totalP95: '4.9s' } },
    service: seen(1),
    why: 'too long',
  },
  { gate: 'offline', state: 'passed', option: gpt4o, why: 'not asked for' },
  { gate: 'offline', state: 'failed', option: gpt4o, blocks: { needs: { offline: true } }, why: 'needs a network' },
  {
    gate: 'offline',
    state: 'failed',
    option: rented,
    blocks: { needs: { offline: true } },
    why: 'needs a network too',
  },
  {
    gate: 'offline',
    state: 'passed',
    option: rented,
    change: { reach: 'own-premises' },
    blocks: { needs: { offline: true } },
    why: 'stands here',
  },
])('$gate $state: $option, $why', async ({ gate, state, why: _, ...asked }) => {
  const verdict = await ask(gate, asked);
  expect(verdict.state).toBe(state);
  const { need, reason, todo } = verdict.why();
  if (state !== 'passed')
    expect(
      [need, reason].every((text) => text.length > 3),
      `${need}: ${reason}`,
    ).toBe(true);
  expect(todo === null).toBe(state !== 'condition');
});
