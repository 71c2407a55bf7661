import { Worker } from 'node:worker_threads';
import type { SweepAnswer, SweepRow } from '../analyses/sweep/cell.js';
import type { Axis } from '../analyses/sweep/grid.js';
import { differenceOf, headLine, type PartHead, readPart } from '../analyses/sweep/part.js';
import type { Problem } from '../units/problem.js';
import { fileProblem, type Io } from './io.js';
import type { KnownFiles } from './known-files.js';
import type { WorkloadOptions } from './read-workload.js';
import type { SweepFormat } from './sweep-formats.js';

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

/** Half of what a string can hold. */
export const maxPartBytes = 256 * 1024 * 1024;

/** What is known of a sweep already, as text and as rows. */
export type Started = { text: string; rows: SweepRow[]; resumed: boolean };

/** Beside the file asked for stands what is decided so far. */
export const partialOf = (file: string): string => `${file}.partial`;

/**
 * Begins what is decided so far as a file, or takes up one that an earlier run of the same sweep left; a half-written end
 * is left out.
 *
 * @param asked the file to write in the end; null where nothing is kept
 */
export async function started(io: Io, head: PartHead, asked: string | null): Promise<Started | Problem> {
  const fresh: Started = { text: headLine(head), rows: [], resumed: false };
  if (asked === null) return fresh;
  const file = partialOf(asked);
  const read = await io.readText(file, maxPartBytes);
  if (read.text === null && read.problem.code !== 'file-not-found') return read.problem;
  // A run that was stopped before it had written its first line has left nothing.
  const part = read.text === null || !read.text.includes('\n') ? null : readPart(read.text);
  const begun: Started = part === null || typeof part === 'string' ? fresh : { ...part, resumed: true };
  const another = typeof part === 'string' ? part : part && otherThan(head, part.head);
  if (another !== null)
    return fileProblem(
      'other-sweep',
      file,
      `this was left by something else: ${another}`,
      'remove it, or write to another file',
    );
  return notKept(io.writeText(file, begun.text), asked) ?? begun;
}

/** What cannot be written beside a file is told of that one, which the user knows. */
export const notKept = (unwritten: Problem | null, asked: string): Problem | null =>
  unwritten && { ...unwritten, file: asked };

function otherThan(head: PartHead, other: PartHead): string | null {
  const difference = differenceOf(head, other);
  if (difference !== null) return difference;
  const [mine, its] = [head, other].map(({ shard }) => `${shard.index}/${shard.of}`);
  return mine === its ? null : `shard ${its}, not ${mine}`;
}

/** A sweep as text; only the form asked for is loaded. */
export async function sweepText(answer: SweepAnswer, format: SweepFormat): Promise<string> {
  if (format === 'table') return (await import('../report/sweep.js')).sweepTable(answer);
  const { sweepCsv, sweepJson, sweepJsonl } = await import('../report/sweep.js');
  return { json: sweepJson, jsonl: sweepJsonl, csv: sweepCsv }[format](answer);
}
