import { expect } from 'vitest';
import { run } from '../../src/cli/command-line.js';
import { type ExitCode, type Io, nodeIo, worseExitCode } from '../../src/cli/io.js';
import type { Ended } from './cli-process.js';

/** The real machine, but with what is written and the exit codes kept. */
export function recordingIo(): { io: Io; out: string[]; err: string[]; exit: number[] } {
  const [out, err, exit]: [string[], string[], number[]] = [[], [], []];
  const plain = { isTTY: false, columns: null, color: false };
  const io: Io = {
    ...nodeIo(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    setExitCode: (code) => void exit.push(code),
    stdout: plain,
    stderr: plain,
  };
  return { io, out, err, exit };
}

/** What a command of the program prints, and the exit codes it sets. */
export async function told(
  command: (io: Io) => Promise<void>,
  changes: Partial<Io> = {},
): Promise<{ out: string; err: string; exit: number[] }> {
  const { io, out, err, exit } = recordingIo();
  await command({ ...io, ...changes });
  return { out: out.join(''), err: err.join(''), exit };
}

/**
 * Runs a command line, or its words, in this process: what `cli` of `cli-process.ts` says of it, in a fraction of the time.
 * Folder and environment of the process are the asked ones meanwhile, so that one that asks for them runs by itself.
 */
export async function cliHere(
  line: string | readonly string[],
  { input = '', cwd, env = {} }: { input?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const { io, out, err, exit } = recordingIo();
  const readText: Io['readText'] = async (file, maxBytes) =>
    file === '-' ? { text: input, problem: null } : io.readText(file, maxBytes);
  const bytes: Io['bytes'] = async function* (file) {
    if (file === '-') yield Buffer.from(input);
    else yield* io.bytes(file);
  };
  const lines: Io['lines'] = async function* () {
    for (const text of input.split('\n')) yield { text, problem: null };
  };
  const before = { cwd: process.cwd(), env: { ...process.env } };
  if (cwd !== undefined) process.chdir(cwd);
  Object.assign(process.env, env);
  try {
    await run(typeof line === 'string' ? line.split(' ') : [...line], { ...io, readText, bytes, lines });
  } finally {
    if (cwd !== undefined) process.chdir(before.cwd);
    for (const name of Object.keys(env)) {
      if (before.env[name] === undefined) delete process.env[name];
      else process.env[name] = before.env[name];
    }
  }
  const code = exit.reduce((worst, each) => worseExitCode(worst as ExitCode, each as ExitCode), 0);
  return { code, out: out.join(''), err: err.join('') };
}

/** How a command line ends that is refused with these words. */
export const refused = (says: string) => ({ code: 2, err: expect.stringContaining(says) });
