import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Option } from '../../src/places/option.js';
import type { Context, TaskService } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { gates } from '../../src/rules/registry.js';
import type { Verdict } from '../../src/rules/rule.js';
import type { ApiRow, CapabilityRow, ProviderRow, TuningRow } from '../../src/tables/columns.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { compactJson } from '../support/compact-json.js';
import { caseOf, tablesWith, type Written } from '../support/scenario.js';

type Asked = {
  option: string;
  change?: Partial<Option>;
  /** Of the option's provider. */
  provider?: Partial<ProviderRow>;
  /** Of its rows on tuning. */
  tuning?: Partial<TuningRow>;
  unknownParameter?: string;
  task?: object;
  blocks?: object;
  service?: TaskService | null;
};

async function ask(
  gate: string,
  { option, change = {}, provider = {}, tuning = {}, unknownParameter = '', task = {}, blocks = {}, service }: Asked,
): Promise<Verdict> {
  const written: Written = {
    workload: { volume: 1000 },
    tasks: [{ name: 'only', type: 'faq-chat', ...task }],
    ...blocks,
  };
  const context = changed(await caseOf(written), option, { provider, tuning, unknownParameter });
  const [taskPart] = context.workload.taskParts as [TaskPart];
  for (const placement of placements) {
    const found = placement.lookUp(option, context);
    if (found === null) continue;
    const asked = { ...found, ...change };
    const seen = placement.service(found, taskPart, context);
    const check = gates.find(({ id }) => id === gate);
    if (check === undefined) throw new Error(`no gate ${gate}`);
    return check.check(asked, taskPart, context, service !== undefined ? service : 'unpriced' in seen ? null : seen);
  }
  throw new Error(`no option ${option}`);
}

/** The case with another row of the option's provider, or without a parameter. */
function changed(
  context: Context,
  option: string,
  { provider, tuning: stated, unknownParameter }: Required<Pick<Asked, 'provider' | 'tuning' | 'unknownParameter'>>,
) {
  const { tables } = context;
  const name = option.split('/')[1] ?? '';
  const row = tables.providerOf.get(name);
  const providerOf = new Map(tables.providerOf);
  if (row !== undefined) providerOf.set(name, { ...row, ...provider });
  const parameterOf = new Map([...tables.parameterOf].filter(([parameter]) => parameter !== unknownParameter));
  const tuning = tables.tuning.map((row) => (row.provider === name ? { ...row, ...stated } : row));
  return { ...context, tables: tablesWith(tables, { providerOf, parameterOf, tuning }) };
}

const gpt4o = 'cloud-api/openai/gpt-4o'; // index 60.0, band 55.4 to 64.4; retires 2027-01-14; 128,000 tokens, writes 16,384
const claude = 'cloud-api/anthropic/claude-haiku-4-5';
const nova = 'cloud-api/aws-bedrock/amazon.nova-lite-v1:0';
const rented = 'self-hosted-cloud/aws/llama-3.1-8b@fp8/g6.xlarge/us-east-1/on-demand';
const onDevice = 'edge/devices/gemma-3n-e4b@gguf-q4_k_m';
const atDesk = 'on-prem/own-room/llama-3.1-8b@gguf-q4_k_m/1xapple-m4-max-64gb/us/bought';
const serverless = 'serverless-gpu/modal/llama-3.1-8b@fp8/functions-l4-24gb';
const tuned = { blocks: { needs: { fineTuning: true } } };
const regimes = (...names: string[]) => ({
  data: { sensitivity: 'regulated', boundary: 'under-contract', regimes: names },
});
const residency = (...regions: string[]) => ({ data: { residency: regions } });
const seen = (ttftP95Ms: number | null): TaskService => ({
  ...{ ttftP95Ms, tokensPerSecond: 50, totalP95Ms: 5000, unitRequestsPerS: null, limitedBy: null },
});
const pii = { data: { sensitivity: 'pii' } };
const wishes = (preferences: object) => ({ preferences });
const fleetOf = (classes: object) => ({ devices: { count: 1000, classes } });
const knownTools = (toolUse: CapabilityRow['toolUse']): Partial<Option> => ({
  capability: { family: 'llama-3.1-8b', toolUse } as CapabilityRow,
});
const forCode: Partial<Option> = { capability: { family: 'llama-3.1-8b', madeFor: 'code' } as CapabilityRow };
const spot = { change: { purchase: 'spot' as const } };
const speed = (speed: 'fast' | 'spot') => ({ change: { api: { speed } as ApiRow } });
const retired = (retires: string) => ({ change: { retires } });

