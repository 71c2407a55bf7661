import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { marked } from 'marked';
import { beforeAll, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { z } from 'zod';
import { type CheckReport, checkReport, judged, unreadable } from '../../src/analyses/check/report.js';
import { readRules } from '../../src/analyses/check/rules.js';
import { decide, judgedBy, stepOf } from '../../src/analyses/compare/compare.js';
import { checkJson, checkJsonl, checkTable } from '../../src/report/check.js';
import { markdown, marker } from '../../src/report/check-markdown.js';
import { githubCommands, githubOutputs, junit, sarif } from '../../src/report/ci-formats.js';
import type { Problem } from '../../src/units/problem.js';
import { readScenario } from '../../src/workload/read.js';
import { casesIn } from '../support/cases.js';
import { asOf } from '../support/committed.js';
import { shipped } from '../support/load.js';

/** A check with something of everything: a pass, a failure, a flip, mistakes, and names that mean harm. */

const tool = { name: 'deploy-advisor', version: '0.0.0' };
const hostile = 'Bot "x" <!-- --> | @team #1 %0A::error::x </code></details>\\u001b]0;x\\u0007 & `rm`';

const text = (volume: string, name = 'Chatbot') => `version: 1
name: ${name}
workload: {volume: ${volume}}
tasks:
  - {name: support, type: faq-chat, tokens: {input: 1500, output: 500}, capability: {minIndex: 50}}
preferences: {only: [cloud-api, open-model-api, serverless-gpu]}
expect: {kinds: [open-model-api], maxMonthlyCost: 500}
`;

let report: CheckReport;
let quiet: CheckReport;

beforeAll(async () => {
  const list = await shipped();
  const judge = { ...list, asOf };
  const { rules } = readRules(['flip', 'cost>+10%', 'stale>30d', 'margin<1%', 'infeasible']);
  const read = (yaml: string, file: string) => readScenario(yaml, { file, tables: list.tables, asOf });
  const checked = (yaml: string, before: string, file: string) => {
    const [{ scenario, problems }, old] = [read(yaml, file), read(before, file).scenario];
    if (scenario === null || old === null) return unreadable(file, problems);
    const [decision, then] = [
      decide(scenario, judge, { tool, draws: false }),
      decide(old, judge, { tool, draws: false }),
    ];
    const change = stepOf(
      { name: 'main', decision: then, judged: judgedBy(old, judge) },
      { name: 'now', decision, judged: judgedBy(scenario, judge) },
    );
    return judged({ read: scenario, decision, before: then, baseline: 'main', change, problems }, rules);
  };
  const same = checked(text('50k/day'), text('50k/day'), 'scenarios/same.yaml');
  report = checkReport(
    [
      checked(text('5M/day', JSON.stringify(hostile)), text('50k/day'), 'scenarios/big, "odd" & % `@team`.yaml'),
      same,
      checked('version: 1\nworkload: {volum: 5}\n', text('50k/day'), 'scenarios/broken.yaml'),
    ],
    { tool, rules, baseline: 'main' },
  );
  const calm = { ...same, verdicts: [], status: 'passed' as const, exitCode: 0 as const };
  quiet = checkReport([calm], { tool, rules: [], baseline: 'main' });
}, 120_000);

const problem = (file: string): Problem => ({
  ...{ severity: 'error', code: 'odd', message: 'odd', suggestion: null, path: '', excerpt: null },
  ...{ file, line: 1, column: 1 },
});
test('where nothing is to be said a table is silent, and each other form a whole document', () => {
  expect(checkTable(quiet, { color: false, width: 80 })).toBe('');
  for (const form of [githubCommands, githubOutputs, checkJson, checkJsonl, junit, markdown, sarif])
    expect(form(quiet).length, form.name).toBeGreaterThan(20);
});

test('SARIF passes its published schema and points at lines', () => {
  const path = createRequire(import.meta.url).resolve('schemastore/schemas/json/sarif-2.1.0.json');
  const schema = JSON.parse(readFileSync(path, 'utf8'));
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  for (const checked of [report, quiet]) {
    expect(validate(JSON.parse(sarif(checked))), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  }
  const [run] = JSON.parse(sarif(report)).runs;
  const uri = 'scenarios/big%2C%20%22odd%22%20%26%20%25%20%60%40team%60.yaml';
  const region = { startLine: 7, startColumn: 17 };
  expect(run.results).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ level: 'error', ruleId: 'fail-on.stale' }),
      expect.objectContaining({ level: 'error', ruleId: 'unknown-key' }),
      expect.objectContaining({
        ...{ level: 'error', ruleId: 'expect.kinds' },
        locations: [{ physicalLocation: expect.objectContaining({ region, artifactLocation: { uri } }) }],
      }),
    ]),
  );
  const told = new Set(run.results.map(({ ruleId }: { ruleId: string }) => ruleId));
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([...told].sort());
});

