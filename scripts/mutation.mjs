/**
 * Mutation testing of one folder of src/: `npm run mutation -- <folder> [--one-of 8 [--part 3]] [--mutate <files>]`.
 * `--one-of 8` mutates an eighth of the top-level statements, always the same, `--part 3` (0 to 7) another eighth; the report
 * is in reports/.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: {
    'one-of': { type: 'string', default: '1' },
    part: { type: 'string', default: '0' },
    mutate: { type: 'string' },
  },
  allowPositionals: true,
});
const [folder] = positionals;
const folders = ['units', 'workload', 'cost', 'capacity', 'rules', 'places', 'decide', 'analyses'];
if (!folders.includes(folder)) {
  console.error(`name one of ${folders.join(', ')}`);
  process.exit(2);
}
const root = fileURLToPath(new URL('../', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', ...(values.mutate ? ['--mutate', values.mutate] : [])],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MUTATION_FOLDER: folder, MUTATION_ONE_OF: values['one-of'], MUTATION_PART: values.part },
  },
);
process.exitCode = status ?? 1;
