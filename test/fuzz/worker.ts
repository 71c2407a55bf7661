import { parentPort, workerData } from 'node:worker_threads';
import { lot } from './cases.js';
import { depthAt, fuzzer, type Kind } from './fuzzer.js';

/** The thread of `npm run fuzz`: goes through cases and says before each where it is, so that one that hangs is known. */
type Work = { root: string; seed: number; kind: Kind; from: number; to: number; at: SharedArrayBuffer };

const { root, seed, kind, from, to, at } = workerData as Work;
const position = new Int32Array(at);
const { caseAt, attempt } = fuzzer(root, seed);
const counts = new Map<string, number>();
const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
/** Told as it goes, as a thread that is given up tells nothing more. */
function tell(): void {
  parentPort?.postMessage({ counts: Object.fromEntries(counts) });
  counts.clear();
}

for (let index = from; index < to; index++) {
  const one = caseAt(kind, index);
  const depth = depthAt(kind, index);
  Atomics.store(position, 0, index);
  try {
    const { accepted, problems, status } = attempt(kind, one, depth);
    count(accepted ? 'accepted' : 'refused');
    if (status !== null) count(`decided: ${status}`);
    for (const code of problems) count(`  ${code}`);
  } catch (error) {
    parentPort?.postMessage({ failed: index, one, error: error instanceof Error ? error.stack : String(error) });
  }
  // Making further cases is none of their time.
  Atomics.store(position, 0, -1);
  if (index % lot === lot - 1) tell();
}
tell();
