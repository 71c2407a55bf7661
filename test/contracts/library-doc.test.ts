import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../support/cli-process.js';
import { newFolder } from '../support/temporary-folder.js';

/** The examples of docs/library.md as one program of somebody who has the built package. */

const page = readFileSync(path.join(root, 'docs/library.md'), 'utf8');
const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
const told = blocks.flatMap((code) => [...code.matchAll(/^\/\/ -> (.*)$/gm)].map(([, line]) => line));
const functions = 'readScenario assess breakEven quote predictCapacity compare importUsage exportPlan'.split(' ');

const folder = newFolder();
beforeAll(() => {
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/deploy-advisor'));
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(path.join(folder, 'program.ts'), blocks.join('\n'));
  writeFileSync(
    path.join(folder, 'program.mjs'),
    transformSync(blocks.join('\n'), { loader: 'ts', format: 'esm' }).code,
  );
});

/** The program with no settings of the environment. */
function node(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { DEPLOY_ADVISOR_PRICING, DEPLOY_ADVISOR_NO_CORRECTIONS, FORCE_COLOR, ...env } = process.env;
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
}

test('each function has its section, with an example', () => {
  expect([...page.matchAll(/^## (\w+)$/gm)].map(([, name]) => name)).toEqual(functions);
  expect(blocks.length).toBe(functions.length + 1);
});

test('the examples print what the page says', () => {
  const { status, stdout, stderr } = node(['program.mjs']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toEqual(told);
});

test('their types are right in strict mode, and wrong use does not compile', () => {
  const use = "import { readScenario } from 'deploy-advisor';\nexport const read = readScenario(1, { file: 'x' });\n";
  writeFileSync(path.join(folder, 'wrong.ts'), use);
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const flags = '--noEmit --strict --module nodenext --target es2023 --lib es2023,dom --types'.split(' ');
  const { stdout } = node([tsc, ...flags, '', 'program.ts', 'wrong.ts']);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith(' ')),
  ).toEqual([expect.stringMatching(/^wrong\.ts.* error TS2345: /)]);
});