const { paths } = casesIn('repository-paths', { paths: { file: z.string(), folder: z.string(), is: z.string() } });
test.each(paths)('$file seen from $folder is $is of the repository', ({ file, folder, is: expected }) => {
  const one = { ...quiet, results: quiet.results.map((result) => ({ ...result, file, problems: [problem(file)] })) };
  const [, named] = /file=([^,]*),/.exec(githubCommands(one, { folder })) ?? [];
  expect(named?.replaceAll('%3A', ':')).toBe(expected);
  const uri = /"uri": "(.*)"/.exec(sarif(one, { folder }))?.[1] ?? '';
  expect(decodeURIComponent(uri)).toBe(
    expected.startsWith('/') ? `file://${expected}` : expected.startsWith('C:') ? `file:///${expected}` : expected,
  );
  expect(new URL(uri, 'file:///repository/').pathname).not.toContain('//');
});

test('JUnit XML fits a schema stricter than those of Ant and of Jenkins, and counts what it has', async () => {
  const schema = readFileSync(new URL('../fixtures/junit-strict.xsd', import.meta.url), 'utf8');
  for (const checked of [report, quiet]) {
    const contents = junit(checked);
    const { valid, errors } = await validateXML({
      xml: [{ fileName: 'junit.xml', contents }],
      schema: [{ fileName: 'strict.xsd', contents: schema }],
    });
    expect(valid, JSON.stringify(errors)).toBe(true);
  }
  const xml = junit(report);
  const count = (pattern: RegExp): number => xml.match(pattern)?.length ?? 0;
  const sums = (name: string): number =>
    [...xml.matchAll(new RegExp(` ${name}="(\\d+)"`, 'g'))].reduce((sum, [, digits]) => sum + Number(digits), 0);
  expect([sums('tests'), sums('failures'), sums('errors')]).toEqual([
    count(/<testcase /g),
    count(/<failure /g),
    count(/<error /g),
  ]);
  expect(count(/<failure /g)).toBeGreaterThanOrEqual(4);
});

test('annotations undo to what was said, and hold no command of a name', () => {
  const lines = githubCommands(report).trimEnd().split('\n');
  const read = lines.map((line) => /^::(error|warning|notice)(?: ([^:]*))?::(.*)$/.exec(line));
  expect(read.every((match) => match !== null)).toBe(true);
  const undo = (part: string): string =>
    part.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%0A', '\n').replaceAll('%25', '%');
  const parsed = read.map((match) => ({
    level: match?.[1],
    properties: Object.fromEntries((match?.[2] ?? '').split(',').map((pair) => pair.split('=').map(undo))),
    message: undo(match?.[3] ?? ''),
  }));
  const kinds = parsed.find(({ properties }) => properties.title === 'deploy-advisor: expect.kinds');
  expect(kinds).toEqual({
    level: 'error',
    properties: {
      file: 'scenarios/big, "odd" & % `@team`.yaml',
      line: '7',
      col: '17',
      title: 'deploy-advisor: expect.kinds',
    },
    message: 'open-model-api expected, serverless-gpu advised',
  });
  expect(parsed.find(({ properties }) => properties.title === 'deploy-advisor: flip')?.message).toContain(
    'because workload.volume: 50k/day -> 5M/day',
  );
  expect(parsed.at(-1)?.message).toBe('3 scenarios checked: 2 failed, 1 cannot be read, 1 changed');
  expect(githubOutputs(report)).toMatch(/^exit-code=2\nchecked=3\nfailed=3\nflips=1\nmonthly-cost=\n/);
});

