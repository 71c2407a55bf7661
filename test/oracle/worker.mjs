/**
 * Runs the library of one built root, one case a message: `{name, file, text, snapshot, options}`. Answers with the line of
 * the dump. A process of its own, so that a case that takes too long can be ended.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { digestOf, sha256 } from './digest.mjs';

const asOf = '2026-11-20';
const root = path.resolve(process.argv[2]);
const library = await import(pathToFileURL(path.join(root, 'dist/lib/index.js')).href);

const read = new Map();
async function tablesOf(snapshot) {
  const key = snapshot ?? 'newest';
  if (!read.has(key)) {
    read.set(key, { tables: await library.loadShippedTables(snapshot), prose: await library.loadProse(snapshot) });
  }
  return read.get(key);
}

async function run({ name, file, text, snapshot, options }) {
  const about = { case: name, input: sha256(text).slice(0, 16) };
  const { tables, prose } = await tablesOf(snapshot);
  const begun = process.cpuUsage();
  try {
    const { scenario, problems } = library.readScenario(text, { file, tables, asOf });
    if (scenario === null) {
      const refused = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
      return { ...about, refused };
    }
    const decision = library.assess(scenario, tables, { asOf, prose, tool: library.tool, ...options });
    return { ...about, cpuMs: since(begun), digest: digestOf(decision) };
  } catch (error) {
    const [, at] = String(error?.stack).split('\n');
    return { ...about, cpuMs: since(begun), failed: String(error?.message ?? error), at: at?.trim() ?? null };
  }
}

function since(begun) {
  const { user, system } = process.cpuUsage(begun);
  return Math.round((user + system) / 1000);
}

/** The first decision of a process pays for what is compiled: no case should. */
const warm = new URL('../../scenarios/regulated-hybrid.yaml', import.meta.url);
await run({ name: 'warm', file: 'warm.yaml', text: readFileSync(warm, 'utf8'), options: { point: true } });
process.on('message', (message) => {
  void run(message).then((line) => process.send(JSON.stringify(line, finite)));
});
process.send('ready');

/** JSON would write null for what is no number, which stands for something else. */
function finite(_, value) {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
