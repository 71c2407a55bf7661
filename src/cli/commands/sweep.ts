import { availableParallelism } from 'node:os';
import { cellDecider, problemsWith, type SweepHead, type SweepRow, type Swept } from '../../analyses/sweep/cell.js';
import { wrongValues } from '../../analyses/sweep/check-values.js';
import {
  badVary,
  blockSize,
  blocksIn,
  type Grid,
  gridOf,
  readAxes,
  type Shard,
  shardRange,
  type WrittenAxis,
  wholeSweep,
} from '../../analyses/sweep/grid.js';
import { blockLine, inCellOrder, type PartHead, sealed } from '../../analyses/sweep/part.js';
import { bookLabels } from '../../tables/price-book/ranges.js';
import { sha256 } from '../../tables/sha256.js';
import type { Problem } from '../../units/problem.js';
import { resolve } from '../../workload/resolve.js';
import type { Values } from '../arguments.js';
import { fileProblem, type Io } from '../io.js';
import { type KnownFiles, noting } from '../known-files.js';
import { progressOn } from '../progress.js';
import { readWorkload, type WorkloadOptions } from '../read-workload.js';
import { report } from '../report-problems.js';
import type { SweepFormat } from '../sweep-formats.js';
import {
  decideInWorkers,
  notKept,
  partialOf,
  type Started,
  type SweepBlock,
  started,
  sweepText,
} from '../sweep-workers.js';
import { tool } from '../tool.js';

const schemaVersion = '1.0.0';
/** A thread of its own takes as long to begin as some cells take. */
const cellsWorthAThread = 25;
/** Under a test runner the sources run as they are; threads of their own need the build. */
const fromSource = import.meta.url.endsWith('.ts');

type Options = WorkloadOptions & {
  vary?: string[];
  format?: SweepFormat;
  output?: string;
  shard?: string;
  jobs?: string;
  color: boolean;
  quiet?: true;
};