test('the comment has its marker, folds details, and calls nobody', () => {
  const lines = markdown(report).split('\n');
  expect(lines[0]).toBe(marker);
  expect(lines[1]).toBe('### deploy-advisor: 3 scenarios checked: 2 failed, 1 cannot be read, 1 changed');
  const all = lines.join('\n');
  expect(all).not.toMatch(/@team|<!-- -->|::error|`/);
  expect(all.match(/<details>/g)?.length).toBe(all.match(/<\/details>/g)?.length);
  for (const token of marked.lexer(all)) {
    expect(token.type).toMatch(/^(html|heading|space|table|list|paragraph)$/);
    if (token.type === 'table') for (const row of token.rows) expect(row).toHaveLength(token.header.length);
  }
  const rows = lines.filter((line) => line.startsWith('| '));
  // Every row of the first table has as many cells as its head.
  for (const row of rows.slice(0, 5)) expect(row.split('|')).toHaveLength(7);
  expect(rows[2]).toContain(
    '| **failed** | <code>scenarios/big, "odd" &#38; % &#96;<span>&#64;</span>team&#96;.yaml</code> | serverless GPU |',
  );
});

const warning = (code: string): Problem => ({
  ...problem('a.yaml'),
  severity: 'warning',
  code,
  message: `${code} & so`,
});
/** One of the results above, otherwise. */
const like = (at: number, more: Partial<CheckReport['results'][number]>): CheckReport['results'][number] => ({
  ...(report.results[at] as CheckReport['results'][number]),
  ...more,
});
const cellsOf = (checked: CheckReport): string[] =>
  markdown(checked)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.split(' | ').at(-1)?.replace(' |', '') ?? '');

test('a comment says what was compared, and what moved', () => {
  const { change } = like(1, {});
  const moved = (more: object) => like(1, { change: { ...change, plans: [], prices: [], ...more } as typeof change });
  const price = { ...{ table: 'api', row: 'a', figure: 'x', change: 'changed', before: 1, after: 2, percent: 100 } };
  const compared: CheckReport = {
    ...report,
    results: [
      like(1, { change: null, problems: [] }),
      like(1, { change: null, problems: [warning('baseline-unread')] }),
      like(2, { change: null }),
      moved({ inputs: [{ path: 'a', before: '1', after: '2', originBefore: 'user', originAfter: 'user' }] }),
      moved({ prices: [price] }),
    ],
  };
  expect(cellsOf(compared).slice(0, 5)).toEqual(['new', 'not compared', '', 'inputs moved', 'prices moved']);
});

test('a comment has an end: what failed comes first, and what is left out is counted', () => {
  const flip = like(0, { status: 'passed', verdicts: [], problems: [] });
  const results = Array.from({ length: 300 }, (_, at) =>
    at === 299 ? like(0, { title: 'last.yaml' }) : { ...flip, title: `scenarios/${at}.yaml` },
  );
  const text = markdown({ ...report, results });
  expect(text.length).toBeLessThan(65_000);
  expect(text.length).toBeGreaterThan(55_000);
  expect(text.match(/<code>last\.yaml<\/code>/g)).toHaveLength(2);
  expect(text.match(/^\| ok/gm)).toHaveLength(299);
  const shown = text.match(/<details>/g)?.length ?? 0;
  expect(text).toContain(`and ${300 - shown} details more than a comment has room for`);
  const many = markdown({ ...report, results: Array(7).fill(results).flat().slice(0, 2000) });
  expect(many.length).toBeLessThan(65_000);
  expect(many).toMatch(/and [\d,]+ scenarios more than a comment has room for/);
  for (const token of marked.lexer(many)) expect(token.type).toMatch(/^(html|heading|space|table|list|paragraph)$/);
});

test('a mistake is told with what to do next, in every form that has words', () => {
  const mended = (more: Partial<Problem>): Problem => ({ ...problem('a.yaml'), ...more, suggestion: 'write volume' });
  const [broken, warned] = [mended({}), mended({ severity: 'warning', line: null, column: null })];
  const [here, set] = [mended({ file: like(2, {}).file }), mended({ file: '--set' })];
  const told = (status: 'error' | 'passed', problems: Problem[]): CheckReport => ({
    ...report,
    results: [like(status === 'error' ? 2 : 1, { status, verdicts: [], problems })],
  });
  for (const [one, shown] of [
    [told('error', [broken]), 'error <code>odd</code> (<code>a.yaml:1:1</code>): odd (write volume)'],
    [told('error', [here]), 'error <code>odd</code> (line 1): odd (write volume)'],
    [told('error', [set]), 'error <code>odd</code> (<code>--set:1:1</code>): odd (write volume)'],
    [told('passed', [warned]), 'warning <code>odd</code> (<code>a.yaml</code>): odd (write volume)'],
  ] as const) {
    expect(markdown(one)).toContain(`- ${shown}\n`);
    expect(junit(one)).toContain('odd (write volume)');
    expect(githubCommands(one)).toContain('odd (write volume)');
    expect(sarif(one)).toContain('odd (write volume)');
  }
  expect(junit(told('error', [broken]))).toContain('message="a.yaml:1:1: odd (write volume)"');
  expect(junit(told('error', [here]))).toContain('message="1:1: odd (write volume)"');
  expect(junit(told('error', [mended({ line: 485, column: null })]))).toContain('message="a.yaml:485: odd');
  expect(githubCommands(told('error', [set]))).toContain('::--set: odd (write volume)');
  expect(junit(told('passed', [warned]))).toContain('<system-out>odd: odd (write volume)</system-out>');
});

test('what points at no line of its file points at its head, and what is of the command line too', () => {
  const place = { path: 'name', file: '--set', line: 1, column: 17 };
  const rule = { rule: 'cost>1', code: 'fail-on.cost', state: 'failed', message: 'too much', ...place } as const;
  const odd = { ...warning('odd'), file: 'scenarios/same.yaml', line: null, column: null };
  const one = like(1, { status: 'infeasible', exitCode: 3, verdicts: [rule], problems: [odd] });
  const changed = like(0, { verdicts: [] });
  const lines = githubCommands({ ...report, results: [one, changed] }).split('\n');
  const at = lines.map((line) => /file=([^,]*),(?:line=(\d+),col=(\d+))?/.exec(line)?.slice(1));
  expect(at.slice(0, 4)).toEqual([
    ['scenarios/same.yaml', '2', '7'],
    ['scenarios/same.yaml', '2', '7'],
    ['scenarios/same.yaml', '2', '7'],
    ['scenarios/big%2C "odd" & %25 `@team`.yaml', '2', '7'],
  ]);
  expect(sarif({ ...report, results: [one] }).match(/"startLine": 2/g)).toHaveLength(3);
  // Standard input has no lines to show anything beside.
  const piped = like(1, { status: 'infeasible', file: '<stdin>', problems: [] });
  expect(githubCommands({ ...report, results: [piped] })).toMatch(/^::error title=deploy-advisor%3A nothing fits::/);
});

test('outputs of a workflow bill what somebody pays: of steps of one scenario the last', () => {
  const cost = (usd: number) => ({ ...like(1, {}).decision, recommendation: { monthlyCost: usd } });
  const results = [100, 20, 3].map((usd) => like(1, { decision: cost(usd) as never }));
  const told = (billed?: typeof results) => /monthly-cost=(.*)/.exec(githubOutputs({ ...quiet, results }, billed))?.[1];
  expect([told(), told(results.slice(-1))]).toEqual(['123.00', '3.00']);
});

test('addresses, people and issues that a name holds are no links', () => {
  const named = 'see https://evil.example/x www.evil.example mail@evil.example @team #1 GH-12';
  const html = marked.parse(markdown({ ...report, results: [like(1, { title: named, file: named })] })) as string;
  expect(html).not.toMatch(/<a /);
  expect(html.replace(/<[^>]*>/g, '')).toMatch(/see https:\/\/evil\.example\/x www\.evil\.example mail&#64;evil/);
  // Of issues only the host knows.
  expect(html).not.toMatch(/#1|GH-12|@team/);
});
