/**
 * Mutation testing: `npm run mutation -- [<folder of src>...] [--sample 400 [--seed 1]]`; without a folder, those that figures come
 * from. `--sample` takes so many mutants of all that there are in these folders, the same for the same seed and code. Each folder is a
 * run of Stryker against its tests (`vitest.mutation.config.ts`); reports are in reports/. Prints the share that was noticed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { keyOf, onPage, whenLoaded } from './mutation-plugins.mjs';

const { values, positionals } = parseArgs({
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const known = ['units', 'workload', 'cost', 'capacity', 'rules', 'places', 'core', 'decide', 'analyses'];
const folders = positionals.length > 0 ? positionals : ['units', 'rules', 'capacity', 'cost', 'core'];
if (folders.some((folder) => !known.includes(folder))) {
  console.error(`name some of ${known.join(', ')}`);
  process.exit(2);
}
const root = fileURLToPath(new URL('../', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-mutation-'));
const all = await mutantsOf(folders);
const chosen = drawn(all, values.sample === undefined ? all.length : Number(values.sample), values.seed);
console.log(`${chosen.length} of ${all.length} mutants`);
const sample = path.join(scratch, 'sample.json');
writeFileSync(sample, JSON.stringify(chosen));

const statuses = Object.fromEntries(folders.map((folder) => [folder, statusesOf(folder)]));
rmSync(scratch, { recursive: true, force: true });
for (const [folder, ofFolder] of Object.entries({ ...statuses, all: Object.values(statuses).flat() })) {
  const noticed = ofFolder.filter((status) => status === 'Killed' || status === 'Timeout').length;
  console.log(
    `${folder}: ${noticed} of ${ofFolder.length} noticed, ${((100 * noticed) / ofFolder.length).toFixed(1)} %`,
  );
}

/** Runs the mutants of a folder that were chosen: what became of each. */
function statusesOf(folder) {
  const files = [...new Set(chosen.map((key) => key.split('|')[0]))].filter((file) =>
    file.startsWith(`src/${folder}/`),
  );
  if (files.length === 0) return [];
  const report = path.join(root, 'reports', `mutation-${folder}.json`);
  rmSync(report, { force: true });
  spawnSync(
    process.execPath,
    ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', '--mutate', files.join(',')],
    { cwd: root, stdio: 'inherit', env: { ...process.env, MUTATION_FOLDER: folder, MUTATION_SAMPLE: sample } },
  );
  if (!existsSync(report)) throw new Error(`${folder}: a test failed before any mutant`);
  const ofFolder = new Set(chosen.filter((key) => key.startsWith(`src/${folder}/`)));
  return Object.entries(JSON.parse(readFileSync(report, 'utf8')).files)
    .flatMap(([file, { mutants }]) => mutants.filter((mutant) => ofFolder.has(keyOf(file, mutant))))
    .map(({ status }) => status)
    .filter((status) => status !== 'Ignored');
}

/** Names of all mutants of some folders that are made when something is called. */
async function mutantsOf(folders) {
  const names = folders.flatMap((folder) =>
    readdirSync(path.join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => `src/${folder}/${name}`),
  );
  const files = names.map((name) => ({ name, mutate: true, content: readFileSync(path.join(root, name), 'utf8') }));
  const quiet = /** @type {any} */ ({ debug() {}, info() {}, warn() {}, isDebugEnabled: () => false });
  const options = { plugins: null, excludedMutations: [], noHeader: true, ignorers: [whenLoaded] };
  const { mutants } = await new Instrumenter(quiet).instrument(files, options);
  const linesOf = new Map(files.map(({ name, content }) => [name, content.split('\n')]));
  return mutants
    .filter(({ status }) => status !== 'Ignored')
    .map((mutant) => ({
      key: keyOf(mutant.fileName, onPage(mutant)),
      // What is drawn does not depend on where code stands.
      text: [
        linesOf.get(mutant.fileName)?.[mutant.location.start.line]?.trim(),
        mutant.location.start.column,
        mutant.mutatorName,
        mutant.replacement,
      ].join('|'),
    }));
}

function drawn(mutants, count, seed) {
  const ranked = mutants.map(({ key, text }) => ({ key, rank: hashed(`${seed} ${text}`) }));
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ key }) => key);
}

/** FNV-1a */
function hashed(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
