import type { CheckedScenario, CheckReport } from '../analyses/check/report.js';
import { type Finding, findingsOf, headline, inRepository } from './findings.js';
import { plainText } from './plain-text.js';

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
