import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
if (!existsSync(main)) throw new Error('dist/ is missing: run npm run build, or the tests by npm test');

export type Ended = { code: number | null; out: string; err: string };

/** Runs the built command in a process of its own, with no terminal and an environment that asks for no colors. */
export function cli(
  args: readonly string[],
  options: { input?: string | Buffer; env?: NodeJS.ProcessEnv; main?: string } = {},
): Ended {
  const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [options.main ?? main, ...args], {
    cwd: root,
    encoding: 'utf8',
    input: options.input ?? '',
    env: { ...inherited, ...options.env },
  });
  return { code: status, out: stdout, err: stderr };
}

/** As `cli`, in another folder and beside what the test does meanwhile. */
export async function cliBeside(
  args: readonly string[],
  options: { input?: string; cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
  const env = { ...inherited, ...options.env };
  const child = spawn(process.execPath, [main, ...args], { cwd: options.cwd, env });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text;
  });
  child.stdin.on('error', () => {}).end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, ...texts };
}
