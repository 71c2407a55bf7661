import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Option } from '../../src/places/option.js';
import type { Context, TaskService } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { gates } from '../../src/rules/registry.js';
import type { Verdict } from '../../src/rules/rule.js';
import type { ApiRow, CapabilityRow, ProviderRow, TuningRow } from '../../src/tables/columns.js';
import type { TaskPart } from '../../src/workload/workload.js';
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

type Row = [state: Verdict['state'], why: string, more?: Omit<Asked, 'option'>];
const of = (gate: string, option: string, ...rows: Row[]) =>
  rows.map(([state, why, more]) => ({ gate, option, state, why, ...more }));

const rows: ({ gate: string; state: Verdict['state']; why: string } & Asked)[] = [
  ...of('available', claude, ['passed', 'no end in sight']),
  ...of(
    'available',
    gpt4o,
    ['failed', 'retires on the day itself', retired('2026-11-20')],
    ['condition', 'retires a day later', retired('2026-11-21')],
    ['condition', 'retires within the 12 months'],
    ['condition', 'on the last day of the horizon', retired('2027-11-19')],
    ['passed', 'after the horizon', retired('2027-11-20')],
  ),
  ...of('available', 'managed-hosting/azure/gpt-4.1/openai-PTU-regional-hourly', [
    'condition',
    'reservations in one region have no published price',
  ]),
  ...of(
    'license',
    rented,
    ['condition', 'a community license has conditions'],
    ['failed', 'not for commerce', { change: { license: 'no' } }],
    ['unknown', 'nobody knows the license', { change: { license: 'unknown' } }],
    ['passed', 'free to use', { change: { license: 'yes' } }],
  ),
  ...of('license', onDevice, ['condition', 'so it is on devices']),
  ...of('license', gpt4o, [
    'condition',
    'conditions that the tables do not name',
    { change: { license: 'conditional' } },
  ]),
  ...of(
    'boundary',
    gpt4o,
    ['passed', 'anywhere', { blocks: { data: { sensitivity: 'public' } } }],
    ['passed', 'internal data, no training'],
    ['failed', 'not ours', { blocks: { data: { boundary: 'own-account' } } }],
  ),
  ...of(
    'boundary',
    rented,
    ['passed', 'ours', { blocks: { data: { boundary: 'own-account' } } }],
    ['failed', 'rented', { blocks: { data: { boundary: 'own-premises' } } }],
    ['failed', 'an unknown host', { change: { marketplace: true } }],
    [
      'passed',
      'public data may go to an unknown host',
      { change: { marketplace: true }, blocks: { data: { sensitivity: 'public' } } },
    ],
  ),
  ...of(
    'agreements',
    gpt4o,
    ['condition', 'to sign', { blocks: { data: { sensitivity: 'pii' } } }],
    ['passed', 'a processing agreement is signed', { blocks: { data: { sensitivity: 'pii', agreements: ['dpa'] } } }],
    ['failed', 'none is signed or can be', { blocks: { data: { sensitivity: 'pii', agreements: [] } } }],
    ['passed', 'internal data need no processor'],
    ['unknown', 'blank', { provider: { agreements: [] }, blocks: pii }],
    ['failed', 'not offered', { provider: { agreements: ['no:dpa'] }, blocks: pii }],
  ),
  ...of('agreements', rented, ['passed', 'a machine in our own account', { blocks: pii }]),
  ...of(
    'retention',
    'cloud-api/deepseek/deepseek-v4-flash',
    ['failed', 'trains on what it sees'],
    ['passed', 'public data may be trained on', { blocks: { data: { sensitivity: 'public' } } }],
  ),
  ...of('retention', nova, ['unknown', 'terms are not known', { change: { provider: 'meta' } }]),
  ...of(
    'retention',
    gpt4o,
    ['passed', 'does not train'],
    ['condition', 'on request', { provider: { options: ['no-training?'] } }],
  ),
  ...of('retention', rented, ['passed', 'ours']),
  ...of(
    'regimes',
    gpt4o,
    ['passed', 'none named'],
    ['condition', 'a BAA may be signed', { blocks: regimes('hipaa') }],
    ['failed', 'no BAA', { change: { provider: 'deepseek' }, blocks: regimes('hipaa') }],
    ['unknown', 'blank', { change: { provider: 'meta' }, blocks: regimes('hipaa') }],
    ['failed', 'their model', { blocks: regimes('policy-no-third-party-model') }],
  ),
  ...of('regimes', nova, ['passed', 'has a type 2 report', { blocks: regimes('soc2') }]),
  ...of(
    'regimes',
    rented,
    ['failed', 'not ours', { blocks: regimes('policy-no-third-party-infra') }],
    ['passed', 'our model', { blocks: regimes('policy-no-third-party-model') }],
  ),
  ...of(
    'residency',
    gpt4o,
    ['passed', 'none asked for'],
    ['condition', 'EEA on request; eu means eea', { blocks: residency('eu') }],
    ['unknown', 'nobody knows of Switzerland', { blocks: residency('ch') }],
  ),
  ...of(
    'residency',
    claude,
    ['condition', 'its endpoint in the US, not the global one', { blocks: residency('us') }],
    ['failed', 'offers no EEA', { blocks: residency('eea') }],
    ['condition', 'either will do', { blocks: residency('eea', 'us') }],
  ),
  ...of(
    'residency',
    rented,
    ['passed', 'us-east-1 is in the US', { blocks: residency('us') }],
    ['failed', 'us-east-1 is not in the EEA', { blocks: residency('eea') }],
    ['condition', 'somewhere: aws must be told where', { change: { region: 'global' }, blocks: residency('eea') }],
  ),
  ...of('residency', 'managed-hosting/azure/gpt-4.1/openai-PTU-global-hourly', [
    'failed',
    'a global purchase is bound to no region',
    { blocks: { data: { residency: ['eea'] } } },
  ]),
  ...of(
    'fine-tuning',
    gpt4o,
    ['passed', 'nobody asks for it'],
    ['failed', 'closed to new customers', tuned],
    ['failed', 'asked by the task', { task: { needs: ['fine-tuning'] } }],
    [
      'condition',
      'prices of its own, of which one is not known',
      { tuning: { offered: 'yes', confidence: 'high', servingOutputUsdPerMTok: null }, ...tuned },
    ],
    ['passed', 'prices of its own, all known', { tuning: { offered: 'yes', confidence: 'high' }, ...tuned }],
  ),
  ...of('fine-tuning', claude, ['failed', 'the provider tunes nothing', tuned]),
  ...of('fine-tuning', 'cloud-api/mistral/mistral-large-2411', ['failed', 'deprecated', tuned]),
  ...of(
    'fine-tuning',
    'open-model-api/together/openai/gpt-oss-20b+thinking',
    ['failed', 'machines by the hour', tuned],
    ['condition', 'the tables do not say', { tuning: { provider: 'nobody' }, ...tuned }],
  ),
  ...of('fine-tuning', 'cloud-api/azure/gpt-5-nano', ['failed', 'a fee nobody knows', tuned]),
  ...of(
    'fine-tuning',
    nova,
    ['passed', 'like its base, and what training costs is known', tuned],
    [
      'failed',
      'trained in the United States',
      { blocks: { needs: { fineTuning: true }, data: { residency: ['eea'] } } },
    ],
  ),
  ...of('fine-tuning', 'cloud-api/azure/gpt-4.1-mini', [
    'condition',
    'an hourly fee; training has no price, and the region is to be arranged',
    { blocks: { needs: { fineTuning: true }, data: { residency: ['eea'] } } },
  ]),
  ...of('fine-tuning', 'cloud-api/google-vertex/gemini-2.5-flash', ['condition', 'the source is weak', tuned]),
  ...of('fine-tuning', 'open-model-api/deepinfra/openai/gpt-oss-20b+thinking', [
    'condition',
    'serves adapters made elsewhere',
    tuned,
  ]),
  ...of('fine-tuning', 'open-model-api/aws-bedrock/openai.gpt-oss-20b+thinking', [
    'condition',
    'tuned by reinforcement alone',
    tuned,
  ]),
  ...of('fine-tuning', 'managed-hosting/azure/gpt-4.1/openai-PTU-global-hourly', [
    'unknown',
    'throughput by the unit, of which nobody says that it serves tuned models',
    tuned,
  ]),
  ...of('fine-tuning', rented, ['passed', 'weights of our own', tuned]),
  ...of('fine-tuning', serverless, ['passed', 'weights of our own', tuned]),
  ...of(
    'modality',
    rented,
    ['passed', 'text is text'],
    ['failed', 'llama-3.1-8b sees nothing', { task: { needs: ['vision'] } }],
  ),
  ...of('modality', gpt4o, ['passed', 'sees', { task: { needs: ['vision'] } }]),
  ...of(
    'context',
    gpt4o,
    ['passed', 'just fits', { task: { tokens: { input: 127_000, output: 1000 } } }],
    ['failed', 'one too many', { task: { tokens: { input: 127_001, output: 1000 } } }],
    ['passed', 'its longest answer', { task: { tokens: { output: 16_384 } } }],
    ['failed', 'writes no more than that', { task: { tokens: { output: 16_385 } } }],
    ['unknown', 'nobody knows how much', { change: { contextTokens: null } }],
    ['passed', 'less than is usual is warned of', { change: { contextTokens: 8191 } }],
    [
      'failed',
      'a longest prompt that is written has to fit',
      { task: { tokens: { input: 1150, output: 350, maxInput: 7842 } }, change: { contextTokens: 8191 } },
    ],
  ),
  ...of(
    'capability',
    gpt4o,
    ['passed', 'below its band', { task: { capability: { minIndex: 55 } } }],
    ['condition', 'a close call', { task: { capability: { minIndex: 58 } } }],
    ['condition', 'just enough', { task: { capability: { minIndex: 60 } } }],
    ['failed', 'just too little', { task: { capability: { minIndex: 60.1 } } }],
    ['unknown', 'no index is known', { change: { capability: null } }],
    ['unknown', 'none for the mode', { change: { mode: 'thinking' }, task: { thinking: 'allowed' } }],
    ['failed', 'may not think', { change: { mode: 'thinking' } }],
  ),
  ...of(
    'ttft',
    gpt4o,
    ['passed', 'a preset is no rule'],
    ['passed', 'just', { task: { latency: { ttftP95: '2s' } }, service: seen(2000) }],
    ['failed', 'late', { task: { latency: { ttftP95: '2s' } }, service: seen(2001) }],
    ['unknown', 'unknown', { task: { latency: { ttftP95: '2s' } }, service: seen(null) }],
    ['unknown', 'not run', { task: { latency: { ttftP95: '2s' } }, service: null }],
    ['passed', 'as late as somebody waits', { service: seen(10_000) }],
    ['failed', 'nobody waits so long', { service: seen(10_001) }],
    ['passed', 'not known to be later', { service: seen(null) }],
    ['passed', 'of machines counts what no queue changes', { service: { ...seen(20_000), ttftP95AloneMs: 9000 } }],
    ['passed', 'any will do', { task: { latency: { ttftP95: 'any' } }, service: seen(10_001) }],
    ['passed', 'nobody waits', { task: { deadline: '24h' }, service: seen(10_001) }],
    [
      'passed',
      'a target that was written holds instead',
      { task: { latency: { ttftP95: '20s' } }, service: seen(20_000) },
    ],
  ),
  ...of(
    'speed',
    gpt4o,
    ['passed', 'no target', { service: seen(1) }],
    ['failed', 'slow', { task: { latency: { tokensPerSecond: 51 } }, service: seen(1) }],
    ['passed', 'just', { task: { latency: { tokensPerSecond: 50 } }, service: seen(1) }],
    ['unknown', 'unknown', { task: { latency: { tokensPerSecond: 50 } }, service: null }],
  ),
  ...of(
    'total-time',
    gpt4o,
    ['passed', 'no target', { service: seen(1) }],
    ['failed', 'too long', { task: { latency: { totalP95: '4.9s' } }, service: seen(1) }],
    ['passed', 'just', { task: { latency: { totalP95: '5s' } }, service: seen(1) }],
    ['unknown', 'unknown', { task: { latency: { totalP95: '5s' } }, service: null }],
  ),
  ...of('tools', gpt4o, ['passed', 'calls tools', { task: { needs: ['tools'] } }]),
  ...of(
    'tools',
    rented,
    ['passed', 'nobody asks for them', { change: knownTools('no') }],
    ['failed', 'calls none', { change: knownTools('no'), task: { needs: ['tools'] } }],
    ['failed', 'the preset asks for them', { change: knownTools('no'), task: { type: 'support-agent-tools' } }],
    ['unknown', 'nobody knows', { change: knownTools('unknown'), task: { needs: ['tools'] } }],
    ['unknown', 'the tables do not know the model', { change: { capability: null }, task: { needs: ['tools'] } }],
  ),
  ...of(
    'made-for',
    rented,
    ['passed', 'made for nothing in particular', { task: { type: 'faq-chat' } }],
    ['failed', 'prose', { change: forCode }],
    ['passed', 'code', { change: forCode, task: { type: 'code-chat' } }],
    ['passed', 'the tables do not know the model', { change: { capability: null } }],
    ['passed', 'wanted by name', { change: forCode, blocks: wishes({ only: ['llama-3.1*'] }) }],
    ['failed', 'only its place is wanted', { change: forCode, blocks: wishes({ only: ['aws'] }) }],
    ['passed', 'it sets the bar', { change: forCode, task: { capability: { atLeast: 'llama-3.1-8b' } } }],
    ['failed', 'another model sets the bar', { change: forCode, task: { capability: { atLeast: 'llama-3.1-70b' } } }],
    [
      'passed',
      'in use today',
      { change: forCode, blocks: { today: { option: 'open-model-api/novita/llama-3.1-8b', bill: 10 } } },
    ],
    [
      'failed',
      'another model is in use',
      { change: forCode, blocks: { today: { option: 'open-model-api/novita/llama-3.1-8b-instruct', bill: 10 } } },
    ],
  ),
  ...of(
    'launch',
    rented,
    ['passed', 'no date'],
    ['passed', 'just in time', { blocks: { team: { launchWithin: '3 weeks' } } }],
    ['failed', 'too late', { blocks: { team: { launchWithin: '2 weeks' } } }],
    ['failed', 'far too late', { blocks: { team: { launchWithin: '1 week' } } }],
    [
      'failed',
      'a commitment takes longer',
      { change: { purchase: 'reserved-1y' }, blocks: { team: { launchWithin: '3 weeks' } } },
    ],
    [
      'unknown',
      'the tables do not say',
      { unknownParameter: 'leadTimeSelfHostedCloud', blocks: { team: { launchWithin: '3 weeks' } } },
    ],
  ),
  ...of(
    'model-wishes',
    rented,
    ['passed', 'another model', { blocks: wishes({ exclude: ['gpt-4*'] }) }],
    ['failed', 'not the one', { blocks: wishes({ only: ['gpt-4o'] }) }],
  ),
  ...of(
    'preferences',
    rented,
    ['passed', 'no wishes'],
    ['passed', 'another purchase', { blocks: wishes({ exclude: ['spot'] }) }],
    ['failed', 'unwanted', { blocks: wishes({ exclude: ['aws'] }) }],
    ['failed', 'another kind', { blocks: wishes({ only: ['cloud-api'] }) }],
    ['passed', 'wanted by kind and provider', { blocks: wishes({ only: ['self-hosted-cloud', 'aws'] }) }],
  ),
  ...of(
    'interruption',
    rented,
    ['passed', 'it stays'],
    ['failed', 'somebody waits', spot],
    ['failed', 'five hours', { ...spot, task: { deadline: '5h' } }],
    ['passed', 'nobody waits', { ...spot, task: { deadline: '6h' } }],
    ['condition', 'by name', { ...spot, blocks: wishes({ include: ['spot'] }) }],
    ['condition', 'alone', { ...spot, blocks: wishes({ only: ['spot'] }) }],
    ['failed', 'the data are protected', { ...spot, task: { deadline: '24h' }, blocks: pii }],
    ['failed', 'a written target on latency', { ...spot, task: { deadline: '24h', latency: { totalP95: '1h' } } }],
    [
      'failed',
      'availability is not kept by what may be taken back, asked for or not',
      { ...spot, task: { deadline: '24h', availability: '99%' }, blocks: wishes({ include: ['spot'] }) },
    ],
  ),
  ...of(
    'interruption',
    gpt4o,
    ['failed', 'an API that gives way to others', speed('spot')],
    ['passed', 'where nobody waits', { ...speed('spot'), task: { deadline: '24h' } }],
    ['passed', 'a faster one is only dearer', speed('fast')],
  ),
  ...of('availability', gpt4o, ['passed', 'not asked for']),
  ...of(
    'availability',
    nova,
    ['passed', 'promised', { task: { availability: '99.9%' } }],
    ['failed', 'of the task', { task: { availability: '99.99%' } }],
    ['failed', 'of the service', { blocks: { needs: { availability: '99.99%' } } }],
    [
      'passed',
      'the task is content with less',
      { task: { availability: '99%' }, blocks: { needs: { availability: '99.99%' } } },
    ],
    ['unknown', 'nobody says', { change: { provider: 'meta' }, task: { availability: '99%' } }],
  ),
  ...of('devices', gpt4o, ['passed', 'runs elsewhere']),
  ...of(
    'devices',
    onDevice,
    ['passed', 'all run it', { blocks: fleetOf({ 'apple-m1-16gb': '100%' }) }],
    ['failed', 'not all do', { blocks: fleetOf({ 'apple-m1-16gb': '60%' }) }],
    ['unknown', 'nobody says what they are', { blocks: fleetOf({}) }],
    [
      'failed',
      'some have no room for it',
      { blocks: fleetOf({ 'apple-a17-pro-8gb': '30%', 'snapdragon-8-gen-3-12gb': '20%', 'apple-m1-16gb': '50%' }) },
    ],
    [
      'failed',
      'too much for them',
      { task: { volume: '40M requests/day' }, blocks: fleetOf({ 'apple-m1-16gb': '100%' }) },
    ],
  ),
  ...of(
    'offline',
    gpt4o,
    ['passed', 'not asked for'],
    ['failed', 'needs a network', { blocks: { needs: { offline: true } } }],
  ),
  ...of(
    'offline',
    rented,
    ['failed', 'needs a network too', { blocks: { needs: { offline: true } } }],
    ['passed', 'stands here', { change: { reach: 'own-premises' }, blocks: { needs: { offline: true } } }],
  ),
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
    told.push(
      `${asked.gate}: ${state}, ${when}`,
      ...(need === '' && have === '' ? [] : [`  ${need} / ${have}`]),
      ...new Set([reason, ...todos].filter((text) => text !== '').map((text) => `  ${text}`)),
      ...(warning ? [`  warning ${warning.code}: ${warning.message}`] : []),
      ...(turnsAt ? [`  turns at ${turnsAt.path}=${turnsAt.value}`] : []),
      ...(Object.keys(figures).length === 0 ? [] : [`  ${JSON.stringify(figures)}`]),
    );
  }
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('../golden/verdicts.txt');
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
