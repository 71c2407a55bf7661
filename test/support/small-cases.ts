import type { Context } from '../../src/places/placement.js';
import type { ApiRow, RentalRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { randomFrom, soldOnly } from './brute-force.js';
import { caseOf, tablesWith, type Written } from './scenario.js';

/** So many rows of a small table: all options of it are walked through in a moment. */
const sizes = { models: 3, schemes: 3, api: 8, rental: 3, hosting: 3, accelerators: 2 };

type Random = ReturnType<typeof randomFrom>;
const pickOf =
  (random: Random) =>
  <Item>(list: readonly Item[]): Item =>
    list[Math.floor(random() * list.length)] as Item;

/** What is for sale in a small table, and how much dearer APIs are than they are; `hosts`: rows of hosting. */
type Sale = {
  apiTimes: number;
  sellsApi?: (row: ApiRow) => boolean;
  rents?: (row: RentalRow) => boolean;
  hosts?: number;
};

/** A few rows of every price list, at prices by which now one and now another deployment type wins. */
function smallTables(
  tables: Tables,
  random: Random,
  { apiTimes, sellsApi = () => true, rents = () => true, hosts = sizes.hosting }: Sale,
) {
  const some = <Row>(rows: readonly Row[], count: number): Row[] => {
    const left = [...rows];
    return Array.from({ length: Math.min(count, left.length) }, () =>
      left.splice(Math.floor(random() * left.length), 1),
    ).flat();
  };
  const models = some(tables.models, sizes.models);
  const ofSchemes = (batched: boolean): Set<string> => {
    const names = tables.quantization.flatMap(({ appliesTo, batchedServing, scheme }) =>
      appliesTo === 'weights' && batchedServing === batched ? scheme : [],
    );
    return new Set(some([...new Set(names)], batched ? sizes.schemes : 1));
  };
  const schemes = new Set([...ofSchemes(true), ...ofSchemes(false), 'bf16']);
  const buyable = tables.accelerators.filter(({ listPriceUsd }) => listPriceUsd !== null);
  return tablesWith(tables, {
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    quantization: tables.quantization.filter(({ appliesTo, scheme }) => appliesTo !== 'weights' || schemes.has(scheme)),
    api: some(tables.api.filter(sellsApi), sizes.api).map((row) => ({
      ...row,
      inputUsdPerMTok: row.inputUsdPerMTok * apiTimes,
      outputUsdPerMTok: row.outputUsdPerMTok * apiTimes,
    })),
    rental: some(tables.rental.filter(rents), sizes.rental),
    hosting: some(tables.hosting, hosts),
    accelerators: soldOnly(tables.accelerators, some(buyable, sizes.accelerators)),
  });
}

/** The same rows twice, under another name: what costs the same must not make the answer a matter of chance. */
function twice(tables: Tables): Tables {
  const copies = tables.models.map((model) => ({ ...model, family: `${model.family}-again` }));
  const models = [...tables.models, ...copies];
  const again = copies.flatMap(({ family }, at) => {
    const row = tables.capabilityOf.get(tables.models[at]?.family ?? '');
    return row === undefined ? [] : [{ ...row, family }];
  });
  const capability = [...tables.capability, ...again];
  return tablesWith(tables, {
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    capability,
    capabilityOf: new Map(capability.map((row) => [row.family, row])),
    api: [...tables.api, ...tables.api.map((row) => ({ ...row, modelId: `${row.modelId}-again` }))],
    rental: [...tables.rental, ...tables.rental.map((row) => ({ ...row, instanceType: `${row.instanceType}-again` }))],
  });
}

const own = { data: { boundary: 'own-account' } };

/** What a family of cases is about, beside the tables, tasks and volumes that chance makes. */
type Family = {
  blocks?: Record<string, unknown>;
  task?: Record<string, unknown>;
  /** Whether an API may take what exceeds own machines, which makes many more plans. */
  overflows?: boolean;
  exclude?: readonly string[];
  preferences?: Record<string, unknown>;
  sale?: Sale;
  perDay?: number;
  peakToMean?: number;
};
/** What the user says that a failed answer costs. */
const priceOfFailures = (random: Random): Record<string, unknown> => ({
  failedAnswerCost: `${(0.001 * 2 ** (6 * random())).toFixed(4)} USD`,
});
/** Sellers of APIs that say how much of the time they answer. */
const promising = new Set(['openai', 'anthropic', 'google', 'google-vertex', 'azure', 'aws-bedrock', 'together']);

const families = {
  plain: (random) => ({ overflows: random() < 0.3, preferences: random() < 0.5 ? {} : priceOfFailures(random) }),
  'machines alone': (random) => ({ blocks: own, preferences: random() < 0.5 ? {} : priceOfFailures(random) }),
  'monthly budget': (random) => ({
    blocks: { budget: { monthly: Math.ceil(100 * 2 ** (10 * random())) } },
    overflows: random() < 0.3,
  }),
  'upfront budget': (random) => ({
    blocks: { ...own, budget: { upfront: Math.ceil(2000 * 2 ** (6 * random())) } },
    sale: { apiTimes: 1, rents: ({ reserved3yUsdPerHour }) => reserved3yUsdPerHour !== null },
  }),
  'a team that may not hire': (random) => ({
    blocks: {
      team: { devops: 1, free: `${(0.1 + 0.8 * random()).toFixed(3)} FTE`, mayHire: false },
      ...(random() < 0.6 && own),
    },
  }),
  availability: (random) => ({
    preferences: { maxDeployments: random() < 0.2 ? 1 : 2 },
    task: { availability: pickOf(random)(['99%', '99.5%', '99.9%', '99.95%', '99.97%']) },
    sale: { apiTimes: 2 ** (2 * random()), sellsApi: ({ provider }) => promising.has(provider) },
  }),
  'latency targets': (random) => ({
    blocks: random() < 0.6 ? own : {},
    task: {
      latency: pickOf(random)([
        { ttftP95: `${Math.ceil(300 * 2 ** (4 * random()))}ms` },
        { tokensPerSecond: Math.ceil(5 + 60 * random()) },
        { ttftP95: '1500ms', tokensPerSecond: 20 },
        { totalP95: `${Math.ceil(2 + 20 * random())}s` },
      ]),
    },
  }),
  devices: (random) => ({
    blocks: {
      devices: {
        count: Math.ceil(100 * 2 ** (10 * random())),
        classes: { 'apple-m4-32gb': '100%' },
        owner: pickOf(random)(['users', 'company']),
      },
      ...(random() < 0.5 && { data: { boundary: 'device' } }),
    },
    task: { capability: { minIndex: Math.ceil(20 * random()) }, latency: { ttftP95: '120s' } },
  }),
  'machines that are there': (random, tables) => {
    const servers = tables.accelerators.filter(({ kind, listPriceUsd }) => kind !== 'phone' && listPriceUsd !== null);
    const { accelerator } = pickOf(random)(servers);
    return {
      blocks: {
        existing: [{ accelerator, count: 1 + Math.floor(4 * random()) }],
        ...(random() < 0.7 && own),
        ...(random() < 0.3 && { budget: { upfront: 20_000 } }),
      },
    };
  },
  'peaks that an API takes': (random) => ({
    overflows: true,
    exclude: ['on-demand', 'spot', 'serverless-gpu', 'managed-hosting'],
    sale: { apiTimes: 2 ** (4 * random()), rents: ({ reserved1yUsdPerHour }) => reserved1yUsdPerHour !== null },
    perDay: 100_000 * 2 ** (6 * random()),
    peakToMean: 2 + 6 * random(),
  }),
  'the same twice': () => ({}),
  'a model of our own': () => ({ blocks: { needs: { fineTuning: true } } }),
  'own premises': () => ({ blocks: { data: { boundary: 'own-premises' } } }),
  'throughput by the unit': (random, { provisionedThroughput }) => ({
    overflows: random() < 0.7,
    exclude: ['serverless-gpu', 'self-hosted-cloud', 'on-prem'],
    preferences: random() < 0.5 ? {} : priceOfFailures(random),
    sale: {
      apiTimes: 2 ** (3 * random()),
      sellsApi: ({ provider, modelId }) =>
        provisionedThroughput.some((row) => row.provider === provider && row.modelId === modelId),
      hosts: Number.POSITIVE_INFINITY,
    },
    perDay: 20_000 * 2 ** (7 * random()),
  }),
  'service tiers': (random) => ({
    overflows: random() < 0.3,
    task: pickOf(random)([
      { serviceTier: 'flex' },
      { serviceTier: 'priority' },
      { deadline: '24h' },
      { deadline: '24h', serviceTier: 'standard' },
    ]),
    sale: {
      apiTimes: 2 ** (2 * random() - 0.5),
      sellsApi: ({ provider, flexInputUsdPerMTok: flex, priorityInputUsdPerMTok: priority }) =>
        provider === 'azure' || provider === 'together' || flex !== null || priority !== null,
    },
  }),
  audio: (random, { capabilityOf }) => ({
    overflows: random() < 0.3,
    task: {
      tokens: { audioSeconds: Math.ceil(600 * random()) },
      ...pickOf(random)([{}, { deadline: '24h' }, { serviceTier: 'priority' }]),
    },
    sale: {
      apiTimes: 2 ** (2 * random() - 0.5),
      sellsApi: ({ family }) => capabilityOf.get(family)?.modalities?.includes('audio') === true,
    },
  }),
  'calls of tools': (random) => ({
    overflows: random() < 0.5,
    sale: { apiTimes: 2 ** (5 * random()), hosts: Number.POSITIVE_INFINITY },
    perDay: 20_000 * 2 ** (6 * random()),
    task: {
      tools: { 'web-search': 0.002 * 2 ** (10 * random()) },
      ...(random() < 0.5 && { fees: { perToolCall: { 'web-search': `$${(0.02 * random()).toFixed(5)}` } } }),
    },
  }),
} satisfies Record<string, (random: Random, tables: Tables) => Family>;

export type FamilyName = keyof typeof families;
export const familyNames = Object.keys(families) as FamilyName[];

const types = ['faq-chat', 'rag-answering', 'code-chat', 'summarization', 'classification'];

/** What a case has beside what its family and its seed say; `overflows`: whether an API may take what exceeds own machines. */
type More = { tasks?: number; assumptions?: Record<string, number>; overflows?: boolean };

/** A case of one task or more, the same for the same family and seed. */
export async function smallCaseOf(name: FamilyName, seed: number, all: Tables, more: More = {}): Promise<Context> {
  const random = randomFrom(1000 * (familyNames.indexOf(name) + 1) + seed);
  const pick = pickOf(random);
  const family: Family = families[name](random, all);
  const few = smallTables(all, random, family.sale ?? { apiTimes: 2 ** (6 * random() - 1) });
  const growth = random() < 0.3 ? { growth: `${pick([-2, 3, 8])}% per month` } : {};
  const { peakToMean, perDay = 200 * 2 ** (15 * random()) } = family;
  const written: Written = {
    workload: {
      volume: `${Math.ceil(perDay)} requests/day`,
      horizon: `${pick([12, 12, 24, 36])} months`,
      profile: peakToMean === undefined ? pick(['flat', 'business-hours', 'consumer-chat']) : { peakToMean },
      ...growth,
    },
    // What is needed is assumed by the preset, or asked for.
    tasks: Array.from({ length: more.tasks ?? 1 }, (_, t) => ({
      ...{ name: t === 0 ? 'task' : `task-${t + 1}`, type: pick(types) },
      ...(random() < 0.6 && { capability: { minIndex: Math.ceil(45 * random()) } }),
      ...family.task,
    })),
    ...family.blocks,
    assumptions: more.assumptions ?? {},
    preferences: {
      exclude: [
        'edge-fallback',
        ...((more.overflows ?? family.overflows ?? false) ? [] : ['overflow']),
        ...(family.exclude ?? []),
      ],
      ...family.preferences,
    },
  };
  return caseOf(written, name === 'the same twice' ? twice(few) : few);
}