const rows: ({ gate: string; state: Verdict['state']; why: string } & Asked)[] = [
  { gate: 'available', state: 'passed', option: claude, why: 'no end in sight' },
  { gate: 'available', state: 'failed', option: gpt4o, ...retired('2026-11-20'), why: 'retires on the day itself' },
  { gate: 'available', state: 'condition', option: gpt4o, ...retired('2026-11-21'), why: 'retires a day later' },
  { gate: 'available', state: 'condition', option: gpt4o, why: 'retires within the 12 months' },
  {
    gate: 'available',
    state: 'condition',
    option: gpt4o,
    ...retired('2027-11-19'),
    why: 'on the last day of the horizon',
  },
  { gate: 'available', state: 'passed', option: gpt4o, ...retired('2027-11-20'), why: 'after the horizon' },
  { gate: 'license', state: 'condition', option: rented, why: 'a community license has conditions' },
  { gate: 'license', state: 'failed', option: rented, change: { license: 'no' }, why: 'not for commerce' },
  {
    gate: 'license',
    state: 'condition',
    option: onDevice,
    why: 'so it is on devices',
  },
  {
    gate: 'license',
    state: 'condition',
    option: gpt4o,
    change: { license: 'conditional' },
    why: 'conditions that the tables do not name',
  },
  {
    gate: 'license',
    state: 'unknown',
    option: rented,
    change: { license: 'unknown' },
    why: 'nobody knows the license',
  },
  { gate: 'license', state: 'passed', option: rented, change: { license: 'yes' }, why: 'free to use' },
  { gate: 'boundary', state: 'passed', option: gpt4o, blocks: { data: { sensitivity: 'public' } }, why: 'anywhere' },
  { gate: 'boundary', state: 'passed', option: gpt4o, why: 'internal data, no training' },
  { gate: 'agreements', state: 'condition', option: gpt4o, blocks: { data: { sensitivity: 'pii' } }, why: 'to sign' },
  {
    gate: 'agreements',
    state: 'passed',
    option: gpt4o,
    blocks: { data: { sensitivity: 'pii', agreements: ['dpa'] } },
    why: 'a processing agreement is signed',
  },
  {
    gate: 'agreements',
    state: 'failed',
    option: gpt4o,
    blocks: { data: { sensitivity: 'pii', agreements: [] } },
    why: 'none is signed or can be',
  },
  { gate: 'retention', state: 'failed', option: 'cloud-api/deepseek/deepseek-v4-flash', why: 'trains on what it sees' },
  { gate: 'retention', state: 'unknown', option: nova, change: { provider: 'meta' }, why: 'terms are not known' },
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
  {
    gate: 'residency',
    state: 'condition',
    option: claude,
    blocks: residency('us'),
    why: 'its endpoint in the US, not the global one',
  },
  { gate: 'residency', state: 'failed', option: claude, blocks: residency('eea'), why: 'offers no EEA' },
  { gate: 'residency', state: 'condition', option: claude, blocks: residency('eea', 'us'), why: 'either will do' },
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
  { gate: 'fine-tuning', state: 'failed', option: gpt4o, ...tuned, why: 'closed to new customers' },
  { gate: 'fine-tuning', state: 'failed', option: gpt4o, task: { needs: ['fine-tuning'] }, why: 'asked by the task' },
  { gate: 'fine-tuning', state: 'failed', option: claude, ...tuned, why: 'the provider tunes nothing' },
  { gate: 'fine-tuning', state: 'failed', option: 'cloud-api/mistral/mistral-large-2411', ...tuned, why: 'deprecated' },
  {
    gate: 'fine-tuning',
    state: 'failed',
    option: 'open-model-api/together/openai/gpt-oss-20b+thinking',
    ...tuned,
    why: 'machines by the hour',
  },
  { gate: 'fine-tuning', state: 'failed', option: 'cloud-api/azure/gpt-5-nano', ...tuned, why: 'a fee nobody knows' },
  {
    gate: 'fine-tuning',
    state: 'passed',
    option: nova,
    ...tuned,
    why: 'like its base, and what training costs is known',
  },
  {
    gate: 'fine-tuning',
    state: 'failed',
    option: nova,
    blocks: { needs: { fineTuning: true }, data: { residency: ['eea'] } },
    why: 'trained in the United States',
  },
  {
    gate: 'fine-tuning',
    state: 'condition',
    option: 'cloud-api/azure/gpt-4.1-mini',
    blocks: { needs: { fineTuning: true }, data: { residency: ['eea'] } },
    why: 'an hourly fee; training has no price, and the region is to be arranged',
  },
  {
    gate: 'fine-tuning',
    state: 'condition',
    option: 'cloud-api/google-vertex/gemini-2.5-flash',
    ...tuned,
    why: 'the source is weak',
  },
  {
    gate: 'fine-tuning',
    state: 'condition',
    option: 'open-model-api/deepinfra/openai/gpt-oss-20b+thinking',
    ...tuned,
    why: 'serves adapters made elsewhere',
  },
  {
    gate: 'fine-tuning',
    state: 'condition',
    option: 'open-model-api/aws-bedrock/openai.gpt-oss-20b+thinking',
    ...tuned,
    why: 'tuned by reinforcement alone',
  },
  {
    gate: 'fine-tuning',
    state: 'condition',
    option: 'open-model-api/together/openai/gpt-oss-20b+thinking',
    tuning: { provider: 'nobody' },
    ...tuned,
    why: 'the tables do not say',
  },
  {
    gate: 'fine-tuning',
    state: 'unknown',
    option: 'managed-hosting/azure/gpt-4.1/openai-PTU-global-hourly',
    ...tuned,
    why: 'throughput by the unit, of which nobody says that it serves tuned models',
  },
  {
    gate: 'available',
    state: 'condition',
    option: 'managed-hosting/azure/gpt-4.1/openai-PTU-regional-hourly',
    why: 'reservations in one region have no published price',
  },
  {
    gate: 'residency',
    state: 'failed',
    option: 'managed-hosting/azure/gpt-4.1/openai-PTU-global-hourly',
    blocks: { data: { residency: ['eea'] } },
    why: 'a global purchase is bound to no region',
  },
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
    state: 'passed',
    option: gpt4o,
    change: { contextTokens: 8191 },
    why: 'less than is usual is warned of',
  },
  {
    gate: 'context',
    state: 'failed',
    option: gpt4o,
    task: { tokens: { input: 1150, output: 350, maxInput: 7842 } },
    change: { contextTokens: 8191 },
    why: 'a longest prompt that is written has to fit',
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
  { gate: 'agreements', state: 'passed', option: gpt4o, why: 'internal data need no processor' },
  { gate: 'agreements', state: 'passed', option: rented, blocks: pii, why: 'a machine in our own account' },
  { gate: 'agreements', state: 'unknown', option: gpt4o, provider: { agreements: [] }, blocks: pii, why: 'blank' },
  {
    gate: 'agreements',
    state: 'failed',
    option: gpt4o,
    provider: { agreements: ['no:dpa'] },
    blocks: pii,
    why: 'not offered',
  },
  { gate: 'retention', state: 'passed', option: gpt4o, why: 'does not train' },
  { gate: 'retention', state: 'condition', option: gpt4o, provider: { options: ['no-training?'] }, why: 'on request' },
  {
    gate: 'retention',
    state: 'passed',
    option: 'cloud-api/deepseek/deepseek-v4-flash',
    blocks: { data: { sensitivity: 'public' } },
    why: 'public data may be trained on',
  },
  { gate: 'retention', state: 'passed', option: rented, why: 'ours' },
  { gate: 'ttft', state: 'passed', option: gpt4o, why: 'a preset is no rule' },
  {
    gate: 'ttft',
    state: 'passed',
    option: gpt4o,
    task: { latency: { ttftP95: '2s' } },
    service: seen(2000),
    why: 'just',
  },
  {
    gate: 'ttft',
    state: 'failed',
    option: gpt4o,
    task: { latency: { ttftP95: '2s' } },
    service: seen(2001),
    why: 'late',
  },
  {
    gate: 'ttft',
    state: 'unknown',
    option: gpt4o,
    task: { latency: { ttftP95: '2s' } },
    service: seen(null),
    why: 'unknown',
  },
  {
    gate: 'ttft',
    state: 'unknown',
    option: gpt4o,
    task: { latency: { ttftP95: '2s' } },
    service: null,
    why: 'not run',
  },
  ...(
    [
      ['passed', '3500ms', 'beyond the band of an estimate'],
      ['condition', '3499ms', 'within it: to be measured'],
      ['condition', '1800ms', 'still within'],
      ['failed', '1799ms', 'short of it'],
    ] as const
  ).map(([state, ttftP95, why]) => ({
    ...{ gate: 'ttft', state, option: gpt4o, task: { latency: { ttftP95 } }, why },
    service: { ...seen(2500), ttftP95Band: { low: 1800, high: 3500 } },
  })),
  // Usual for faq-chat are 0.8 s: ten times that is less than the 10 s that are never too late.
  { gate: 'ttft', state: 'passed', option: gpt4o, service: seen(10_000), why: 'as late as somebody waits' },
  { gate: 'ttft', state: 'failed', option: gpt4o, service: seen(10_001), why: 'nobody waits so long' },
  { gate: 'ttft', state: 'passed', option: gpt4o, service: seen(null), why: 'not known to be later' },
  {
    gate: 'ttft',
    state: 'passed',
    option: gpt4o,
    service: { ...seen(20_000), ttftP95AloneMs: 9000 },
    why: 'of machines counts what no queue changes',
  },
  {
    gate: 'ttft',
    state: 'passed',
    option: gpt4o,
    task: { latency: { ttftP95: 'any' } },
    service: seen(10_001),
    why: 'any will do',
  },
  {
    gate: 'ttft',
    state: 'passed',
    option: gpt4o,
    task: { deadline: '24h' },
    service: seen(10_001),
    why: 'nobody waits',
  },
  {
    gate: 'ttft',
    state: 'passed',
    option: gpt4o,
    task: { latency: { ttftP95: '20s' } },
    service: seen(20_000),
    why: 'a target that was written holds instead',
  },
  { gate: 'speed', state: 'passed', option: gpt4o, service: seen(1), why: 'no target' },
  {
    gate: 'speed',
    state: 'failed',
    option: gpt4o,
    task: { latency: { tokensPerSecond: 51 } },
    service: seen(1),
    why: 'slow',
  },
  {
    gate: 'speed',
    state: 'passed',
    option: gpt4o,
    task: { latency: { tokensPerSecond: 50 } },
    service: seen(1),
    why: 'just',
  },
  {
    gate: 'speed',
    state: 'unknown',
    option: gpt4o,
    task: { latency: { tokensPerSecond: 50 } },
    service: null,
    why: 'unknown',
  },
  { gate: 'total-time', state: 'passed', option: gpt4o, service: seen(1), why: 'no target' },
  {
    gate: 'total-time',
    state: 'failed',
    option: gpt4o,
    task: { latency: { totalP95: '4.9s' } },
    service: seen(1),
    why: 'too long',
  },
  {
    gate: 'total-time',
    state: 'passed',
    option: gpt4o,
    task: { latency: { totalP95: '5s' } },
    service: seen(1),
    why: 'just',
  },
  {
    gate: 'total-time',
    state: 'unknown',
    option: gpt4o,
    task: { latency: { totalP95: '5s' } },
    service: null,
    why: 'unknown',
  },
  { gate: 'tools', state: 'passed', option: gpt4o, task: { needs: ['tools'] }, why: 'calls tools' },
  { gate: 'tools', state: 'passed', option: rented, change: knownTools('no'), why: 'nobody asks for them' },
  {
    gate: 'tools',
    state: 'failed',
    option: rented,
    change: knownTools('no'),
    task: { needs: ['tools'] },
    why: 'calls none',
  },
  {
    gate: 'tools',
    state: 'failed',
    option: rented,
    change: knownTools('no'),
    task: { type: 'support-agent-tools' },
    why: 'the preset asks for them',
  },
  {
    gate: 'tools',
    state: 'unknown',
    option: rented,
    change: knownTools('unknown'),
    task: { needs: ['tools'] },
    why: 'nobody knows',
  },
  {
    gate: 'tools',
    state: 'unknown',
    option: rented,
    change: { capability: null },
    task: { needs: ['tools'] },
    why: 'the tables do not know the model',
  },
  {
    gate: 'made-for',
    state: 'passed',
    option: rented,
    task: { type: 'faq-chat' },
    why: 'made for nothing in particular',
  },
  { gate: 'made-for', state: 'failed', option: rented, change: forCode, why: 'prose' },
  { gate: 'made-for', state: 'passed', option: rented, change: forCode, task: { type: 'code-chat' }, why: 'code' },
  {
    gate: 'made-for',
    state: 'passed',
    option: rented,
    change: { capability: null },
    why: 'the tables do not know the model',
  },
  {
    gate: 'made-for',
    state: 'passed',
    option: rented,
    change: forCode,
    blocks: wishes({ only: ['llama-3.1*'] }),
    why: 'wanted by name',
  },
  {
    gate: 'made-for',
    state: 'failed',
    option: rented,
    change: forCode,
    blocks: wishes({ only: ['aws'] }),
    why: 'only its place is wanted',
  },
  {
    gate: 'made-for',
    state: 'passed',
    option: rented,
    change: forCode,
    task: { capability: { atLeast: 'llama-3.1-8b' } },
    why: 'it sets the bar',
  },
  {
    gate: 'made-for',
    state: 'failed',
    option: rented,
    change: forCode,
    task: { capability: { atLeast: 'llama-3.1-70b' } },
    why: 'another model sets the bar',
  },
  {
    gate: 'made-for',
    state: 'passed',
    option: rented,
    change: forCode,
    blocks: { today: { option: 'open-model-api/novita/llama-3.1-8b', bill: 10 } },
    why: 'in use today',
  },
  {
    gate: 'made-for',
    state: 'failed',
    option: rented,
    change: forCode,
    blocks: { today: { option: 'open-model-api/novita/llama-3.1-8b-instruct', bill: 10 } },
    why: 'another model is in use',
  },
  { gate: 'launch', state: 'passed', option: rented, why: 'no date' },
  {
    gate: 'launch',
    state: 'passed',
    option: rented,
    blocks: { team: { launchWithin: '3 weeks' } },
    why: 'just in time',
  },
  { gate: 'launch', state: 'failed', option: rented, blocks: { team: { launchWithin: '2 weeks' } }, why: 'too late' },
  {
    gate: 'launch',
    state: 'failed',
    option: rented,
    blocks: { team: { launchWithin: '1 week' } },
    why: 'far too late',
  },
  {
    gate: 'launch',
    state: 'failed',
    option: rented,
    change: { purchase: 'reserved-1y' },
    blocks: { team: { launchWithin: '3 weeks' } },
    why: 'a commitment takes longer',
  },
  {
    gate: 'launch',
    state: 'unknown',
    option: rented,
    unknownParameter: 'leadTimeSelfHostedCloud',
    blocks: { team: { launchWithin: '3 weeks' } },
    why: 'the tables do not say',
  },
  {
    gate: 'model-wishes',
    state: 'passed',
    option: rented,
    blocks: wishes({ exclude: ['gpt-4*'] }),
    why: 'another model',
  },
  { gate: 'model-wishes', state: 'failed', option: rented, blocks: wishes({ only: ['gpt-4o'] }), why: 'not the one' },
  { gate: 'preferences', state: 'passed', option: rented, why: 'no wishes' },
  {
    gate: 'preferences',
    state: 'passed',
    option: rented,
    blocks: wishes({ exclude: ['spot'] }),
    why: 'another purchase',
  },
  { gate: 'preferences', state: 'failed', option: rented, blocks: wishes({ exclude: ['aws'] }), why: 'unwanted' },
  {
    gate: 'preferences',
    state: 'failed',
    option: rented,
    blocks: wishes({ only: ['cloud-api'] }),
    why: 'another kind',
  },
  {
    gate: 'preferences',
    state: 'passed',
    option: rented,
    blocks: wishes({ only: ['self-hosted-cloud', 'aws'] }),
    why: 'wanted by kind and provider',
  },
  { gate: 'interruption', state: 'passed', option: rented, why: 'it stays' },
  { gate: 'interruption', state: 'failed', option: rented, ...spot, why: 'somebody waits' },
  { gate: 'interruption', state: 'failed', option: rented, ...spot, task: { deadline: '5h' }, why: 'five hours' },
  { gate: 'interruption', state: 'passed', option: rented, ...spot, task: { deadline: '6h' }, why: 'nobody waits' },
  {
    gate: 'interruption',
    state: 'condition',
    option: rented,
    ...spot,
    blocks: wishes({ include: ['spot'] }),
    why: 'by name',
  },
  {
    gate: 'interruption',
    state: 'condition',
    option: rented,
    ...spot,
    blocks: wishes({ only: ['spot'] }),
    why: 'alone',
  },
  {
    gate: 'interruption',
    state: 'failed',
    option: rented,
    ...spot,
    task: { deadline: '24h' },
    blocks: pii,
    why: 'the data are protected',
  },
  {
    gate: 'interruption',
    state: 'failed',
    option: rented,
    ...spot,
    task: { deadline: '24h', latency: { totalP95: '1h' } },
    why: 'a written target on latency',
  },
  {
    gate: 'interruption',
    state: 'failed',
    option: rented,
    ...spot,
    task: { deadline: '24h', availability: '99%' },
    blocks: wishes({ include: ['spot'] }),
    why: 'availability is not kept by what may be taken back, asked for or not',
  },
  { gate: 'interruption', state: 'failed', option: gpt4o, ...speed('spot'), why: 'an API that gives way to others' },
  {
    gate: 'interruption',
    state: 'passed',
    option: gpt4o,
    ...speed('spot'),
    task: { deadline: '24h' },
    why: 'where nobody waits',
  },
  { gate: 'interruption', state: 'passed', option: gpt4o, ...speed('fast'), why: 'a faster one is only dearer' },
  { gate: 'availability', state: 'passed', option: gpt4o, why: 'not asked for' },
  { gate: 'availability', state: 'passed', option: nova, task: { availability: '99.9%' }, why: 'promised' },
  { gate: 'availability', state: 'failed', option: nova, task: { availability: '99.99%' }, why: 'of the task' },
  {
    gate: 'availability',
    state: 'failed',
    option: nova,
    blocks: { needs: { availability: '99.99%' } },
    why: 'of the service',
  },
  {
    gate: 'availability',
    state: 'passed',
    option: nova,
    task: { availability: '99%' },
    blocks: { needs: { availability: '99.99%' } },
    why: 'the task is content with less',
  },
  {
    gate: 'availability',
    state: 'unknown',
    option: nova,
    change: { provider: 'meta' },
    task: { availability: '99%' },
    why: 'nobody says',
  },
  ...(
    [
      ['passed', rented, '99.9%', {}, 'a spare stands in'],
      ['failed', rented, '99.95%', {}, 'more than machines with a spare reach'],
      ['failed', rented, '99.9%', { spareReplicas: 0, spareShare: 0 }, 'no spare'],
      ['failed', rented, '99.95%', { spareReplicas: 0, spareShare: 0 }, 'no spare, and one would not do'],
      ['failed', rented, '99.9%', { spareReplicas: '0..1', spareShare: 0 }, 'half a spare is none'],
      ['passed', rented, '99%', { spareReplicas: 0, spareShare: 0 }, 'as much as one machine reaches'],
      ['passed', rented, '99.9%', { spareReplicas: 0, spareShare: 0.01 }, 'a share of spares is one at the least'],
      ['passed', atDesk, '99.9%', {}, 'a spare is bought where one at a desk is not enough'],
      ['failed', atDesk, '99.9%', { spareReplicas: 0, spareShare: 0 }, 'unless spares are ruled out'],
      ['failed', atDesk, '99.95%', {}, 'more than two at desks reach'],
      ['passed', atDesk, '99%', {}, 'as much as one at a desk reaches'],
      ['failed', serverless, '99.9%', {}, 'workers have no spare to ask for'],
    ] as const
  ).map(([state, option, availability, assumptions, why]) => ({
    gate: 'availability',
    state,
    option,
    task: { availability },
    blocks: { assumptions },
    why,
  })),
  {
    gate: 'fine-tuning',
    state: 'condition',
    option: gpt4o,
    tuning: { offered: 'yes', confidence: 'high', servingOutputUsdPerMTok: null },
    ...tuned,
    why: 'prices of its own, of which one is not known',
  },
  {
    gate: 'fine-tuning',
    state: 'passed',
    option: gpt4o,
    tuning: { offered: 'yes', confidence: 'high' },
    ...tuned,
    why: 'prices of its own, all known',
  },
  { gate: 'devices', state: 'passed', option: gpt4o, why: 'runs elsewhere' },
  {
    gate: 'devices',
    state: 'passed',
    option: onDevice,
    blocks: fleetOf({ 'apple-m1-16gb': '100%' }),
    why: 'all run it',
  },
  {
    gate: 'devices',
    state: 'failed',
    option: onDevice,
    blocks: fleetOf({ 'apple-m1-16gb': '60%' }),
    why: 'not all do',
  },
  { gate: 'devices', state: 'unknown', option: onDevice, blocks: fleetOf({}), why: 'nobody says what they are' },
  {
    gate: 'devices',
    state: 'failed',
    option: onDevice,
    blocks: fleetOf({ 'apple-a17-pro-8gb': '30%', 'snapdragon-8-gen-3-12gb': '20%', 'apple-m1-16gb': '50%' }),
    why: 'some have no room for it',
  },
  {
    gate: 'devices',
    state: 'failed',
    option: onDevice,
    task: { volume: '40M requests/day' },
    blocks: fleetOf({ 'apple-m1-16gb': '100%' }),
    why: 'too much for them',
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
];

test.each(rows)('$gate $state: $option, $why', async ({ gate, state, why: _, ...asked }) => {
  const verdict = await ask(gate, asked);
  expect(verdict.state).toBe(state);
  const { need, reason, todos } = verdict.why();
  if (state !== 'passed')
    expect(
      [need, reason].every((text) => text.length > 3),
      `${need}: ${reason}`,
    ).toBe(true);
  expect(todos.length === 0).toBe(state !== 'condition');
});

test('what each of them says: need, what there is, why, what is to do, and where it would turn', async () => {
  const told = [];
  for (const { state, why: when, ...asked } of rows) {
    const { need, have, reason, todos, warning, turnsAt, figures } = (await ask(asked.gate, asked)).why();
    const words = { need, have, reason, todos, turnsAt: turnsAt && `${turnsAt.path}=${turnsAt.value}` };
    told.push([`${asked.gate}: ${state}, ${when}`, { ...words, ...(warning && { warning }), figures }]);
  }
  await expect(compactJson(told)).toMatchFileSnapshot('../golden/verdicts.json');
});

/** The states that a gate's source can bring about: those whose makers it calls. */
function statesOf(source: string): string[] {
  const makers: Record<string, RegExp> = {
    failed: /\bfailed\(|\bbyTruth\(/,
    condition: /\bcondition\(|\bbyTruth\(/,
    unknown: /\bunknown\(|\bbyTruth\(/,
  };
  return ['passed', ...Object.keys(makers).filter((state) => makers[state]?.test(source))].sort();
}

/** Declarations of the files with rules by name, each with its text. */
const declared = new Map(
  readdirSync(new URL('../../src/rules/', import.meta.url)).flatMap((file) =>
    readFileSync(new URL(`../../src/rules/${file}`, import.meta.url), 'utf8')
      .split(/^(?=(?:export )?(?:const|function) )/m)
      .map((code): [string, string] => [/(?:const|function) (\w+)/.exec(code)?.[1] ?? '', code]),
  ),
);

/** The code of a rule with all of the same folder that it calls, but for the makers of verdicts. */
function sourceOf(name: string, seen: Set<string> = new Set()): string {
  const code = declared.get(name) ?? '';
  if (seen.has(name) || /^(failed|condition|unknown|byTruth|passed)$/.test(name)) return '';
  seen.add(name);
  const called = [...code.matchAll(/\b(\w+)\(/g)].flatMap(([, other = '']) => (declared.has(other) ? other : []));
  return [code, ...called.map((other) => sourceOf(other, seen))].join('\n');
}

test('every state that a gate can have has a row here', () => {
  for (const { id } of gates) {
    const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const seen = new Set(rows.filter(({ gate }) => gate === id).map(({ state }) => state));
    expect([...seen].sort(), id).toEqual(statesOf(sourceOf(name)));
  }
});
