import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readScenario } from '../../src/workload/read.js';
import { casesIn } from '../support/cases.js';
import { long } from '../support/sample.js';
import { fewTables } from '../support/scenario-tables.js';

const cases = casesIn('read', {
  refused: { why: z.string(), after: z.string().optional(), text: z.string().optional(), problem: z.string() },
  fields: { fields: z.string(), problem: z.string() },
});

const fixture = (name: string) => readFileSync(new URL(`../fixtures/scenario/${name}`, import.meta.url), 'utf8');
const design = fixture('design-example.yaml');
const least = 'version: 1\nworkload: {volume: 500}\ntasks: [{type: faq-chat}]\n';

const read = (text: string, tables = false) =>
  readScenario(text, { file: 'x.yaml', ...(tables && { tables: fewTables }) });
/** Each problem as `line:column code path`. */
const list = (text: string, tables = false) =>
  read(text, tables).problems.map(({ line, column, code, path }) => `${line}:${column} ${code} ${path}`.trim());
const sure = (likely: number) => ({ likely, range: null });

describe('the example of the design', () => {
  const { scenario: found, problems } = read(design, true);
  const scenario = found?.scenario;

  test('asks for less than usual, and has a declaration that its regime does not ask for', () => {
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'below-usual tasks.complex.capability.atLeast',
      'no-effect data.declared.0',
    ]);
  });

  test('reads to typed values', () => {
    expect(scenario?.workload).toEqual({
      volume: { amount: sure(50_000), of: 'conversations', per: 'day', atPeak: false },
      turns: sure(3),
      profile: 'business-hours',
      growth: sure(0.05),
      horizonMonths: 24,
    });
    expect(scenario?.tasks[1]).toEqual({
      name: 'complex',
      type: 'complex-reasoning',
      share: sure(0.1),
      tokens: { input: sure(3000), output: sure(800), cacheablePrefix: sure(2000) },
      capability: { atLeast: 'gpt-4o' },
      latency: { ttftP95Ms: 2000, tokensPerSecond: 20, totalP95Ms: 30_000 },
      thinking: 'allowed',
      needs: ['tools'],
    });
    expect(scenario?.tasks[2]).toEqual({
      name: 'nightly',
      type: 'summarization',
      volume: { amount: sure(20_000), of: 'requests', per: 'day', atPeak: false },
      deadlineHours: 24,
    });
    expect(scenario?.data?.agreements).toEqual({ signed: ['dpa'], canSign: ['baa'] });
    expect(scenario?.needs?.availability).toBe(0.995);
    expect(scenario?.team).toEqual({
      devops: sure(2),
      mlInfra: sure(0),
      freeFte: sure(0.5),
      yearlyCostUsd: { likely: 190_000, range: { low: 160_000, likely: 190_000, high: 220_000 } },
      mayHire: false,
      launchWithinWeeks: 8,
    });
    expect(scenario?.today).toEqual({ option: 'cloud-api/openai/gpt-4o', billUsdPerMonth: sure(9000) });
    expect(scenario?.devices).toEqual({ count: sure(20_000), classes: { 'apple-a17-pro-8gb': 0.6 } });
    expect(scenario?.budget).toEqual({ monthlyUsd: 8000, upfrontUsd: 50_000 });
    expect(scenario?.assumptions).toEqual({ retryRate: sure(0.01) });
    expect(scenario?.expect).toEqual({ kinds: ['open-model-api', 'cloud-api'], maxMonthlyCost: 5000 });
  });

  test('knows where everything stands, tasks by name or position', () => {
    const place = { file: 'x.yaml', line: 11, column: 40 };
    expect(found?.at(['tasks', 'faq', 'share'])).toMatchObject(place);
    expect(found?.at(['tasks', 0, 'share'])).toMatchObject(place);
    expect(found?.at(['workload', 'growth'])).toMatchObject({ line: 8, column: 11, excerpt: '  growth: 5% per month' });
    expect(found?.at(['tasks', 'faq', 'tokens'])).toBeNull();
    expect(found?.at(['tasks', 'other', 'share'])).toBeNull();
  });
});

