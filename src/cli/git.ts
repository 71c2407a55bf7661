import { spawnSync } from 'node:child_process';
import { firstLine } from '../units/reading.js';

/** What git answered; `missing`: it is not installed. */
type Answer = { ok: boolean; out: Buffer; err: string; missing: boolean };

const mostBytes = 256 * 1024 * 1024;

/**
 * What git tells its hooks of the repository holds at its top alone: in a folder below, that folder would be taken for the top.
 * Whoever names both the repository and its files means that.
 */
function ofFolder({ GIT_DIR, GIT_INDEX_FILE, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isMeant = env.GIT_WORK_TREE !== undefined;
  return { ...env, ...(isMeant && { GIT_DIR, GIT_INDEX_FILE }) };
}

/** Asks git about the repository around this folder, in English: what it refuses is told on. */
export function git(args: readonly string[], input = ''): Answer {
  const env = { ...ofFolder(process.env), LC_ALL: 'C' };
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
