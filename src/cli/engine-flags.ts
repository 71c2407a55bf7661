/**
 * V8 flags for the engine of Node 20; later versions have a cheaper compiler. Most functions run too few times to earn
 * back what V8 spends on them, and its threads spend more processor time than they save (`docs/speed.md`):
 *
 * - eight times the budget of bytecodes before a function is optimized: a third less for an assessment of seconds;
 * - a third of the inlining, and one thread for short garbage collections: a tenth less, and a twentieth less to wait.
 *
 * @param v8 its version
 */
export const engineFlags = (v8: string): string[] =>
  v8.startsWith('11.3.')
    ? ['--interrupt-budget=600000', '--max-inlined-bytecode-size-cumulative=300', '--no-parallel-scavenge']
    : [];

/**
 * Keeps code of functions that have not run for a while, so that all can be cached for the next process (`start.ts`).
 * For Node 20 and later.
 */
export const keepAllCode = '--no-flush-bytecode';