test('only version, volume and one typed task are required', () => {
  expect(list(least, true)).toEqual([]);
  expect(list('{}')).toEqual(['1:1 missing-key tasks', '1:1 missing-key version', '1:1 missing-key workload']);
});

test('all mistakes come at once, each at its line and column', () => {
  const { scenario, problems } = read(fixture('seven-mistakes.yaml'));
  expect(scenario).toBeNull();
  expect(problems.map(({ line, column, code, path }) => `${line}:${column} ${code} ${path}`)).toEqual([
    '3:11 bad-value workload.volume',
    '4:3 unknown-key workload.profil',
    '5:1 shares-sum tasks',
    '7:5 missing-key tasks.complex.type',
    '9:35 comma-in-number ',
    '10:19 bad-value budget.monthly',
    '13:13 boundary-contradiction data.boundary',
  ]);
  expect(problems.map(({ suggestion }) => suggestion).filter((hint) => hint?.startsWith('did you mean'))).toEqual([
    'did you mean `profile`?',
  ]);
  expect(problems[0]?.excerpt).toBe('  volume: 50k conversatons/day');
  expect(problems[2]?.message).toContain('sum to 110%');
});

describe('text that is no scenario', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`),
  ].join('\n');
  const smallBomb = `a: &a [x]\nb: &b [${Array(7).fill('*a')}]\nc: &c [${Array(7).fill('*b')}]\nd: [${Array(7).fill('*c')}]`;
  const deep = (open: string, close: string, times: number) => `a: ${open.repeat(times)}${close.repeat(times)}`;
  test.each([
    ['an empty file', '', 'null:null empty-file'],
    ['comments alone', '# nothing\n', 'null:null empty-file'],
    ['a list', '- 1\n- 2', '1:1 not-a-map'],
    ['a word', 'hello', '1:1 not-a-map'],
    ['a tab', 'version: 1\nworkload:\n\tvolume: 5', '3:1 tab-indent'],
    // 9 aliases in each of lines 2 to 6, so the 51st is the sixth of line 7
    ['an alias bomb', bomb, '7:28 too-many-aliases'],
    ['an alias bomb of few aliases', smallBomb, '2:8 too-many-aliases'],
    ['many aliases', `a: &a 1\nb: [${Array(2000).fill('*a').join(',')}]`, '2:155 too-many-aliases'],
    ['a binary', 'PK\u0003\u0004', '1:3 not-text'],
    ['Latin-1', 'version: 1\nname: Caf\uFFFD', '2:10 wrong-encoding'],
    ['more than 1 MiB', `name: ${'x'.repeat(1024 * 1024)}`, 'null:null too-large'],
    ['more than 1 MiB in bytes', `name: ${'é'.repeat(600_000)}`, 'null:null too-large'],
    ['two documents', `${least}---\n${least}`, '4:1 several-documents'],
    ['JSON Lines', '{"version": 1}\n\n{"version": 1}\n', '3:1 several-documents'],
    ['a reserved character', '@a: 1', '1:1 yaml-syntax'],
  ])('%s', (_, text, problem) => {
    expect(list(text)).toEqual([problem]);
    expect(read(text).scenario).toBeNull();
  });

  test.each([
    ['a list', (count: number) => `preferences: {exclude: [${Array(count).fill('openai')}]}\n`],
    ['a map', (count: number) => `devices: {classes: {${Array.from({ length: count }, (_, at) => `c${at}: 0`)}}}\n`],
  ])('%s takes a thousand entries and no more', (_, entries) => {
    const said = (count: number) =>
      read(`${least}${entries(count)}`).problems.filter(({ message }) =>
        message.endsWith('has more than 1000 entries'),
      );
    expect([said(1000).length, said(1001).length]).toEqual([0, 1]);
  });

  test.each([
    ['lists', deep('[', ']', 20_000)],
    ['maps', deep('{a: ', '}', 20_000)],
    ['lists, less so', deep('[', ']', 200)],
    ['unclosed lists', deep('[', '', 20_000)],
  ])('%s nested too deeply', (_, text) => {
    expect(list(text).some((problem) => problem.includes('too-deep'))).toBe(true);
  });
});

describe('YAML that a scenario does not take', () => {
  test.each(cases.refused)('$why: $problem', ({ after = '', text = least + after, problem }) => {
    expect(list(text)).toContain(problem);
  });

  test('1,000 outside braces is text, and refused as a number', () => {
    expect(list('version: 1\nworkload:\n  volume: 1,000\ntasks: [{type: x}]')).toEqual([
      '3:11 bad-value workload.volume',
    ]);
  });
});

describe('text that is fine', () => {
  test.each([
    ['a byte order mark', `\uFEFF${least}`],
    ['Windows line ends', least.replaceAll('\n', '\r\n')],
    ['JSON', JSON.stringify({ version: 1, workload: { volume: '500 requests/day' }, tasks: [{ type: 'faq-chat' }] })],
    [
      'an anchor used twice',
      'version: 1\nworkload: {volume: &v 500}\ntasks: [{type: faq-chat, volume: *v}, {type: faq-chat}]',
    ],
  ])('%s', (_, text) => {
    expect(list(text, true)).toEqual([]);
    expect(read(text).scenario?.scenario.workload.volume.amount).toEqual(sure(500));
  });

  test('positions after a byte order mark and Windows line ends are the same', () => {
    expect(list(`\uFEFF${least}nam: x`.replaceAll('\n', '\r\n'))).toEqual(['4:1 unknown-key nam']);
    expect(read(`${least}nam: x\r\n`).problems[0]?.excerpt).toBe('nam: x');
  });
});

describe('values', () => {
  const withTask = (fields: string) => `version: 1\nworkload: {volume: 500}\ntasks:\n  - {type: faq-chat, ${fields}}\n`;
  test.each(cases.fields)('$fields: $problem', ({ fields, problem }) =>
    expect(list(withTask(fields))).toEqual([problem]),
  );

  test('which letters a task name may have is said where it has others', () => {
    const [problem] = read(least.replace('{type', '{name: größe, type')).problems;
    expect(problem?.message).toBe(
      '`größe`: a task name has letters (a to z, A to Z), digits, - and _, and starts with a letter or digit',
    );
  });

  test('a plain list of agreements means signed; eu means eea', () => {
    const data = read(`${least}data: {agreements: [dpa], residency: [eu, EU, US]}`).scenario?.scenario.data;
    expect(data).toEqual({ agreements: { signed: ['dpa'], canSign: [] }, residency: ['eea', 'eea', 'us'] });
  });

  test('a misplaced key is told where it belongs', () => {
    expect(read(`${least}share: 30%`).problems[0]?.suggestion).toBe(
      'it belongs in tasks[] or development or tasks[].easy',
    );
  });
});

test('reading never throws, whatever the text', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...['version: 1\n', 'tasks:\n', '  - ', 'type: x\n', 'share: ', '50%', 'workload: {', 'volume: ', '}'],
      ...['&a ', '*a', '? ', '!!map ', '|\n', '"', '\n'],
    ),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, text, (anything, path) => {
      const { scenario, problems } = readScenario(anything, { file: 'x', set: [path], tables: fewTables });
      expect(scenario === null).toBe(problems.some(({ severity }) => severity === 'error'));
    }),
    { numRuns: long ? 1000 : 300 },
  );
});

test('any JSON reads without throwing, also where a scenario has its parts', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(json, json, json, (one, other, third) => {
      const tasks = [{ type: 'faq-chat', share: one, tokens: other, data: third }];
      const whole = {
        version: 1,
        workload: { volume: one, profile: other },
        tasks,
        data: third,
        team: other,
        assumptions: third,
      };
      for (const value of [one, whole]) readScenario(JSON.stringify(value), { file: 'x', tables: fewTables });
    }),
    { numRuns: long ? 300 : 100 },
  );
});
