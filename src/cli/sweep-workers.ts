import { Worker } from 'node:worker_threads';
import type { Axis } from '../analyses/sweep/grid.js';
import type { SweepRow } from '../analyses/sweep/cell.js';
import type { KnownFiles } from './known-files.js';
import type { WorkloadOptions } from './read-workload.js';

/** What a worker needs to decide cells by itself. */
export type SweepAsked = {
  known: KnownFiles;
  file: string;
  options: WorkloadOptions & { asOf: string };
  axes: readonly Axis[];
};
export type SweepBlock = { from: number; cells: SweepRow[] };
type Range = { from: number; to: number };

/** Memory for what a decision makes and drops: with the usual amount, collecting it takes a good part of the time. */
const youngMegabytes = 64;

/**
 * Decides blocks of cells in worker threads and tells each in the order of the walk.
 *
 * @throws whatever a worker throws
 */
export async function decideInWorkers(
  asked: SweepAsked,
  blocks: readonly Range[],
  workers: number,
  done: (block: SweepBlock) => void,
): Promise<void> {
  const waiting = new Map<number, SweepBlock>();
  let given = 0;
  let told = 0;
  const all = Array.from(
    { length: workers },
    () =>
      new Worker(new URL('./sweep-worker.js', import.meta.url), {
        workerData: asked,
        resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
      }),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      const next = (worker: Worker) => {
        const block = blocks[given++];
        if (block !== undefined) worker.postMessage(block);
      };
      for (const worker of all) {
        worker.on('error', reject);
        worker.on('message', (block: SweepBlock) => {
          next(worker);
          waiting.set(block.from, block);
          try {
            for (let ready = readyBlock(); ready !== undefined; ready = readyBlock()) {
              waiting.delete(ready.from);
              told += 1;
              done(ready);
            }
          } catch (error) {
            reject(error);
          }
          if (told === blocks.length) resolve();
        });
        next(worker);
      }
    });
  } finally {
    await Promise.all(all.map((worker) => worker.terminate()));
  }

  function readyBlock(): SweepBlock | undefined {
    return waiting.get(blocks[told]?.from ?? -1);
  }
}
