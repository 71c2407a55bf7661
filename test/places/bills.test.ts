import { expect, test } from 'vitest';
import { at, type CostLine, traceOf, traceOfUpfront } from '../../src/cost/curve.js';
import { findPlan } from '../../src/decide/find-plan.js';
import { linesOf, type Plan } from '../../src/decide/plan.js';
import type { Traced } from '../../src/formula/traced.js';
import type { Context } from '../../src/places/placement.js';
import { committedCase } from '../support/committed.js';
import { goldenTable, sixDigits } from '../support/golden-text.js';
import { recomputed } from '../support/recomputed.js';
import { caseOf, type Written } from '../support/scenario.js';

/**
 * Bills of plans in every deployment type, kept: every line at a tenth, at once and at seven times the volume, and where
 * asked what each line is made of. What moves here is what users pay; whether it is right is for the tests of each formula.
 */
const golden = (name: string) => `../golden/bills/${name}`;

type Asked = { scenario: string | Written; set?: string[]; plans: string[] };

async function plansOf({ scenario, set = [], plans }: Asked): Promise<{ context: Context; found: Plan[] }> {
  const context = typeof scenario === 'string' ? await committedCase(scenario, set) : await caseOf(scenario);
  const found = plans.map((id) => {
    const plan = findPlan(id, context);
    if (typeof plan === 'string') throw new Error(`${context.workload.name}: ${plan}`);
    return plan;
  });
  return { context, found };
}

const said = ({ once, atEnd, rateAssumed }: CostLine): string =>
  [once && 'once', atEnd && 'at the end', rateAssumed && 'rate assumed'].filter((word) => word).join(', ');

/** The tables that a figure comes from; their rows move when others are added. */
const tablesOf = (sources: readonly { table: string }[]): string =>
  [...new Set(sources.map(({ table }) => table))].sort().join(' ');

function bill(plan: Plan, { workload }: Context, name: string): Record<string, string | number>[] {
  const volume = workload.requestsPerDay;
  return linesOf(plan).map((line) => ({
    plan: name,
    line: line.part,
    tenth: at(line.curve, volume / 10),
    usdPerMonth: at(line.curve, volume),
    sevenfold: at(line.curve, 7 * volume),
    upfront: line.upfront,
    said: said(line),
    from: tablesOf(line.sources()),
  }));
}

/** A figure and what it is made of, an indented line each; what was told before is not told again. */
function tree(traced: Traced, indent: string, told: Set<string>): string[] {
  const { label, value, unit, how, assumption, path, formula, parts, sources } = traced;
  const origin = [assumption, path, tablesOf(sources), how === 'predicted' && formula].filter((word) => word);
  // What is left of a difference of equals is rounding.
  const kept = parts.length > 0 && Math.abs(value) < 1e-9 ? 0 : sixDigits(value);
  const one = `${kept} ${unit}  ${label}${origin.length > 0 ? ` [${origin.join('; ')}]` : ''}`;
  if (parts.length === 0) return [`${indent}${one}`];
  if (told.has(one)) return [`${indent}${one} (as above)`];
  told.add(one);
  return [`${indent}${one} = ${how} of`, ...parts.flatMap((part) => tree(part, `${indent}  `, told))];
}

function told(plan: Plan, { workload }: Context): string[] {
  const known = new Set<string>();
  return [
    '',
    `${plan.id}: ${sixDigits(plan.monthlyUsd)} USD/month, ${sixDigits(plan.upfrontUsd)} USD up front, ${sixDigits(plan.fte)} FTE`,
    ...linesOf(plan).flatMap((line) => {
      const traced = traceOf(line, workload.requestsPerDay);
      const usd = at(line.curve, workload.requestsPerDay);
      expect(unsaid(traced), line.part).toEqual([]);
      expect(Math.abs(recomputed(traced) - usd), line.part).toBeLessThanOrEqual(1e-9 * Math.max(1, usd));
      const monthly = tree(traced, '    ', known);
      const upfront = line.upfront === 0 ? [] : ['    up front:', ...tree(traceOfUpfront(line), '    ', known)];
      return ['', `  ${[line.part, said(line)].join(' ').trim()}: ${traced.formula}`, ...monthly, ...upfront];
    }),
  ];
}

