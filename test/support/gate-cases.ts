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
const rented = 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand';
const spot = 'self-hosted-cloud/gcp/llama-3.1-8b@fp8/g2-standard-4/us-central1/spot';
const closed = 'self-hosted-cloud/verda/qwen2.5-3b@fp8/1xrtx-a6000-48gb/eu/on-demand';
const onDevice = 'edge/devices/gemma-3n-e4b@gguf-q4_k_m';
const atDesk = 'on-prem/own-room/llama-3.1-8b@gguf-q4_k_m/1xapple-m4-max-64gb/us/bought';

/** Easy enough for every model. */
const faq = { name: 'faq', type: 'faq-chat', capability: { minIndex: 1 } };
const plain: Written = { workload: { volume: 1000, profile: 'flat' }, tasks: [faq] };
const task = (more: object): Written => ({ ...plain, tasks: [{ ...faq, ...more }] });
const anyTtft = { latency: { ttftP95: 'any' } };
const data = (block: object): Written => ({ ...plain, data: block });
const busy = (volume: string): Written => ({ ...plain, workload: { volume, profile: 'flat' } });

export const gateCases: readonly GateCase[] = [
  { gate: 'preferences', option: gpt4o, written: { ...plain, preferences: { exclude: ['openai'] } }, passes: plain },
  {
    gate: 'preferences',
    option: gpt4o,
    written: { ...plain, preferences: { only: ['cloud-api', 'sfcompute'] } },
    passes: { ...plain, preferences: { only: ['cloud-api', 'openai'] } },
  },
  {
    gate: 'model-wishes',
    option: gpt4o,
    written: { ...plain, preferences: { exclude: ['gpt-4*'] } },
    passes: { ...plain, preferences: { exclude: ['gpt-5*'] } },
  },
  { gate: 'available', option: gpt4o, written: plain, passes: plain, days: ['2027-01-14', '2027-01-13'] },
  {
    gate: 'license',
    option: closed,
    written: plain,
    passes: plain,
    passesWith: (tables) => {
      const models = tables.models.map((row) => ({ ...row, commercialUse: 'yes' as const }));
      return tablesWith(tables, { models, modelOf: new Map(models.map((row) => [row.family, row])) });
    },
  },
  { gate: 'boundary', option: rented, written: data({ boundary: 'own-premises' }), passes: plain },
  {
    gate: 'agreements',
    option: gpt4o,
    written: data({ sensitivity: 'pii', agreements: [] }),
    passes: data({ sensitivity: 'pii', agreements: ['dpa'] }),
  },
  {
    gate: 'retention',
    option: 'cloud-api/deepseek/deepseek-v4-flash',
    written: data({ sensitivity: 'internal' }),
    passes: data({ boundary: 'anywhere' }),
  },
  {
    gate: 'regimes',
    option: gpt4o,
    written: data({ regimes: ['hipaa'], agreements: [] }),
    passes: data({ regimes: ['hipaa'], agreements: ['baa'] }),
  },
  {
    gate: 'residency',
    option: 'cloud-api/anthropic/claude-haiku-4-5',
    written: data({ residency: ['eea'] }),
    passes: data({ residency: ['us'] }),
  },
  { gate: 'fine-tuning', option: gpt4o, written: task({ needs: ['fine-tuning'] }), passes: plain },
  {
    gate: 'launch',
    option: rented,
    written: { ...plain, team: { launchWithin: '2 weeks' } },
    passes: { ...plain, team: { launchWithin: '3 weeks' } },
  },
  { gate: 'modality', option: rented, written: task({ needs: ['vision'] }), passes: plain },
  {
    gate: 'made-for',
    option: 'cloud-api/mistral/codestral-latest',
    written: plain,
    passes: task({ type: 'code-completion' }),
  },
  {
    gate: 'tools',
    option: 'open-model-api/azure/phi-4',
    written: task({ needs: ['tools'] }),
    passes: plain,
  },
  {
    gate: 'context',
    option: gpt4o,
    written: task({ tokens: { input: 128_000 } }),
    passes: task({ tokens: { input: 100_000 } }),
  },
  {
    gate: 'capability',
    option: gpt4o,
    written: task({ capability: { minIndex: 61 } }),
    passes: task({ capability: { minIndex: 60 } }),
  },
  { gate: 'ttft', option: gpt4o, written: task({ latency: { ttftP95: '1ms' } }), passes: plain },
  { gate: 'speed', option: gpt4o, written: task({ latency: { tokensPerSecond: 10_000 } }), passes: plain },
  { gate: 'total-time', option: gpt4o, written: task({ latency: { totalP95: '1ms' } }), passes: plain },
  { gate: 'offline', option: gpt4o, written: { ...plain, needs: { offline: true } }, passes: plain },
  {
    gate: 'interruption',
    option: spot,
    written: plain,
    passes: task({ deadline: '24h' }),
  },
  {
    gate: 'availability',
    option: nova,
    written: task({ availability: '99.99%' }),
    passes: task({ availability: '99.9%' }),
  },
  {
    gate: 'availability',
    option: atDesk,
    written: task({ availability: '99.95%' }),
    passes: task({ availability: '99.9%' }),
  },
  {
    gate: 'devices',
    option: onDevice,
    // Its first token takes longer than anybody waits for unasked.
    written: { ...task(anyTtft), devices: { count: 1000, classes: { 'apple-m1-16gb': '60%' } } },
    passes: { ...task(anyTtft), devices: { count: 1000, classes: { 'apple-m1-16gb': '100%' } } },
  },
  {
    gate: 'team',
    option: rented,
    written: { ...plain, team: { devops: 0, mayHire: false } },
    passes: { ...plain, team: { devops: 0, mayHire: true } },
  },
  {
    gate: 'budget',
    option: gpt4o,
    written: { ...busy('100k requests/day'), budget: { monthly: 100 } },
    passes: { ...busy('100k requests/day'), budget: { monthly: 100_000 } },
  },
  {
    gate: 'budget',
    // Work of setting up is no cash: what is bought is.
    option: atDesk,
    written: { ...plain, budget: { upfront: 0 } },
    passes: { ...plain, budget: { upfront: 100_000 } },
  },
  {
    gate: 'rate-limits',
    option: gpt4o,
    written: busy('50M requests/day'),
    passes: plain,
    says: /^ask openai whether it takes 52,083 requests in the busiest minute/,
  },
];

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
