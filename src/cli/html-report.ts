import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { BreakEvenAnswer, CostCurve } from '../analyses/break-even/answer.js';
import type { Comparison } from '../analyses/compare/comparison.js';
import type { Decision } from '../decide/decision.js';
import { breakEvenDocument } from '../report/breakeven.js';
import { compareDocument } from '../report/compare.js';
import { assessPage } from '../report/html/assess-page.js';
import { breakEvenChart } from '../report/html/chart-lines.js';
import { svgFile } from '../report/html/charts.js';
import { documentPage } from '../report/html/page.js';
import type { Engine, Question } from '../report/html/what-if.js';
import { perText } from '../report/html/what-if.js';
import { encodeWhole } from '../tables/compiled.js';
import type { ReadScenario } from '../workload/read.js';
import { resolve } from '../workload/resolve.js';
import type { assessCommand } from './analysis-commands.js';
import type { Given } from './command-entry.js';
import { type Io, packagePath } from './io.js';
import { tool } from './problems.js';
import type { Priced } from './read-workload.js';

type AssessOptions = Given<typeof assessCommand>;

/** Charts and pages: a separate file of the package, loaded on demand. */

/** Prints decisions as pages, with the what-if engine unless `engine` is false. */
export async function assessPrinter(
  io: Io,
  options: AssessOptions,
  { tables, asOf }: Priced,
): Promise<(decision: Decision, scenario: ReadScenario, curves: readonly CostCurve[]) => string> {
  const script = pageScript('client');
  const book = options.priceBook === undefined ? null : await io.readText(options.priceBook);
  return (decision, scenario, curves) => {
    if (tables === null) throw new Error('scenarios are judged by tables');
    const { set = [] } = options;
    const question: Question = {
      text: scenario.text,
      file: scenario.file,
      set,
      asOf,
      tables: encodeWhole(tables.ownPricing?.list.tables ?? tables),
      book: book?.text == null ? null : { text: book.text, file: options.priceBook ?? '' },
    };
    const engine = (): Engine => ({
      packed: gzipSync(JSON.stringify({ code: pageScript('worker'), question }), { level: 9 }).toString('base64'),
      scenario: scenario.scenario,
      workload: resolve(scenario, tables, asOf),
      command: commandOf(scenario.file, options, { asOf, snapshot: tables.snapshot.date }),
      monthlyCost: decision.recommendation.monthlyCost,
      plan: decision.recommendation.plan,
      per: perText(decision),
    });
    return assessPage(decision, { curves, script, engine: options.engine === false ? null : engine() });
  };
}

const pageScript = (name: 'client' | 'worker'): string =>
  readFileSync(packagePath(`dist/page/${name}.js`), 'utf8').trim();

/** The command that decides the same, as a shell reads it. */
function commandOf(
  file: string,
  { pricing, priceBook, set = [] }: AssessOptions,
  told: { asOf: string; snapshot: string },
): string {
  const quoted = (text: string): string => (/^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  return [
    `${tool.name} assess ${quoted(file)} --point --as-of ${told.asOf} --pricing ${quoted(pricing ?? told.snapshot)}`,
    ...(priceBook === undefined ? [] : [`--price-book ${quoted(priceBook)}`]),
    ...set.map((one) => `--set ${quoted(one)}`),
  ].join(' ');
}

/** A comparison as a page. */
export const comparePage = (comparison: Comparison, view: { detail: boolean; failed: readonly string[] }): string =>
  documentPage(compareDocument(comparison, view), pageScript('client'));

/** Cost by volume as a page, with the chart where there is one. */
export const breakEvenPage = (answer: BreakEvenAnswer, detail: boolean, curves: readonly CostCurve[]): string =>
  documentPage(breakEvenDocument(answer, detail), pageScript('client'), breakEvenChart(byVolume(answer, curves)));

/** The chart of it alone, as a file; null: there is nothing to draw. */
export function breakEvenSvg(answer: BreakEvenAnswer, curves: readonly CostCurve[]): string | null {
  const chart = breakEvenChart(byVolume(answer, curves));
  return chart && svgFile(chart);
}

const byVolume = ({ ladder, scenario }: BreakEvenAnswer, curves: readonly CostCurve[]) => ({
  curves,
  ladder,
  now: scenario.requestsPerDay,
  advised: null,
});