/** Figures without a name or a unit, arithmetic of nothing, predictions without words, and prices from nowhere. */
const unsaid = ({ label, value, unit, how, parts, sources, assumption, path, formula }: Traced): string[] => [
  ...(label === '' || unit === '' ? [`${how} "${label}" in "${unit}"`] : []),
  ...(how !== 'given' && how !== 'predicted' && parts.length === 0 && value !== 0
    ? [`${label}: ${how} of nothing`]
    : []),
  ...(how === 'predicted' && formula === null ? [`${label} has no formula`] : []),
  ...(how === 'given' &&
  value !== 0 &&
  unit.startsWith('USD') &&
  sources.length === 0 &&
  assumption === null &&
  path === null
    ? [`${label} is from nowhere`]
    : []),
  ...parts.flatMap(unsaid),
];

/** Bills that are kept with all they are made of: one of each deployment type. */
const whole: ReadonlySet<string> = new Set([
  'api-prefix',
  'api-session',
  'devices',
  'own-machine',
  'places-for-a-chatbot',
  'turns-and-documents',
]);

const everyKind = [
  'cloud-api/alibaba/qwen-turbo',
  'open-model-api/together/google/gemma-3n-E4B-it',
  'managed-hosting/huggingface/gemma-4-e2b@int8-w8a8/inference-endpoints-aws-nvidia-t4-x1',
  'serverless-gpu/modal/qwen3.5-2b@int4-nf4/functions-t4-16gb',
  'self-hosted-cloud/verda/qwen3.5-2b@int4-awq/1xrtx-a6000-48gb/eu/spot',
  'on-prem/colocation/gemma-4-e2b@int8-w8a8/4xl4-24gb/us/bought',
];
const rented = 'self-hosted-cloud/verda/qwen3.5-2b@int4-awq/1xrtx-a6000-48gb/eu/spot';
const tuned = 'opinions.tuned=self-hosted-cloud/verda/qwen3.5-9b@int8-w8a8/1xrtx-a6000-48gb/eu/spot';
const laptop = 'on-prem/own-room/qwen3.6-35b-a3b@gguf-q8_0/1xapple-m3-max-64gb/us/owned';
const hourly = everyKind.filter((id) => !/^(on-prem|cloud-api)/.test(id));

