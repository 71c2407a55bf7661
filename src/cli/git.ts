import { spawnSync } from 'node:child_process';
import { firstLine } from '../units/first-line.js';

/** What git answered; `missing`: it is not installed. */
type Answer = { ok: boolean; out: Buffer; err: string; missing: boolean };

const mostBytes = 256 * 1024 * 1024;

/** Asks git, in English: what it refuses is told on. */
export function git(args: readonly string[], input = ''): Answer {
  const env = { ...process.env, LC_ALL: 'C' };
  const { status, stdout, stderr, error } = spawnSync('git', args, { maxBuffer: mostBytes, input, env });
  const missing = (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
  return { ok: status === 0, out: stdout ?? Buffer.alloc(0), err: String(stderr ?? ''), missing };
}

/** Why git refused, as it says itself: warnings may come before. */
export function reasonOf({ err }: Pick<Answer, 'err'>): string {
  const lines = err.split('\n');
  const fatal = lines.find((line) => line.startsWith('fatal: ')) ?? lines[0] ?? '';
  return firstLine(fatal.replace(/^fatal: /, '')) || 'git gave no reason';
}