/** `sweep <scenario>`: what is advised at every combination of the values that vary. */
export async function runSweep(io: Io, file: string | undefined, values: Values): Promise<void> {
  const options = values as unknown as Options;
  const varied = options.vary ?? [];
  if (varied.length === 0)
    return report(io, shownAs(options), [
      fileProblem('usage', '', 'a sweep needs something that varies', 'add --vary workload.volume=1k..10M:log:25'),
    ]);
  const asOf = options.asOf ?? io.today();
  const { io: reading, known } = noting(io);
  const { scenario, tables, problems } = await readWorkload(reading, file, { ...options, asOf }, false);
  const limit =
    scenario?.scenario.assumptions?.sweepCells?.likely ?? tables?.parameterOf.get('sweepCells')?.likely ?? null;
  const set = options.set ?? [];
  const takes = (setting: string): boolean =>
    scenario === null || tables === null || problemsWith({ read: scenario, set, tables, asOf }, [setting]).length === 0;
  const read = limit === null ? null : readAxes(varied, limit, takes);
  const all = [...problems, ...(read?.problems ?? [])];
  if (scenario === null || tables === null || read === null || limit === null || all.some(isError))
    return report(io, shownAs(options), all);

  const swept: Swept = { read: scenario, set, tables, asOf };
  const grid = gridOf(read.axes);
  const shard = shardOf(options.shard);
  const range = shardRange(shard, grid.cells);
  const wrong = [...wrongValues(read.axes, swept), ...tooMany(range.to - range.from, limit, read.axes, options)];
  if (wrong.length > 0) return report(io, shownAs(options), [...all, ...wrong]);

  const head: PartHead = {
    part: 'deploy-advisor sweep',
    sweep: headOf(swept, grid),
    inputs: sha256(JSON.stringify([...known.texts.values()].sort())),
    shard,
    format: options.format ?? null,
  };
  const toFile = options.output !== undefined && options.output !== '-' ? options.output : null;
  const kept = toFile === null || io.isSpecial(toFile) ? null : toFile;
  const begun = await started(io, head, kept);
  if ('severity' in begun) return report(io, shownAs(options), [...all, begun]);

  const asked = { known, file: file ?? '-', options: { ...options, asOf }, axes: head.sweep.axes };
  const decided = await decideRest(io, { asked, swept, grid, range, kept, begun, options });
  if (decided.problem !== null) return report(io, shownAs(options), [...all, decided.problem]);

  const text =
    options.shard === undefined
      ? await sweepText({ ...head.sweep, cells: inCellOrder(decided.rows, grid) }, options.format ?? 'table')
      : sealed(decided.text);
  const unwritten = toFile === null ? io.out(text) : io.writeText(toFile, text);
  if (unwritten) all.push(unwritten);
  else if (kept !== null) io.removeFile(partialOf(kept));
  await report(io, shownAs(options), all);
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

/** Errors are JSON where the result would have been. */
const shownAs = ({ format, color, quiet }: Options) => ({ ...(format && { format }), color, quiet: quiet === true });

function shardOf(text: string | undefined): Shard {
  if (text === undefined) return wholeSweep;
  const [index = 1, of = 1] = text.split('/').map(Number);
  return { index, of };
}

function tooMany(cells: number, most: number, axes: readonly WrittenAxis[], { shard }: Options): Problem[] {
  if (cells <= most) return [];
  const first = axes[0] as WrittenAxis;
  const split = shard === undefined ? ', or split it with --shard 1/n' : '';
  return [
    badVary(first.argument, 0, `${cells} cells are more than ${most}`, `--set assumptions.sweepCells=${cells}${split}`),
  ];
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

type Rest = {
  asked: { known: KnownFiles; file: string; options: Options & { asOf: string }; axes: SweepHead['axes'] };
  swept: Swept;
  grid: Grid;
  range: { from: number; to: number };
  /** The file beside which stands what is decided so far. */
  kept: string | null;
  begun: Started;
  options: Options;
};

/** Decides what is not known yet, and writes it down block by block. */
async function decideRest(
  io: Io,
  { asked, swept, grid, range, kept, begun, options }: Rest,
): Promise<{ rows: SweepRow[]; text: string; problem: Problem | null }> {
  const rows = [...begun.rows];
  const lines = [begun.text];
  const blocks = blocksIn({ from: range.from + rows.length, to: range.to }, blockSize(grid));
  const count = range.to - range.from;
  const progress = progressOn(io, options.quiet === true, (done) => `${done} of ${count} cells decided`);
  if (begun.resumed && options.quiet !== true && rows.length > 0)
    io.err(`going on after ${rows.length} of ${count} cells\n`);
  const release = io.onInterrupt(() => {
    progress.end();
    io.err(
      kept === null
        ? 'stopped; with -o the same command could go on\n'
        : `stopped after ${rows.length} of ${count} cells; the same command goes on\n`,
    );
  });
  let problem: Problem | null = null;
  const done = ({ from, cells }: SweepBlock): void => {
    const line = blockLine(from, cells);
    rows.push(...cells);
    lines.push(line);
    if (kept !== null) problem ??= notKept(io.appendText(partialOf(kept), line), kept);
    progress.tick(rows.length);
  };
  const left = range.to - range.from - rows.length;
  const threads = Math.min(
    Number(options.jobs ?? availableParallelism()),
    Math.ceil(left / cellsWorthAThread),
    blocks.length,
  );
  if (threads > 1 && !fromSource) {
    const { known, file, axes } = asked;
    const { pricing, priceBook, set, asOf } = asked.options;
    const again = {
      ...(pricing !== undefined && { pricing }),
      ...(priceBook !== undefined && { priceBook }),
      ...(set !== undefined && { set }),
      asOf,
    };
    await decideInWorkers({ known, file, options: again, axes }, blocks, threads, done);
  } else {
    const decide = cellDecider(swept, grid);
    for (const { from, to } of blocks) {
      done({ from, cells: Array.from({ length: to - from }, (_, i) => decide(grid.cellAt(from + i))) });
      // An interrupt is heard between two blocks.
      await new Promise((resume) => setImmediate(resume));
    }
  }
  release();
  progress.end();
  return { rows, text: lines.join(''), problem };
}
