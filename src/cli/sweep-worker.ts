import { parentPort, workerData } from 'node:worker_threads';
import { cellDecider } from '../analyses/sweep/cell.js';
import { gridOf } from '../analyses/sweep/grid.js';
import { nodeIo } from './io.js';
import { knowing } from './known-files.js';
import { readWorkload } from './read-workload.js';
import type { SweepAsked, SweepBlock } from './sweep-workers.js';

void answerBlocks(workerData as SweepAsked);

/** Decides each block of cells that is asked for. */
async function answerBlocks({ known, file, options, axes }: SweepAsked): Promise<void> {
  const { scenario, tables, asOf } = await readWorkload(knowing(nodeIo(), known), file, options, false);
  if (scenario === null || tables === null) throw new Error('what was read before a sweep cannot be read in it');
  const grid = gridOf(axes);
  const decide = cellDecider({ read: scenario, set: options.set ?? [], tables, asOf }, grid);

  parentPort?.on('message', ({ from, to }: { from: number; to: number }) => {
    const cells = Array.from({ length: to - from }, (_, i) => decide(grid.cellAt(from + i)));
    parentPort?.postMessage({ from, cells } satisfies SweepBlock);
  });
}