test.each([
  ...['', 'workload.growth=5% per month'].map((growth): [string, Asked] => [
    growth === '' ? 'api-prefix' : 'api-prefix-growing',
    {
      scenario: 'support-chatbot',
      set: [
        'tasks.support.tokens.input=4000',
        'tasks.support.tokens.cacheablePrefix=2500',
        ...(growth ? [growth, 'workload.horizon=4 months'] : []),
      ],
      plans: ['cloud-api/anthropic/claude-sonnet-5'],
    },
  ]),
  [
    'api-long-prompts',
    {
      scenario: 'support-chatbot',
      set: [
        'tasks.support.tokens.input=300000',
        'tasks.support.tokens.cacheablePrefix=250000',
        'tasks.support.tokens.cacheHitRate=60%',
        'workload.volume=200 requests/day',
      ],
      plans: ['cloud-api/google/gemini-2.5-pro+thinking', 'cloud-api/anthropic/claude-sonnet-4-5'],
    },
  ],
  [
    'api-batch',
    {
      scenario: 'support-chatbot',
      set: ['tasks.support.deadline=24h'],
      plans: ['cloud-api/google/gemini-3.7-flash+thinking', 'cloud-api/anthropic/claude-sonnet-5'],
    },
  ],
  ['places-for-a-chatbot', { scenario: 'support-chatbot', plans: everyKind.slice(2) }],
  [
    'own-machine',
    { scenario: 'owned-laptop', plans: ['on-prem/own-room/qwen3.6-35b-a3b@gguf-q8_0/1xapple-m3-max-64gb/us/owned'] },
  ],
  ['devices', { scenario: 'field-technicians', plans: ['edge/devices/qwen3.5-2b@gguf-q8_0'] }],
  [
    'base-and-peak',
    {
      scenario: 'evening-peaks',
      plans: [
        'answer.base=on-prem/own-room/qwen3.5-27b@mxfp4-ptq/8xb300-sxm-288gb/us/bought;answer.peak=cloud-api/alibaba/qwen3.6-flash',
      ],
    },
  ],
  [
    'turns-and-documents',
    {
      scenario: 'support-chatbot',
      set: ['workload.turns=4', 'needs.rag={documents: 200M tokens, retrieved: 1000}'],
      plans: ['cloud-api/alibaba/qwen-turbo'],
    },
  ],
  [
    'api-session',
    {
      scenario: 'support-chatbot',
      set: ['workload.turns=4', 'tasks.support.tokens.input=4000', 'tasks.support.tokens.cacheablePrefix=2500'],
      plans: ['cloud-api/anthropic/claude-sonnet-5'],
    },
  ],
  [
    'many-machines',
    {
      scenario: 'support-chatbot',
      set: ['workload.volume=900k requests/day', 'workload.growth=40% per month', 'workload.horizon=2 months'],
      plans: [rented],
    },
  ],
  ...[{}, { deadline: '24h' }].map((when): [string, Asked] => [
    'deadline' in when ? 'work-that-may-wait' : 'work-of-its-own-volume',
    {
      scenario: {
        workload: { volume: '900k requests/day' },
        tasks: [
          { name: 'faq', type: 'faq-chat' },
          { name: 'sort', type: 'classification', volume: '6M requests/day', ...when },
        ],
      },
      plans: [rented],
    },
  ]),
  [
    'commitment-beyond-the-horizon',
    {
      scenario: 'support-chatbot',
      set: ['workload.horizon=18 months'],
      plans: ['self-hosted-cloud/gcp/qwen3.5-2b@int4-awq/g2-standard-4/us-central1/reserved-1y'],
    },
  ],
  ['tuned', { scenario: 'legal-rag', plans: [tuned] }],
  [
    'growing-and-tuned',
    {
      scenario: 'tuned-claims-letters',
      set: ['workload.growth=6% per month', 'assumptions.priceDeclinePerYear=0.3', 'workload.horizon=5 months'],
      plans: [
        'open-model-api/together/google/gemma-3n-E4B-it',
        'serverless-gpu/cerebrium/qwen3.6-27b@bf16/serverless-a100-sxm-80gb',
      ],
    },
  ],
] as [string, Asked][])('what every line is made of: %s', async (name, asked) => {
  const { context, found } = await plansOf(asked);
  const lines = found.flatMap((plan) => told(plan, context));
  // Of what differs from another bill in one thing, the lines and their sums.
  const kept = whole.has(name) ? lines : lines.filter((line) => !/^ {5}/.test(line) && line !== '');
  await expect(`${kept.join('\n').trimStart()}\n`).toMatchFileSnapshot(golden(`${name}.txt`));
});

