/**
 * Takes each gate out of the registry in turn and runs the gates' tests: `npm run gates-removed [-- <gate>…]`. Prints which
 * tests missed it. The files stay as they are: the line of the gate is dropped while the module is loaded.
 *
 * Exit code 0: every removal was noticed, and nothing failed with all gates in place; 1: else; 2: there is no such gate.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';

const root = fileURLToPath(new URL('../', import.meta.url));
const registry = 'src/rules/registry.ts';
/** Tests that look at verdicts: one that counts the gates would notice anything. */
const tests = { file: 'test/rules/gates-removed.test.ts', named: 'a rule that was left out' };

/** Names in the code by the rule's id: the same in camel case. */
const nameOf = new Map(
  [...readFileSync(`${root}${registry}`, 'utf8').matchAll(/^import \{ ([^}]+) \} from '\.\/[\w-]+\.js';$/gm)]
    .flatMap(([, names]) => names.split(', '))
    .map((name) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), name]),
);
/** Set in the process that runs the tests without one rule; Vitest runs once in a process. */
const left = process.env.WITHOUT_RULE;
const wanted = process.argv.slice(2);
const strange = wanted.filter((id) => !nameOf.has(id));
if (strange.length > 0) {
  console.error(`no gate ${strange.join(', ')}: there are ${[...nameOf.keys()].join(', ')}`);
  process.exit(2);
}

/** @param {string} code @param {string} name */
function without(code, name) {
  const at = code.indexOf('export const');
  const rest = code.slice(at).replace(new RegExp(`\\b${name}\\b,?`), '');
  if (rest === code.slice(at)) throw new Error(`${name} stands in no list of ${registry}`);
  return code.slice(0, at) + rest;
}

/**
 * Runs the tests of rules in this process; names of those that fail.
 * @param {string | null} id a rule to leave out
 */
async function run(id) {
  const plugin = {
    name: 'remove-gate',
    enforce: /** @type {const} */ ('pre'),
    transform: (code, file) =>
      id !== null && file.endsWith(registry) ? { code: without(code, nameOf.get(id)), map: null } : undefined,
  };
  const vitest = await startVitest(
    'test',
    [tests.file],
    { root, run: true, watch: false, testNamePattern: new RegExp(tests.named), maxWorkers: 1, reporters: [{}] },
    { plugins: [plugin] },
  );
  try {
    const modules = vitest.state.getTestModules();
    const all = modules.flatMap((module) => [...module.children.allTests()]);
    const states = (state) => all.filter((test) => test.result().state === state);
    const broken = modules.flatMap((module) => module.errors().map(({ message }) => `${tests.file}: ${message}`));
    if (states('passed').length + states('failed').length === 0) throw new Error(broken[0] ?? 'no test was run');
    return [...broken, ...states('failed').map(({ name }) => name)];
  } finally {
    await vitest.close();
  }
}

/**
 * Names of the tests that fail without a rule; null: with all of them.
 * @param {string | null} id
 */
function failedWithout(id) {
  const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], {
    encoding: 'utf8',
    env: { ...process.env, WITHOUT_RULE: id ?? 'none' },
  });
  const line = stdout.split('\n').find((each) => each.startsWith('failed '));
  if (line === undefined) throw new Error(stderr || 'no test was run');
  return JSON.parse(line.slice('failed '.length));
}

if (left !== undefined) {
  console.log(`failed ${JSON.stringify(await run(left === 'none' ? null : left))}`);
  process.exit(0);
}

const already = failedWithout(null);
for (const name of already) console.log(`fails with every gate in place: ${name}`);
let unnoticed = 0;
for (const id of wanted.length > 0 ? wanted : nameOf.keys()) {
  const failed = failedWithout(id).filter((name) => !already.includes(name));
  if (failed.length === 0) unnoticed++;
  console.log(failed.length === 0 ? `${id}: NOBODY NOTICES` : `${id}: ${failed.length} failed: ${failed.join(' | ')}`);
}
console.log(`${unnoticed === 0 ? 'every removal is noticed' : `${unnoticed} removals go unnoticed`}`);
// Vitest sets the exit code for failed tests, which are what is wanted here.
process.exitCode = unnoticed > 0 || already.length > 0 ? 1 : 0;
