import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { fixScenario } from '../../src/workload/fix.js';
import { readScenario } from '../../src/workload/read.js';
import { casesIn } from '../support/cases.js';
import { shipped } from '../support/load.js';

const written = z
  .strictObject({
    usual: z.string(),
    tasks: z.string(),
    head: z.string(),
    task: z.string(),
    and: z.string(),
    workload: z.string(),
  })
  .partial();
const cases = casesIn('habits', {
  readings: { habit: written, means: written },
  refused: { line: z.string(), message: z.string(), suggestion: z.string(), column: z.number() },
  ambiguous: { line: z.string(), hint: z.string() },
});

/** What people write by habit: read as what it can only mean, said with the line to write, and written so by `init --fix`. */

const { tables } = await shipped();
const read = (text: string, set: string[] = []) => readScenario(text, { file: 'x.yaml', tables, set });
const scenarioOf = (text: string, set: string[] = []) => read(text, set).scenario?.scenario ?? read(text, set).problems;
const habitual = new Set(['read-as', 'said-twice']);
const told = (text: string) => read(text).problems.filter(({ code }) => habitual.has(code));
const fixed = (text: string): string => {
  const found = fixScenario(text, { file: 'x.yaml', tables });
  expect(found.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return found.fixed?.text ?? '';
};

const head = 'version: 1\n';
const usual = `${head}workload: {volume: 500}\ntasks: [{type: faq-chat}]\n`;
const tasks = `${head}tasks: [{type: faq-chat}]\n`;
const inTask = (fields: string, rest = '') =>
  `${head}workload: {volume: 500}\ntasks: [{type: faq-chat, ${fields}}]\n${rest}`;
const inWorkload = (fields: string) => `${head}workload: {${fields}}\ntasks: [{type: faq-chat}]\n`;

const textOf = (of: z.infer<typeof written>): string => {
  if (of.task !== undefined) return inTask(of.task, of.and);
  if (of.workload !== undefined) return inWorkload(of.workload);
  return of.usual !== undefined ? usual + of.usual : of.tasks !== undefined ? tasks + of.tasks : head + of.head;
};
const readings = cases.readings.map(({ habit, means }) => [textOf(habit), textOf(means)] as const);

test('a field whose place holds something else is not lost', () => {
  const text = `${tasks}workload: 500 requests/day\nusers: 300\n`;
  expect(read(text).scenario).toBeNull();
  expect(told(text).filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'said-twice', line: 4 }]);
});

test('there are more than thirty', () => expect(readings.length).toBeGreaterThan(30));

describe.each(readings)('%j', (habit, means) => {
  test('is read as it is meant, with a warning at the line', () => {
    expect(told(means)).toEqual([]);
    expect(scenarioOf(habit)).toEqual(scenarioOf(means));
    const warnings = told(habit);
    expect(warnings).not.toEqual([]);
    for (const { severity, line, column, suggestion } of warnings) {
      expect([severity, typeof line, typeof column]).toEqual(['warning', 'number', 'number']);
      expect(suggestion).toMatch(/^write `.+`/);
    }
  });

  test('is written so, and then read without a word', () => {
    const text = fixed(habit);
    expect(told(text), text).toEqual([]);
    expect(scenarioOf(text)).toEqual(scenarioOf(means));
    expect(fixed(text)).toBe(text);
    const json = fixed(JSON.stringify(parse(habit), null, 2));
    expect(scenarioOf(json)).toEqual(scenarioOf(means));
    expect(() => JSON.parse(json)).not.toThrow();
  });
});

describe('what is told', () => {
  test.each(cases.refused)('$line', ({ line, message, suggestion, column }) => {
    const text = `${line.startsWith('users') ? tasks : usual}${line}\n${line.startsWith('users') ? 'requestsPerUser: 3\n' : ''}`;
    const [first] = told(text);
    expect(first).toMatchObject({ message, suggestion, column, line: line.startsWith('users') ? 3 : 4 });
  });

  test('a value is checked as any other, at the place where it is written', () => {
    const { scenario, problems } = read(`${usual}constraints:\n  sensitivity: zebra\n`);
    expect(scenario).toBeNull();
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'unknown-value', line: 5, column: 16 },
    ]);
    const [wrong] = read(`${usual}latency: {ttft: soon}\n`).problems.filter(({ severity }) => severity === 'error');
    expect(wrong).toMatchObject({ code: 'bad-value', line: 4, column: 17, path: 'tasks.faq-chat.latency.ttftP95' });
  });

  test.each(cases.ambiguous)('$line may mean two things, and stays an error', ({ line, hint }) => {
    const { scenario, problems } = read(`${usual}${line}\n`);
    expect(scenario).toBeNull();
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ message, suggestion }) => `${message} ${suggestion}`).join()).toMatch(
      line.startsWith('users') ? /workload\.volume/ : new RegExp(hint),
    );
    expect(fixScenario(`${usual}${line}\n`, { file: 'x.yaml', tables }).fixed).toBeNull();
  });

  test('said twice: the same is a warning, another value an error at the line', () => {
    const same = `${usual}region: EU\ndata: {residency: [eea]}\n`;
    expect(told(same)).toMatchObject([
      { severity: 'warning', code: 'said-twice', line: 4, suggestion: 'leave it out' },
    ]);
    expect(scenarioOf(same)).toEqual(scenarioOf(`${usual}data: {residency: [eea]}\n`));
    expect(fixed(same)).toBe(`${usual}data: {residency: [eea]}\n`);
    expect(told(`${usual}batch: true\n`.replace('faq-chat}', 'faq-chat, deadline: 1440 min}'))).toMatchObject([
      { severity: 'warning' },
    ]);
    const other = `${usual}region: us\ndata: {residency: [eea]}\n`;
    expect(told(other)).toMatchObject([{ severity: 'error', code: 'said-twice', line: 4, column: 1 }]);
    expect(read(other).scenario).toBeNull();
    expect(told(`${usual}ttft: 2s\nttft_p95: 3s\n`)).toMatchObject([{ severity: 'warning' }, { severity: 'error' }]);
  });
});

