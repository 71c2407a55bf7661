import type { CheckedScenario, CheckReport } from '../analyses/check/report.js';
import {
  type Finding,
  findingsOf,
  headline,
  inRepository,
  isAbsolute,
  placeText,
  problemText,
} from './check-markdown.js';
import { jsonText, plainText } from './printable.js';

/**
 * Workflow commands of GitHub Actions, one for each finding, and a notice with the count: annotations on scenario
 * lines. Messages and properties are escaped for the runner.
 *
 * @param view `folder` of the repository from which files are named
 */
export function githubCommands(report: CheckReport, { folder }: { folder: string } = { folder: '' }): string {
  const commands = findingsOf(report).map((finding) => command(finding, folder));
  const level = report.exitCode === 0 ? 'notice' : 'error';
  return [...commands, `::${level} title=deploy-advisor::${data(headline(report))}`]
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * Outputs for later steps of the job: `name=value` lines.
 *
 * @param billed those whose cost together is what somebody pays: all, or of steps of one scenario the last
 */
export function githubOutputs(report: CheckReport, billed: readonly CheckedScenario[] = report.results): string {
  const { results, exitCode, refused } = report;
  const flips = results.filter(({ change }) => change?.advice.change === 'flip').length;
  const failed = results.filter((one) => one.exitCode !== 0).length;
  const costs = billed.map(({ decision }) => decision?.recommendation.monthlyCost ?? null);
  const total = costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  const known = costs.every((cost) => cost !== null);
  const advice = billed.flatMap(({ decision }) => decision?.recommendation ?? []);
  const margins = advice.flatMap(({ margin }) => margin?.percent ?? []);
  return [
    `exit-code=${exitCode}`,
    `checked=${refused ? 0 : results.length}`,
    `failed=${failed}`,
    `flips=${flips}`,
    `monthly-cost=${known ? total.toFixed(2) : ''}`,
    `recommended=${[...new Set(advice.flatMap(({ kinds }) => kinds))].join(',')}`,
    `margin=${margins.length === 0 ? '' : Math.min(...margins).toFixed(1)}`,
    `headline=${plainText(headline(report))}`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function command({ level, title, message, file, line, column }: Finding, folder: string): string {
  const properties = [
    ...(file === null ? [] : [`file=${property(inRepository(file, folder))}`]),
    ...(line === null ? [] : [`line=${line}`]),
    ...(column === null ? [] : [`col=${column}`]),
    `title=${property(`deploy-advisor: ${title}`)}`,
  ];
  return `::${level} ${properties.join(',')}::${data(message)}`;
}

const data = (text: string): string => plainText(text).replaceAll('%', '%25');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

type Case = { name: string; state: 'passed' | 'failure' | 'error' | 'skipped'; message: string; type: string };

/**
 * The check as JUnit XML that fits both the schema of Ant's reports and the Jenkins xUnit plugin: a suite for each
 * scenario, a case for each check. Times are 0 and the date is that of the judgment, so output is reproducible.
 */
export function junit(report: CheckReport): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...report.results.flatMap((result, id) => suiteLines(result, casesOf(result), id)),
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf({ file, problems, verdicts, status, decision }: CheckedScenario): Case[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (status === 'error')
    return errors.map((problem) => ({
      name: [problem.code, problem.path].filter((part) => part !== '').join(' '),
      state: 'error',
      message: [placeText(problem, file), problemText(problem)].filter((part) => part !== '').join(': '),
      type: problem.code,
    }));
  const answered: Case = {
    name: 'decided',
    state: status === 'infeasible' ? 'failure' : 'passed',
    message: decision?.recommendation.status === 'infeasible' ? 'nothing satisfies the hard rules' : '',
    type: 'infeasible',
  };
  const states = { passed: 'passed', failed: 'failure', unknown: 'failure', skipped: 'skipped' } as const;
  return [
    ...(decision === null ? [] : [answered]),
    ...verdicts.map(
      ({ rule, state, message, code }): Case => ({ name: rule, state: states[state], message, type: code }),
    ),
  ];
}

function suiteLines({ title, decision, problems }: CheckedScenario, cases: readonly Case[], id: number): string[] {
  const count = (state: Case['state']): string => String(cases.filter((one) => one.state === state).length);
  const head = {
    name: title,
    package: 'deploy-advisor',
    id: String(id),
    timestamp: `${decision?.tables.asOf ?? '1970-01-01'}T00:00:00`,
    hostname: 'localhost',
    ...{ tests: String(cases.length), failures: count('failure'), errors: count('error'), skipped: count('skipped') },
    time: '0',
  };
  // A skipped case has no place for a message.
  const told = [
    ...problems.flatMap((problem) =>
      problem.severity === 'warning' ? [`${problem.code}: ${problemText(problem)}`] : [],
    ),
    ...cases.flatMap(({ state, name, message }) => (state === 'skipped' ? [`${name}: ${message}`] : [])),
  ];
  return [
    `  <testsuite${attributes(head)}>`,
    '    <properties></properties>',
    ...cases.flatMap((one) => caseLines(one, title)),
    `    <system-out>${told.map(escaped).join('\n')}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
  ];
}

function caseLines({ name, state, message, type }: Case, file: string): string[] {
  const open = `    <testcase${attributes({ name, classname: file, time: '0' })}`;
  if (state === 'passed') return [`${open}></testcase>`];
  const inner =
    state === 'skipped'
      ? '<skipped></skipped>'
      : `<${state}${attributes({ message, type })}>${escaped(message)}</${state}>`;
  return [`${open}>`, `      ${inner}`, '    </testcase>'];
}

const attributes = (named: Readonly<Record<string, string>>): string =>
  Object.entries(named)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, which excludes most control characters and the last two code points of each plane. */
const escaped = (text: string): string =>
  plainText(text)
    .replace(/[\ufffe\uffff]/g, '?')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);

/** What a rule of `check` means; a mistake in a file is its own code. */
const meanings: Readonly<Record<string, string>> = {
  'expect.kinds': 'The recommendation must consist of the deployment types the scenario expects.',
  'expect.maxMonthlyCost': 'The recommendation may cost no more than the scenario expects.',
  'expect.plan': 'The recommendation must be the plan the scenario expects.',
  'expect.shape': 'The recommendation must have the shape the scenario expects.',
  'fail-on.flip': 'No task may move to another deployment type unless the scenario expects it.',
  'fail-on.cost': 'The monthly cost must stay below the limit.',
  'fail-on.margin': 'The closest alternative must cost enough more.',
  'fail-on.probability': 'The advice must be sure enough.',
  'fail-on.stale': 'Prices must not be too old.',
  'fail-on.infeasible': 'A plan must satisfy every hard rule.',
  'fail-on.warning': 'There must be no warnings.',
  infeasible: 'A plan must satisfy every hard rule.',
};

const levels = { error: 'error', warning: 'warning', notice: 'note' } as const;

/**
 * The findings as a SARIF 2.1.0 log. https://docs.oasis-open.org/sarif/sarif/v2.1.0/
 *
 * @param view `folder` of the repository from which files are named
 */
export function sarif(report: CheckReport, { folder }: { folder: string } = { folder: '' }): string {
  const findings = findingsOf(report).filter(({ level }) => level !== 'notice');
  const ids = [...new Set(findings.map(({ code }) => code))].sort();
  return jsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            rules: ids.map((id) => ({
              id,
              shortDescription: { text: meanings[id] ?? `A scenario or table has the mistake ${id}.` },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, ids, folder)),
      },
    ],
  });
}

function result({ level, code, message, file, line, column }: Finding, ids: readonly string[], folder: string) {
  const region = line === null ? {} : { region: { startLine: line, ...(column !== null && { startColumn: column }) } };
  return {
    ruleId: code,
    ruleIndex: ids.indexOf(code),
    level: levels[level],
    message: { text: plainText(message) },
    ...(file !== null && {
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(inRepository(file, folder)) }, ...region } }],
    }),
  };
}

/** A path as a URI reference. */
function uriOf(path: string): string {
  if (!isAbsolute(path)) return path.split('/').map(encodePart).join('/');
  const [root = '', ...rest] = path.split('/');
  return `file://${root === '' ? '' : `/${root}`}/${rest.map(encodePart).join('/')}`;
}

/** Halves of surrogate pairs cannot be encoded. */
const encodePart = (part: string): string => encodeURIComponent(part.replace(/\p{Cs}/gu, '?'));
