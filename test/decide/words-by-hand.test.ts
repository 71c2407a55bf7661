import { expect, test } from 'vitest';
import { z } from 'zod';
import { optionWords, type Plan, planWords, servedWords } from '../../src/decide/plan.js';
import type { Named, Option } from '../../src/places/option.js';
import { fixedWords, usdWords, wordsBeside } from '../../src/units/numeric.js';
import { casesIn } from '../support/cases.js';
import { matcher } from '../support/sessions.js';

const [text, number] = [z.string(), z.number()];
const api = { kind: 'cloud-api', mode: 'standard', quantization: null, instance: null, hardware: null, purchase: null };
const machine = {
  ...{ kind: 'self-hosted-cloud', provider: 'aws', model: 'm', mode: 'standard' },
  ...{ quantization: 'fp8', instance: 'g6', hardware: 'l4-24gb', purchase: 'on-demand' },
};
const option = z
  .strictObject({
    ...{ machine: z.literal(true), provider: text, model: text, mode: text },
    ...{ quantization: text.nullable(), purchase: text.nullable() },
  })
  .partial()
  .transform(({ machine: isMachine, ...said }) => {
    const known = { ...(isMachine ? machine : api), ...said };
    return { ...known, family: known.model, fleet: null } as unknown as Option;
  });
const deployment = z
  .strictObject({ on: option, serves: z.array(text), overflow: option.optional(), failover: option.optional() })
  .transform(({ on, serves, overflow, failover }) => ({
    option: on,
    lines: [],
    taskParts: serves.map((name) => {
      const [task, part = 'all'] = name.split('.');
      return { task, part };
    }),
    ...(overflow && { second: { role: 'overflow', option: overflow } }),
    ...(failover && { second: { role: 'failover', option: failover } }),
  }));
const cases = casesIn('plan-words', {
  options: { option, words: text },
  plans: { plan: z.array(deployment), told: text, served: text },
  dollars: { usd: number, words: text },
  beside: { limit: number, figure: number, digits: number.optional(), words: z.tuple([text, text]) },
});

const tables: Named = {
  names: [
    { what: 'provider', id: 'aws', name: 'Amazon' },
    { what: 'accelerator', id: 'l4-24gb', name: 'L4 24 GB' },
  ] as unknown as Named['names'],
  providerOf: new Map(),
};

test.each(cases.options)('an option: $words', (one) => expect(optionWords(one.option, tables)).toBe(one.words));

test.each(cases.plans)('a plan: $served', ({ plan: deployments, told, served }) => {
  const plan = { deployments } as unknown as Plan;
  expect(planWords(plan, tables)).toEqual(matcher(told));
  expect(servedWords(plan, tables)).toBe(served);
});

test.each(cases.dollars)('$usd dollars are $words', ({ usd, words }) => expect(usdWords(usd)).toBe(words));

test.each(cases.beside)('$figure beside a limit of $limit: $words', ({ limit, figure, digits, words }) => {
  expect(wordsBeside(limit, figure, digits === undefined ? usdWords : fixedWords(digits))).toEqual(words);
});
