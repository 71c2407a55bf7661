import fc from 'fast-check';
import type { Tables } from '../../src/tables/tables.js';
import { type ReadScenario, readScenario } from '../../src/workload/read.js';
import { tablesWith, type Written } from './scenario.js';

/** A field that is left out `out` times for each time it is written. */
const maybe = <Value>(value: fc.Arbitrary<Value>, out = 3): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: out, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const some = <Value>(...values: Value[]): fc.Arbitrary<Value[]> =>
  fc.subarray(values, { minLength: 1, maxLength: Math.min(2, values.length) });

const sensitivity = fc.constantFrom('public', 'internal', 'pii', 'regulated', 'device-only');
const agreements = fc.oneof(
  fc.subarray(['baa', 'dpa', 'glba', 'baa:azure', 'dpa:openai']),
  fc.record({ signed: fc.subarray(['dpa', 'transfer-tool']), canSign: fc.subarray(['baa', 'dpa', 'glba']) }),
);
const data = fc.record({
  sensitivity: maybe(sensitivity),
  boundary: maybe(fc.constantFrom('own-premises', 'own-account', 'under-contract', 'anywhere')),
  regimes: maybe(some('hipaa', 'gdpr', 'soc2', 'glba', 'pci-dss', 'fedramp-moderate')),
  residency: maybe(some('us', 'eea', 'uk')),
  agreements: maybe(agreements),
  declared: maybe(some('dpia', 'risk-accepted', 'pan-redacted')),
});
const task = fc.record({
  type: fc.constantFrom('faq-chat', 'classification', 'summarization', 'function-calling', 'ocr-and-image-questions'),
  tokens: maybe(fc.record({ input: fc.integer({ min: 50, max: 150_000 }), output: fc.integer({ min: 5, max: 9000 }) })),
  capability: maybe(
    fc.oneof(
      fc.record({ minIndex: fc.integer({ min: 1, max: 90 }) }),
      fc.constant({ tier: 'strong' }),
      fc.constant({ atLeast: 'gpt-4o' }),
    ),
    1,
  ),
  latency: maybe(
    fc.oneof(
      fc.record({ ttftP95: fc.integer({ min: 300, max: 6000 }).map((ms) => `${ms}ms`) }),
      fc.record({ tokensPerSecond: fc.integer({ min: 20, max: 200 }) }),
    ),
    4,
  ),
  thinking: maybe(fc.constantFrom('allowed', 'forbidden')),
  needs: maybe(some('tools', 'vision', 'fine-tuning'), 4),
  availability: maybe(fc.constantFrom('99%', '99.9%', '99.99%'), 4),
  data: maybe(fc.record({ sensitivity }), 5),
});

/** Any scenario of one or two tasks; fields that are left out are left out of the text too. */
export const anyScenario: fc.Arbitrary<Written> = fc
  .record({
    volume: fc.constantFrom(200, 5000, 80_000, 2_000_000),
    tasks: fc.array(task, { minLength: 1, maxLength: 2 }),
    data: maybe(data, 1),
    needs: maybe(fc.record({ offline: fc.constant(true) }), 8),
    team: maybe(
      fc.record({
        devops: fc.constantFrom(0, 0.3, 2),
        mayHire: maybe(fc.boolean()),
        launchWithin: maybe(fc.integer({ min: 1, max: 24 }).map((weeks) => `${weeks} weeks`)),
      }),
      2,
    ),
    budget: maybe(
      fc.record({
        monthly: maybe(fc.integer({ min: 20, max: 50_000 })),
        upfront: maybe(fc.integer({ min: 0, max: 80_000 })),
      }),
    ),
    preferences: maybe(
      fc.record({
        only: maybe(some('cloud-api', 'open-model-api', 'self-hosted-cloud', 'on-prem', 'openai', 'azure', 'aws')),
        exclude: maybe(some('together', 'spot', 'serverless-gpu', 'novita', 'deepinfra', 'bought')),
      }),
    ),
  })
  .map(
    ({ volume, tasks, ...rest }) =>
      JSON.parse(
        JSON.stringify({
          workload: { volume, profile: 'flat' },
          tasks: tasks.map((one, i) => ({
            name: 'ab'[i],
            ...(tasks.length === 2 && { share: i === 0 ? '70%' : '30%' }),
            ...one,
          })),
          ...rest,
        }),
      ) as Written,
  );

/** The scenario, with changes as `--set` takes them; null where it contradicts itself. */
export function readAny(written: Written, tables: Tables, set: string[] = []): ReadScenario | null {
  const text = JSON.stringify({ version: 1, ...written });
  return readScenario(text, { file: 'test.json', tables, set }).scenario;
}

/** The shipped tables with a few of their models, machines and APIs, so that a decision takes milliseconds. */
export function fewOf(tables: Tables): Tables {
  const cards = new Set(['l4-24gb', 'h100-sxm-80gb', 'rtx-a6000-48gb', 'apple-m3-max-64gb']);
  const hosts = new Set(['aws', 'azure', 'verda', 'modal', 'runpod']);
  const models = tables.models.filter(({ row }) => row % 4 === 1);
  const accelerators = tables.accelerators.filter(({ accelerator }) => cards.has(accelerator));
  return tablesWith(tables, {
    models,
    modelOf: new Map(models.map((model) => [model.family, model])),
    accelerators,
    api: tables.api.filter(({ row, provider }) => row % 3 === 0 || provider === 'azure'),
    rental: tables.rental.filter(({ provider, accelerator }) => hosts.has(provider) && cards.has(accelerator)),
    hosting: tables.hosting.filter(({ provider }) => hosts.has(provider)),
  });
}
