import type { Tables } from '../../src/tables/tables.js';
import { ColumnCache } from '../../src/tables/tables.js';

const named = (...names: string[]) => new Map(names.map((name) => [name, {}]));

/** Just enough of the tables to check names against; the rows are invented. */
export const fewTables = {
  snapshot: { date: '2026-08-21' },
  taskOf: named('faq-chat', 'complex-reasoning', 'summarization', 'voice-assistant'),
  profileOf: named('business-hours', 'flat'),
  yardstickOf: new Map([
    ['gpt-4o', { indexStandard: 50, indexThinking: null }],
    ['deep-1', { indexStandard: null, indexThinking: 70 }],
  ]),
  acceleratorOf: new Map([
    ['a100-sxm-80gb', { kind: 'datacenter' }],
    ['apple-a17-pro-8gb', { kind: 'phone' }],
    ['apple-m3-24gb', { kind: 'soc' }],
  ]),
  modelOf: named('qwen3.5-4b'),
  models: [{ family: 'qwen3.5-4b' }],
  capability: [{ family: 'gpt-4o' }, { family: 'deep-1' }],
  capabilityOf: named('gpt-4o', 'deep-1'),
  impliedTokens: [],
  providerOf: named('host-a', 'openai'),
  api: [{ provider: 'openai', modelId: 'gpt-4o', family: 'gpt-4o' }],
  rental: [],
  hosting: [],
  parameterOf: new Map([
    ['retryRate', { name: 'retryRate', unit: 'fraction', used: true }],
    ['idleTimeout', { name: 'idleTimeout', unit: 's', used: true }],
    ['spotNotice', { name: 'spotNotice', unit: 's', used: false }],
  ]),
  regimes: [
    { regime: 'hipaa', aliases: [], dataKind: 'phi', condition: 'agreement:baa' },
    { regime: 'gdpr', aliases: [], dataKind: 'personal', condition: 'agreement:dpa & org:dpia' },
  ],
  regions: [{ region: 'us-east-1', tokens: ['us'] }],
  providers: [{ regions: ['eea?', 'no:uk'], agreements: ['baa?', 'no:scc'] }],
  columnCache: new ColumnCache(),
} as unknown as Tables;
