import { expect, test } from 'vitest';
import { type Deployment, optionWords, type Plan, planWords, servedWords } from '../../src/decide/plan.js';
import type { Named, Option } from '../../src/places/option.js';
import { fixedWords, usdWords, wordsBeside } from '../../src/units/numeric.js';

/** Tables with names for some things: others are called by their ids. */
const tables: Named = {
  names: [
    { what: 'provider', id: 'aws', name: 'Amazon' },
    { what: 'accelerator', id: 'l4-24gb', name: 'L4 24 GB' },
  ] as unknown as Named['names'],
  providerOf: new Map(),
};

const api = (provider: string, model: string, mode = 'standard') =>
  ({
    ...{ kind: 'cloud-api', provider, model, family: model, mode, quantization: null, instance: null },
    ...{ purchase: null, hardware: null, fleet: null },
  }) as Option;
const machine = (more: Partial<Option> = {}) =>
  ({
    ...{ kind: 'self-hosted-cloud', provider: 'aws', model: 'm', family: 'm', mode: 'standard' },
    ...{ quantization: 'fp8', instance: 'g6', hardware: 'l4-24gb', fleet: null, purchase: 'on-demand', ...more },
  }) as Option;

test('an option: who runs which model, on what and how it is bought where it is ours', () => {
  expect(optionWords(api('openai', 'gpt'), tables)).toBe('gpt, openai');
  expect(optionWords(api('openai', 'gpt', 'thinking'), tables)).toBe('gpt (thinking), openai');
  expect(optionWords(machine(), tables)).toBe('m (fp8), Amazon, L4 24 GB');
  expect(optionWords(machine({ quantization: null, mode: 'thinking' }), tables)).toBe('m (thinking), Amazon, L4 24 GB');
  expect(optionWords(machine({ purchase: 'spot' }), tables)).toBe('m (fp8), Amazon, L4 24 GB, spot');
  expect(optionWords(machine({ purchase: null }), tables)).toBe('m (fp8), Amazon, L4 24 GB');
});

const deployment = (option: Option, taskParts: string[], second?: { role: 'overflow' | 'failover'; option: Option }) =>
  ({
    option,
    taskParts: taskParts.map((name) => {
      const [task, part = 'all'] = name.split('.');
      return { task, part };
    }),
    ...(second && { second }),
  }) as unknown as Deployment;
const plan = (...deployments: Deployment[]) =>
  ({ deployments: deployments.map((one) => ({ ...one, lines: [] })) }) as unknown as Plan;

test('a plan: its kinds and options, and who serves what where there are several', () => {
  const alone = plan(deployment(api('a', 'x'), ['faq', 'mail']));
  expect(planWords(alone, tables)).toBe('Closed API, billed per token: x, a');
  expect(servedWords(alone, tables)).toBe('x, a');
  const two = plan(deployment(api('a', 'x'), ['faq.easy', 'mail']), deployment(machine(), ['faq.hard']));
  expect(planWords(two, tables)).toMatch(/^Closed API, billed per token: x, a; [^:]+: m \(fp8\), Amazon, L4 24 GB$/);
  expect(servedWords(two, tables)).toBe('faq.easy, mail on x, a; faq.hard on m (fp8), Amazon, L4 24 GB');
  const peaks = plan(deployment(machine(), ['faq'], { role: 'overflow', option: api('a', 'x') }));
  expect(planWords(peaks, tables)).toMatch(
    /: m \(fp8\), Amazon, L4 24 GB; above its capacity Closed API, billed per token: x, a$/,
  );
  expect(servedWords(peaks, tables)).toBe('m (fp8), Amazon, L4 24 GB, above its capacity x, a');
  const down = plan(
    deployment(api('a', 'x'), ['faq'], { role: 'failover', option: api('b', 'y') }),
    deployment(api('c', 'z'), ['mail']),
  );
  expect(planWords(down, tables)).toContain('; while it is down Closed API, billed per token: y, b; ');
  expect(servedWords(down, tables)).toBe('faq on x, a, while it is down y, b; mail on z, c');
});

test.each([
  [0, '$0.00'],
  [9.994, '$9.99'],
  [9.999, '$10.00'],
  [10, '$10'],
  [999.5, '$1,000'],
  [1_234_567.4, '$1,234,567'],
  [-5.2, '-$5.20'],
  [-1234.4, '-$1,234'],
  [0.01, '$0.01'],
  [0.00996, '$0.01'],
  [0.00342, '$0.0034'],
  [0.00102, '$0.001'],
  [-0.000057, '-$0.000057'],
  [-0, '$0.00'],
  [1e-30, '$0.00000000000000000000'],
  [-1e-30, '$0.00000000000000000000'],
])('%d dollars are %s', (usd, words) => {
  expect(usdWords(usd)).toBe(words);
});

test('a figure beside a limit has as many places as tell them apart', () => {
  expect(wordsBeside(8000, 8000.4, usdWords)).toEqual(['$8,000.40', '$8,000.00']);
  expect(wordsBeside(10, 9.996, usdWords)).toEqual(['$9.996', '$10.000']);
  expect(wordsBeside(8000, 8000, usdWords)).toEqual(['$8,000', '$8,000']);
  expect(wordsBeside(0.4, 0.39, fixedWords(1))).toEqual(['0.39', '0.40']);
  expect(wordsBeside(0.4, -0.4, fixedWords(1))).toEqual(['-0.4', '0.4']);
});
