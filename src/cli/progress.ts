import type { Io } from './io.js';

const quietMs = 1000;

/** Progress on a terminal's stderr after one second: one line, wiped at the end. */
export function progressOn<Done extends unknown[]>(io: Io, quiet: boolean, text: (...done: Done) => string) {
  const started = io.now();
  const shows = !quiet && io.stderr.isTTY;
  let shown = false;
  return {
    tick(...done: Done): void {
      if (!shows || io.now() - started < quietMs) return;
      shown = true;
      // Back at its beginning: where the program is stopped, the shell writes over it.
      io.err(`${text(...done)}\u001b[K\r`);
    },
    end(): void {
      if (shown) io.err('\u001b[K');
    },
  };
}
