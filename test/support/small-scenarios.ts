import type { AssessOptions } from '../../src/analyses/assess.js';
import type { Context } from '../../src/places/placement.js';
import { loadTables } from '../../src/tables/load.js';
import type { Prose, Tables } from '../../src/tables/tables.js';
import type { ReadScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { fewDecisions, fewRows } from './few-rows.js';
import { newestSnapshot, shippedFiles } from './load.js';
import { asOf, readWritten, type Written } from './scenario.js';

const faq = { name: 'faq', type: 'faq-chat' };
const rag = { name: 'rag', type: 'rag-answering', tokens: { input: 3000, output: 300 } };

/** A scenario, and what is asked of its decision. */
type Small = { asked: Partial<AssessOptions>; written: Written };
const plain = { flips: 'none', draws: 'none' } as const;

/** Scenarios that differ as much as they can; each is decided with one of the things that take time. */
const scenarios = {
  'on the devices of users': {
    asked: { point: true },
    written: {
      workload: { volume: '400k users', requestsPerUser: 150 },
      tasks: [
        {
          ...faq,
          tokens: { input: 900, output: 200 },
          capability: { minIndex: 45 },
          easy: { share: '85%', told: 'before' },
        },
      ],
      development: { share: '1%' },
      devices: { count: '400k', classes: { 'apple-a17-pro-8gb': '85%' }, owner: 'users' },
      assumptions: { fteShippedDevices: 0.25 },
    },
  },
  'the best score, and not the least cost': {
    asked: { point: true },
    written: {
      workload: { volume: '5k conversations/day', turns: 4 },
      tasks: [
        { name: 'turn', type: 'voice-assistant', share: '80%', needs: ['tools'] },
        { name: 'nightly', type: 'extraction', share: '20%', deadline: '24h' },
      ],
      data: {
        sensitivity: 'pii',
        kinds: ['personal'],
        regimes: ['gdpr'],
        agreements: { canSign: ['dpa', 'transfer-tool'] },
      },
      needs: { rag: { documents: '200M tokens', retrieved: 1000 } },
      development: { share: '5%' },
      preferences: {
        objective: 'advice',
        weights: { volume: 2, team: 1, capability: 1 },
        maxDeployments: 2,
      },
    },
  },
  'evening peaks handed over to an API': {
    asked: { point: true },
    written: {
      workload: { volume: '10M requests/day', profile: 'consumer-chat', horizon: '36 months' },
      tasks: [{ ...rag, capability: { minIndex: 51.5 } }],
      needs: { availability: '99.9%' },
      data: { boundary: 'under-contract' },
      preferences: { exclude: ['spot', 'deepinfra', 'managed-hosting'] },
      assumptions: { tieBand: 0 },
    },
  },
  'prices of their own, and what the tables lack': {
    asked: { point: true },
    written: {
      workload: { volume: '20k requests/day' },
      tasks: [{ ...faq, capability: { minIndex: 40 } }],
      data: { sensitivity: 'regulated' },
      today: { option: 'cloud-api/openai/gpt-3', bill: '500 USD/month' },
      existing: [{ accelerator: 'h100-sxm-80gb', count: 1 }],
      prices: {
        discounts: [{ on: 'rental', percent: 10 }],
        rates: [{ provider: 'azure', model: 'gpt-5-mini', input: 0.1, output: 0.5 }],
        reserved: [{ provider: 'aws', instance: 'p5.4xlarge', term: '12 months', usdPerHour: 0.5, count: 1 }],
      },
      preferences: { objective: 'advice', exclude: ['on-prem'] },
    },
  },
  'the most capable within a budget': {
    asked: { point: true },
    written: {
      workload: { volume: '30k requests/day' },
      tasks: [
        { ...faq, share: '70%' },
        { name: 'agent', type: 'function-calling', share: '30%' },
      ],
      team: { devops: 1, mlInfra: 1 },
      budget: { monthly: 6000 },
      preferences: { objective: 'advice', exclude: ['on-prem', 'spot'] },
    },
  },
  'no rule alone is to blame': {
    asked: { point: true },
    written: {
      workload: { volume: '100 requests/day' },
      tasks: [{ ...faq, capability: { atLeast: 'claude-sonnet-5' }, latency: { ttftP95: '100ms' } }],
      data: { boundary: 'own-premises' },
      budget: { monthly: 10 },
    },
  },
  'a few requests, and machines that start for them': {
    asked: { ...plain, levers: true },
    written: {
      workload: { volume: '150 requests/day', profile: { peakToMean: 12 }, growth: '2% per month' },
      tasks: [{ name: 'letters', type: 'summarization', tokens: { input: 3000, output: 500 } }],
      needs: { fineTuning: true, availability: '99.4%' },
      data: { sensitivity: 'pii' },
    },
  },
  'ways to cut three tasks up, of which four are weighed': {
    asked: { point: true },
    written: {
      workload: { volume: '90k requests/day' },
      tasks: ['faq-chat', 'rag-answering', 'function-calling'].map((type) => ({
        name: type,
        type,
        volume: '30k requests/day',
        easy: { share: '60%', told: 'after' },
      })),
      preferences: { only: ['cloud-api', 'open-model-api'] },
      assumptions: { slicingVariants: 4 },
    },
  },
  'a conversation on a fleet beside work of fixed volume, under regimes': {
    asked: { draws: 'none', levers: true },
    written: {
      workload: { volume: '60k conversations/day', turns: 5 },
      tasks: [
        { name: 'night', type: 'extraction', volume: '40k requests/day', data: { sensitivity: 'internal' } },
        { ...faq, capability: { minIndex: 45 }, share: '100%' },
      ],
      data: {
        sensitivity: 'regulated',
        boundary: 'own-account',
        kinds: ['phi', 'personal'],
        regimes: ['hipaa', 'gdpr', 'soc2'],
        residency: ['us'],
        agreements: { signed: ['baa:aws'], canSign: ['dpa'] },
        declared: ['dpia'],
      },
      team: { devops: 2, mlInfra: 1, mayHire: false },
      preferences: { exclude: ['spot', 'somebody'] },
    },
  },
  'devices that nobody names': {
    asked: { point: true },
    written: {
      workload: { volume: '500 users', requestsPerUser: 4 },
      tasks: [{ ...faq, data: { sensitivity: 'device-only' } }],
      devices: { count: 1000 },
    },
  },
  'nothing fits': {
    asked: {},
    written: {
      workload: { volume: '500k requests/day' },
      tasks: [
        {
          name: 'review',
          type: 'document-analysis-long-context',
          capability: { atLeast: 'claude-sonnet-5' },
          latency: { ttftP95: '2s' },
        },
      ],
      data: { sensitivity: 'regulated', kinds: ['phi'], regimes: ['hipaa'], residency: ['us'] },
      team: { devops: 0.2, mayHire: false, launchWithin: '3 weeks' },
      budget: { monthly: 2000, upfront: 1000 },
    },
  },
  'a second provider while the first is down': {
    asked: { levers: true },
    written: {
      workload: { volume: '10k users', requestsPerUser: 5 },
      tasks: [{ ...faq, capability: { atLeast: 'claude-haiku-4-5' }, availability: '99.95%' }],
      team: { devops: 1, mayHire: false },
    },
  },
  'easy requests to a lesser model, and a bill of today': {
    asked: {
      ...plain,
      include: ['cloud-api/openai/gpt-5-mini', 'cloud-api/openai/no-such-model', 'edge/devices/no/such', 'nonsense'],
    },
    written: {
      workload: { volume: '40k requests/day', growth: '4% per month', horizon: '24 months' },
      tasks: [
        { ...faq, share: '70%', capability: { minIndex: 60 }, easy: { share: '60%', told: 'before' } },
        { name: 'agent', type: 'function-calling', share: '30%', capability: { atLeast: 'claude-haiku-4-5' } },
      ],
      team: { devops: 1, mlInfra: 0.5, free: 0.8 },
      today: { option: 'cloud-api/anthropic/claude-sonnet-5', bill: '9000 USD/month' },
      preferences: { exclude: ['spot'] },
    },
  },
  'sensitive requests apart, redacted first': {
    asked: { flips: 'none' },
    written: {
      workload: { volume: '60k requests/day', profile: 'flat' },
      tasks: [
        {
          ...rag,
          capability: { atLeast: 'claude-sonnet-5' },
          sensitive: {
            share: '10%',
            rest: { sensitivity: 'internal' },
            redaction: { type: 'personal-data-redaction' },
          },
        },
      ],
      data: {
        sensitivity: 'pii',
        boundary: 'own-account',
        kinds: ['personal'],
        regimes: ['gdpr'],
        residency: ['eu'],
        agreements: { canSign: ['dpa'] },
        declared: ['dpia'],
      },
    },
  },
  'a fleet in time': {
    asked: { draws: 'none' },
    written: {
      workload: { volume: '300k requests/day', profile: { peakToMean: 3 }, growth: '3% per month' },
      tasks: [{ ...rag, latency: { ttftP95: '1500ms', tokensPerSecond: 20 } }],
      data: { boundary: 'own-account' },
      budget: { monthly: 300_000 },
      today: { option: 'cloud-api/openai/gpt-5-mini', bill: '20000 USD/month' },
    },
  },
  'ranges and a budget': {
    asked: { flips: 'none' },
    written: {
      workload: { volume: '20k..80k requests/day', growth: '0..6% per month' },
      tasks: [
        {
          ...faq,
          tokens: { input: '500..2500', output: { low: 100, likely: 200, high: 600 } },
          capability: { minIndex: '35..55' },
        },
      ],
      budget: { monthly: 500 },
    },
  },
  'own hardware without a network': {
    asked: { ...plain, levers: true },
    written: {
      workload: { volume: '6k requests/day', growth: '10% per month', horizon: '36 months', sites: 2 },
      tasks: [{ ...rag, latency: { ttftP95: '10s' } }],
      data: { boundary: 'own-premises', residency: ['eu'] },
      needs: { offline: true },
      existing: [{ accelerator: 'l4-24gb', count: 4 }],
      today: { option: 'cloud-api/anthropic/claude-sonnet-5', bill: '3000 USD/month' },
    },
  },
  'hard questions after a first answer, or a model tuned to them': {
    asked: { ...plain, levers: true },
    written: {
      workload: { volume: '400k requests/day' },
      tasks: [
        { name: 'sort', type: 'classification', share: '60%', easy: { share: '70%', told: 'after' }, tuned: {} },
        { ...rag, share: '40%', tuned: { cost: 5000 }, capability: { minIndex: 56 }, easy: { share: '50%' } },
      ],
      needs: { rag: { documents: '50M tokens', retrieved: 1500 } },
      team: { devops: 3, mlInfra: 2 },
      today: { option: 'cloud-api/anthropic/claude-sonnet-5', bill: '30000 USD/month' },
    },
  },
} satisfies Record<string, Small>;

export type SmallName = keyof typeof scenarios;
export const smallNames = Object.keys(scenarios) as SmallName[];

const loaded = new Map<string, { tables: Tables; prose: Prose }>();
function tablesOf(snapshot: string): { tables: Tables; prose: Prose } {
  const known = loaded.get(snapshot);
  if (known !== undefined) return known;
  const { tables, prose } = loadTables(shippedFiles(snapshot));
  if (tables === null || prose === null) throw new Error(`${snapshot} does not load`);
  loaded.set(snapshot, { tables, prose });
  return { tables, prose };
}

/** A small scenario as read, on a few rows of the tables. */
export async function smallCase(
  name: SmallName,
  snapshot: string = newestSnapshot,
): Promise<{
  read: ReadScenario;
  context: Context;
  tables: Tables;
  prose: Prose;
  asked: Partial<AssessOptions>;
}> {
  const { tables: all, prose } = tablesOf(snapshot);
  const tables = fewRows(all);
  const { asked, written }: Small = scenarios[name];
  const assumptions = { ...fewDecisions, ...(written.assumptions as object) };
  const read = readWritten({ name, ...written, assumptions }, tables);
  return { read, context: { workload: resolve(read, tables, asOf), tables }, tables, prose, asked };
}

/** Where the golden file of an answer on it is. */
export const smallGolden = (name: string): string => `../golden/small/${name.replaceAll(/[ ,]+/g, '-')}.txt`;