test('nothing is thrown, whatever stands where; what is put right reads as before', () => {
  const word = fc.constantFrom(
    ...['users', 'region', 'ttft', 'latency', 'constraints', 'compliance', 'sensitivity', 'batch', 'data', 'workload'],
    ...['tasks', 'documents', 'quality', 'tokens', 'hipaa', 'budget', 'team', 'zebra', 'type', 'vision', 'capability'],
  );
  const value = fc.oneof(
    fc.constantFrom<unknown>(300, '2s', 'us', true, null, 'phi', 'strong', 'faq-chat', [], {}, ['hipaa'], '5k/month'),
    fc.dictionary(word, fc.constantFrom<unknown>(1, 'eu', true, null, '1s', ['gdpr']), { maxKeys: 3 }),
  );
  const tree = fc.record({
    more: fc.dictionary(word, value, { maxKeys: 5 }),
    task: fc.dictionary(word, value, { maxKeys: 3 }),
    isFlow: fc.boolean(),
  });
  fc.assert(
    fc.property(tree, ({ more, task, isFlow }) => {
      const scenario = { version: 1, workload: { volume: 5 }, tasks: [{ type: 'faq-chat', ...task }], ...more };
      const text = stringify(scenario, isFlow ? { collectionStyle: 'flow' } : {});
      const { fixed: put, problems } = fixScenario(text, { file: 'x.yaml', tables });
      if (put === null)
        expect(
          problems.some(({ severity, code }) => severity === 'error' && code !== 'not-fixed'),
          text,
        ).toBe(true);
      else expect([told(put.text), scenarioOf(put.text)], text).toEqual([[], scenarioOf(text)]);
    }),
    { numRuns: 300 },
  );
});

describe('settings and changes', () => {
  const text = `${tasks}users: 300\nrequestsPerUserPerDay: 12\nlatency: {ttft: 2s}\n`;

  test('go by the paths of the format, beside what the file says by habit', () => {
    const { scenario } = read(text, ['workload.volume=400 users', 'tasks.faq-chat.latency.ttftP95=1s']);
    expect(scenario?.scenario).toEqual(
      scenarioOf(inTask('latency: {ttftP95: 1s}').replace('volume: 500', 'volume: 400 users, requestsPerUser: 12')),
    );
    expect(read(text).scenario?.changed(['workload.requestsPerUser=3'])?.workload.requestsPerUser?.likely).toBe(3);
    expect(read(text).scenario?.at(['workload', 'volume'])).toMatchObject({ line: 3, column: 8 });
  });

  test('may be by habit themselves', () => {
    const { scenario, problems } = read(usual, ['region=us']);
    expect(scenario?.scenario.data?.residency).toEqual(['us']);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'read-as', file: '--set', column: 1 }]);
  });
});

describe('a file that is put right', () => {
  test('keeps its comments and all else', () => {
    const fixture = (name: string) => readFileSync(`test/fixtures/scenario/${name}.yaml`, 'utf8');
    expect(fixed(fixture('by-habit'))).toBe(fixture('by-habit-fixed'));
  });

  test.each(readings)('%j has its fields in the order in which they are read', (habit) => {
    expect(JSON.stringify(read(fixed(habit)).scenario?.tree)).toBe(JSON.stringify(read(habit).scenario?.tree));
  });

  test('in Windows’ lines too', () => {
    const text = `${usual}region: us   # here\n`.replaceAll('\n', '\r\n');
    expect(fixed(text)).toBe(`${usual}data: {residency: [us]}   # here\n`.replaceAll('\n', '\r\n'));
  });

  test('is refused where pieces hang together', () => {
    const text = `${usual}region: &here us\ndevelopment: {share: 10%, data: {residency: [*here]}}\n`;
    const { fixed: none, problems } = fixScenario(text, { file: 'x.yaml', tables });
    expect(none).toBeNull();
    expect(problems.at(-1)).toMatchObject({ severity: 'error', code: 'not-fixed' });
  });
});
