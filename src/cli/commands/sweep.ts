import {
  cellDecider,
  problemsWith,
  type SweepAnswer,
  type SweepHead,
  type Swept,
  wrongValues,
} from '../../analyses/sweep/cell.js';
import { badVary, type Grid, gridOf, readAxes, type WrittenAxis } from '../../analyses/sweep/grid.js';
import { bookLabels } from '../../tables/price-book/price-book.js';
import { sha256 } from '../../tables/sha256.js';
import type { Problem } from '../../units/problem.js';
import { resolve } from '../../workload/resolve.js';
import type { sweepCommand } from '../analysis-commands.js';
import type { Given } from '../command-entry.js';
import { answer, haveErrors, report } from '../command-entry.js';
import { type Io, usageProblem } from '../io.js';
import { progressOn, tool } from '../problems.js';
import { readWorkload } from '../read-workload.js';

const schemaVersion = '1.0.0';
/** Cells between which an interrupt is heard. */
const cellsAtOnce = 25;

export async function run(io: Io, options: Given<typeof sweepCommand>): Promise<void> {
  const { vary: varied = [], format = 'table' } = options;
  if (varied.length === 0)
    return report(io, options, [
      usageProblem('a sweep needs something that varies', 'add --vary workload.volume=1k..10M:log:25'),
    ]);
  const asOf = options.asOf ?? io.today();
  const { scenario, tables, problems } = await readWorkload(io, options.scenario, { ...options, asOf }, false);
  const limit =
    scenario?.scenario.assumptions?.sweepCells?.likely ?? tables?.parameterOf.get('sweepCells')?.likely ?? null;
  const set = options.set ?? [];
  const takes = (setting: string): boolean =>
    scenario === null || tables === null || problemsWith({ read: scenario, set, tables, asOf }, [setting]).length === 0;
  const read = limit === null ? null : readAxes(varied, limit, takes);
  const all = [...problems, ...(read?.problems ?? [])];
  if (scenario === null || tables === null || read === null || limit === null || haveErrors(all))
    return report(io, options, all);

  const swept: Swept = { read: scenario, set, tables, asOf };
  const grid = gridOf(read.axes);
  const wrong = [
    ...wrongValues(read.axes, swept),
    ...otherSnapshots(read.axes),
    ...tooMany(grid.cells, limit, read.axes),
  ];
  if (wrong.length > 0) return report(io, options, [...all, ...wrong]);

  const cells = await decideAll(io, swept, grid, options.quiet === true);
  const { sweepTable, sweepCsv, sweepJson, sweepJsonl } = await import('../../report/sweep.js');
  const form = { table: sweepTable, json: sweepJson, jsonl: sweepJsonl, csv: sweepCsv }[format];
  await answer(io, options, form({ ...headOf(swept, grid), cells }), all);
}

/** Cells in their order; they are decided in one in which neighbors share the most. */
async function decideAll(io: Io, swept: Swept, grid: Grid, isQuiet: boolean): Promise<SweepAnswer['cells']> {
  const progress = progressOn(io, isQuiet, (done) => `${done} of ${grid.cells} cells decided`);
  const decide = cellDecider(swept, grid);
  const rows: SweepAnswer['cells'] = [];
  for (let place = 0; place < grid.cells; place++) {
    const cell = grid.cellAt(place);
    rows[cell] = decide(cell);
    progress.tick(place + 1);
    if (place % cellsAtOnce === 0) await new Promise((resume) => setImmediate(resume));
  }
  progress.end();
  return rows;
}

/** All cells are judged by the tables that were read before them. */
const otherSnapshots = (axes: readonly WrittenAxis[]): Problem[] =>
  axes.flatMap(({ path, argument }) =>
    path === 'prices.snapshot'
      ? [badVary(argument, 0, 'a sweep is of one snapshot', 'compare with --pricing for each')]
      : [],
  );

function tooMany(cells: number, most: number, axes: readonly WrittenAxis[]): Problem[] {
  if (cells <= most) return [];
  const first = axes[0] as WrittenAxis;
  return [badVary(first.argument, 0, `${cells} cells are more than ${most}`, `--set assumptions.sweepCells=${cells}`)];
}

function headOf({ read, set, tables, asOf }: Swept, { axes }: Grid): SweepHead {
  return {
    schemaVersion,
    tool,
    scenario: {
      name: resolve(read, tables, asOf).name,
      file: read.file,
      sha256: sha256(read.text),
      set: [...set],
    },
    tables: {
      snapshot: tables.snapshot.date,
      asOf,
      sha256: tables.snapshot.sha256,
      priceBook: bookLabels(tables),
    },
    axes: axes.map(({ path, values }) => ({ path, values })),
  };
}
