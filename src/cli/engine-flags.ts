/**
 * V8 flags for the engine. Node 20 compiles functions so early that it rarely pays: four times its budget of bytecodes
 * takes about a third off the processor time of an assessment of seconds, and changes little for one of half a minute
 * (`docs/speed.md`). Later versions have a cheaper compiler, and no such flag.
 *
 * @param v8 its version
 */
export const engineFlags = (v8: string): string[] => (v8.startsWith('11.3.') ? ['--interrupt-budget=300000'] : []);

/**
 * Keeps code of functions that have not run for a while, so that all can be cached for the next process (`start.ts`).
 * For Node 20 and later.
 */
export const keepAllCode = '--no-flush-bytecode';
