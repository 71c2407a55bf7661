import { nodeIo } from './io.js';
import { run } from './program.js';

/** Runs a command line on this machine. */
export const runHere = (argv: readonly string[]): Promise<void> => run(argv, nodeIo());
