/**
 * What V8 is told before it runs the engine. That of Node 20 optimizes functions so early that many of ours are compiled at
 * length, often several times, and then run too few times to earn that back: 18 times its budget of bytecodes takes about
 * a third off the processor time of an assessment of seconds, and a tenth off one of half a minute (`docs/speed.md`).
 * Later ones have a cheaper compiler in between, and no such flag.
 *
 * @param v8 its version
 */
export const engineFlags = (v8: string): string[] => (v8.startsWith('11.3.') ? ['--interrupt-budget=1200000'] : []);

/**
 * V8 drops the code of functions that have not run for a while. With this it is all there at the end of a long run, to be kept
 * for the next process (`start.ts`). Every V8 since that of Node 20 knows it.
 */
export const keepAllCode = '--no-flush-bytecode';
