import type { CheckedScenario, CheckReport } from '../analyses/check/report.js';
import { placeText, problemText } from './findings.js';
import { plainText } from './plain-text.js';

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