test('bills: every line at three volumes', async () => {
  const all: Asked[] = [
    { scenario: 'support-chatbot', plans: everyKind },
    {
      scenario: 'support-chatbot',
      set: ['workload.growth=5% per month', 'assumptions.priceDeclinePerYear=0.3'],
      plans: everyKind,
    },
    { scenario: 'nightly-calls', plans: [...hourly, 'cloud-api/aws-bedrock/amazon.nova-micro-v1:0'] },
    {
      scenario: 'clinic-notes',
      plans: [
        'cloud-api/azure/gpt-5-nano',
        'self-hosted-cloud/azure/qwen3.5-2b@int4-awq/Standard_NC4as_T4_v3/eastus/on-demand',
      ],
    },
    {
      scenario: 'regulated-hybrid',
      plans: [
        'customer-files=self-hosted-cloud/gcp/qwen3.5-2b@int4-awq/g2-standard-4/us-central1/reserved-1y;analysis=cloud-api/anthropic/claude-opus-5+thinking',
      ],
    },
    {
      scenario: 'two-providers',
      plans: [
        'support.main=cloud-api/azure/claude-sonnet-5;support.standby=cloud-api/google-vertex/claude-sonnet-5@default',
      ],
    },
    {
      scenario: 'support-escalation',
      plans: [
        'support.first=open-model-api/novita/qwen/qwen3-4b-fp8;support.escalated=open-model-api/novita/xiaomimimo/mimo-v2-flash',
      ],
    },
    {
      scenario: 'redacted-claims',
      plans: [
        'claims.redaction=self-hosted-cloud/verda/qwen3.5-2b@int4-awq/1xrtx-a6000-48gb/eu/spot;claims.redacted=cloud-api/azure/claude-sonnet-5;claims.rest=cloud-api/azure/claude-sonnet-5',
      ],
    },
    {
      scenario: 'assistant-on-phones',
      plans: [
        'assistant.device=edge/devices/qwen3.5-4b@gguf-iq4_xs/8gb-up;assistant.fallback=serverless-gpu/runpod/qwen3.5-4b@int8-w8a8/serverless-flex-4090-tier',
      ],
    },
    {
      scenario: 'factory-sites',
      plans: ['on-prem/own-room/qwen3.5-2b@gguf-q6_k/1xjetson-orin-nano-super-8gb/eea/bought'],
    },
    {
      scenario: 'hr-system',
      plans: [
        'resumes=on-prem/own-room/qwen3.5-2b@mxfp4-ptq/1xjetson-orin-nano-super-8gb/eea/bought;job-descriptions=cloud-api/azure/claude-sonnet-5',
      ],
    },
    {
      scenario: 'keyboard-development',
      plans: [
        'completion=edge/devices/qwen3.5-0.8b@gguf-q8_0;completion.dev=open-model-api/together/google/gemma-3n-E4B-it',
      ],
    },
    { scenario: 'overnight-claims', plans: ['self-hosted-cloud/verda/qwen3.5-4b@int8-w8a8/1xrtx-a6000-48gb/eu/spot'] },
    {
      scenario: 'legal-rag',
      plans: [tuned, 'on-prem/colocation/qwen3.5-9b@int8-w8a8/4xl40s-48gb/us/bought'],
    },
    {
      scenario: 'product-launch',
      plans: [
        'advise=open-model-api/aws-bedrock/nvidia.nemotron-nano-9b-v2;sort=open-model-api/aws-bedrock/google.gemma-3-4b-it',
      ],
    },
  ];
  all.push(
    {
      scenario: 'support-chatbot',
      set: ['workload.turns=4', 'needs.rag={documents: 200M tokens, retrieved: 1000}'],
      plans: [
        'cloud-api/anthropic/claude-sonnet-5',
        'managed-hosting/aws/gemma-4-e2b@int8-w8a8/sagemaker-real-time-ml.g6.2xlarge',
        'serverless-gpu/runpod/qwen3.5-2b@int8-w8a8/serverless-flex-L4-A5000-3090-tier',
      ],
    },
    { scenario: 'owned-laptop', set: ['workload.volume=60k requests/day'], plans: [laptop] },
    {
      scenario: 'support-chatbot',
      set: ['workload.turns=4'],
      plans: ['managed-hosting/azure/gpt-4.1/openai-PTU-global-hourly'],
    },
    { scenario: 'tuned-claims-letters', plans: ['cloud-api/azure/gpt-4.1-mini'] },
    {
      scenario: {
        workload: { volume: '900k requests/day' },
        tasks: [
          { name: 'faq', type: 'faq-chat' },
          { name: 'sort', type: 'classification' },
        ],
      },
      plans: [`faq=${rented};sort=${rented.replace('qwen3.5-2b', 'qwen3.5-4b').replace('int4-awq', 'int8-w8a8')}`],
    },
  );
  const rows: Record<string, string | number>[] = [];
  for (const asked of all) {
    const { context, found } = await plansOf(asked);
    for (const plan of found) {
      expect(linesOf(plan).flatMap((line) => unsaid(traceOf(line, context.workload.requestsPerDay)))).toEqual([]);
      rows.push(
        ...bill(
          plan,
          context,
          [typeof asked.scenario === 'string' ? asked.scenario : 'two tasks', ...(asked.set ?? []), plan.id].join(' '),
        ),
      );
    }
  }
  await expect(goldenTable(rows)).toMatchFileSnapshot(golden('bills.csv'));
});
