import type { CheckReport } from '../analyses/check/report.js';
import { type Finding, findingsOf, inRepository, isAbsolute } from './findings.js';
import { jsonText } from './json.js';
import { plainText } from './plain-text.js';

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
