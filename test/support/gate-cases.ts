import type { Tables } from '../../src/tables/tables.js';
import { asOf, tablesWith, type Written } from './scenario.js';

/**
 * For a rule: an option that it alone turns down, or (`says`) has something to say of, and a change of one input that
 * makes it pass.
 */
export type GateCase = {
  gate: string;
  option: string;
  written: Written;
  /** The same with one input changed, so that nothing stands in the way. */
  passes: Written;
  says?: RegExp;
  /** The days of the two assessments. */
  days?: [string, string];
  /** What the tables say instead, in the case where it passes. */
  passesWith?(tables: Tables): Tables;
};

const gpt4o = 'cloud-api/openai/gpt-4o';
const nova = 'cloud-api/aws-bedrock/amazon.nova-lite-v1:0';
const deepseek = 'cloud-api/deepseek/deepseek-v4-flash';
const haiku = 'cloud-api/anthropic/claude-haiku-4-5';
const rented = 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand';
const spot = 'self-hosted-cloud/gcp/llama-3.1-8b@fp8/g2-standard-4/us-central1/spot';
const closed = 'self-hosted-cloud/verda/qwen2.5-3b@fp8/1xrtx-a6000-48gb/eu/on-demand';
const onDevice = 'edge/devices/gemma-3n-e4b@gguf-q4_k_m';
const atDesk = 'on-prem/own-room/llama-3.1-8b@gguf-q4_k_m/1xapple-m4-max-64gb/us/bought';

/** Easy enough for every model. */
const faq = { name: 'faq', type: 'faq-chat', capability: { minIndex: 1 } };
const plain: Written = { workload: { volume: 1000, profile: 'flat' }, tasks: [faq] };
const task = (more: object): Written => ({ ...plain, tasks: [{ ...faq, ...more }] });
const data = (block: object): Written => ({ ...plain, data: block });
const wish = (block: object): Written => ({ ...plain, preferences: block });
const team = (block: object): Written => ({ ...plain, team: block });
const busy = (volume: string, more: object = {}): Written => ({
  ...plain,
  workload: { volume, profile: 'flat' },
  ...more,
});
// Its first token takes longer than anybody waits for unasked.
const laptops = (share: string): Written => ({
  ...task({ latency: { ttftP95: 'any' } }),
  devices: { count: 1000, classes: { 'apple-m1-16gb': share } },
});
const ofFreeLicense = (tables: Tables): Tables => {
  const models = tables.models.map((row) => ({ ...row, commercialUse: 'yes' as const }));
  return tablesWith(tables, { models, modelOf: new Map(models.map((row) => [row.family, row])) });
};

type Row = [gate: string, option: string, written: Written, passes?: Written, more?: Partial<GateCase>];
const rows: readonly Row[] = [
  ['preferences', gpt4o, wish({ exclude: ['openai'] })],
  ['preferences', gpt4o, wish({ only: ['cloud-api', 'sfcompute'] }), wish({ only: ['cloud-api', 'openai'] })],
  ['model-wishes', gpt4o, wish({ exclude: ['gpt-4*'] }), wish({ exclude: ['gpt-5*'] })],
  ['available', gpt4o, plain, plain, { days: ['2027-01-14', '2027-01-13'] }],
  ['license', closed, plain, plain, { passesWith: ofFreeLicense }],
  ['boundary', rented, data({ boundary: 'own-premises' })],
  [
    'agreements',
    gpt4o,
    data({ sensitivity: 'pii', agreements: [] }),
    data({ sensitivity: 'pii', agreements: ['dpa'] }),
  ],
  ['retention', deepseek, data({ sensitivity: 'internal' }), data({ boundary: 'anywhere' })],
  ['regimes', gpt4o, data({ regimes: ['hipaa'], agreements: [] }), data({ regimes: ['hipaa'], agreements: ['baa'] })],
  ['residency', haiku, data({ residency: ['eea'] }), data({ residency: ['us'] })],
  ['fine-tuning', gpt4o, task({ needs: ['fine-tuning'] })],
  ['launch', rented, team({ launchWithin: '2 weeks' }), team({ launchWithin: '3 weeks' })],
  ['modality', rented, task({ needs: ['vision'] })],
  ['made-for', 'cloud-api/mistral/codestral-latest', plain, task({ type: 'code-completion' })],
  ['tools', 'open-model-api/azure/phi-4', task({ needs: ['tools'] })],
  ['context', gpt4o, task({ tokens: { input: 128_000 } }), task({ tokens: { input: 100_000 } })],
  ['capability', gpt4o, task({ capability: { minIndex: 61 } }), task({ capability: { minIndex: 60 } })],
  ['ttft', gpt4o, task({ latency: { ttftP95: '1ms' } })],
  ['speed', gpt4o, task({ latency: { tokensPerSecond: 10_000 } })],
  ['total-time', gpt4o, task({ latency: { totalP95: '1ms' } })],
  ['offline', gpt4o, { ...plain, needs: { offline: true } }],
  ['interruption', spot, plain, task({ deadline: '24h' })],
  ['availability', nova, task({ availability: '99.99%' }), task({ availability: '99.9%' })],
  ['availability', atDesk, task({ availability: '99.95%' }), task({ availability: '99.9%' })],
  ['devices', onDevice, laptops('60%'), laptops('100%')],
  ['team', rented, team({ devops: 0, mayHire: false }), team({ devops: 0, mayHire: true })],
  ['budget', gpt4o, busy('100k', { budget: { monthly: 100 } }), busy('100k', { budget: { monthly: 100_000 } })],
  // Work of setting up is no cash: what is bought is.
  ['budget', atDesk, { ...plain, budget: { upfront: 0 } }, { ...plain, budget: { upfront: 100_000 } }],
  [
    'rate-limits',
    gpt4o,
    busy('50M'),
    plain,
    { says: /^ask openai whether it takes 52,083 requests in the busiest minute/ },
  ],
];
export const gateCases: readonly GateCase[] = rows.map(([gate, option, written, passes = plain, more]) => ({
  gate,
  option,
  written,
  passes,
  ...more,
}));

/** For a rule about what several places share: a plan that it alone turns down, and another, or another scenario, that passes. */
export type PlanCase = { gate: string; plan: string; written: Written; passes: { plan: string; written: Written } };

const two: Written = {
  workload: { volume: 1000, profile: 'flat' },
  tasks: [
    { ...faq, name: 'a', share: '50%' },
    { ...faq, name: 'b', share: '50%' },
  ],
};
const apart = `a=${gpt4o};b=${nova}`;
const owning = { ...two, existing: [{ accelerator: 'rtx-pro-6000-server-96gb', count: 8 }] };
const ownRoom = (b: string) =>
  `a=on-prem/own-room/gemma-4-e2b@nvfp4/4xrtx-pro-6000-server-96gb/us/owned;b=on-prem/own-room/qwen3.6-35b-a3b@mxfp4-ptq/${b}`;

export const planCases: readonly PlanCase[] = [
  {
    gate: 'places',
    plan: apart,
    written: { ...two, preferences: { maxDeployments: 1 } },
    passes: { plan: apart, written: { ...two, preferences: { maxDeployments: 2 } } },
  },
  {
    gate: 'owned-once',
    plan: ownRoom('2xrtx-pro-6000-server-96gb/us/owned'),
    written: owning,
    passes: { plan: ownRoom('2xrtx-pro-6000-server-96gb/us/bought'), written: owning },
  },
];

export const dayOf = ({ days }: GateCase, which: 0 | 1): string => days?.[which] ?? asOf;
