/**
 * `node test/oracle/dump.mjs <root> <corpus> <out.jsonl> [--from 0] [--count n] [--only text] [--limit seconds]`: what the
 * built library of a root decides on every case of a corpus, one line each. Cases that stand in the file are left out, so
 * that a run can be taken up again.
 */
import { fork } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { corpora } from './corpora.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: 'Infinity' },
    only: { type: 'string', default: '' },
    limit: { type: 'string' },
  },
});
const [root, name, out] = positionals;
const corpus = corpora[name];
if (out === undefined || corpus === undefined) {
  console.error(`node test/oracle/dump.mjs <root> <${Object.keys(corpora).join('|')}> <out.jsonl>`);
  process.exit(2);
}
const limitMs = Number(values.limit ?? corpus.limit) * 1000;

const written = existsSync(out) ? readFileSync(out, 'utf8').split('\n').filter(Boolean) : [];
const done = new Set(written.map((line) => JSON.parse(line).case));
const from = Number(values.from);
const cases = corpus
  .cases()
  .slice(from, from + Number(values.count))
  .filter((one) => one.name.includes(values.only) && !done.has(one.name));

let child = null;
/** A worker that is ready for a case. */
function ready() {
  if (child !== null) return Promise.resolve(child);
  const made = fork(fileURLToPath(new URL('worker.mjs', import.meta.url)), [root], {
    execArgv: ['--max-old-space-size=3072'],
  });
  return new Promise((resolve, reject) => {
    made.once('message', () => {
      child = made;
      resolve(made);
    });
    made.once('exit', (code) => reject(new Error(`the library of ${root} cannot be run (${code})`)));
  });
}

/** The line of a case; where it takes too long or ends the process, that is what it says. */
async function lineOf({ tasks: _, ...one }) {
  const worker = await ready();
  worker.removeAllListeners();
  return new Promise((resolve) => {
    const end = (line) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      resolve(line);
    };
    const giveUp = (why) => {
      child = null;
      worker.kill('SIGKILL');
      end(JSON.stringify({ case: one.name, ...why }));
    };
    const timer = setTimeout(() => giveUp({ timeout: true, limitMs }), limitMs);
    worker.once('message', end);
    worker.once('exit', (code, signal) => giveUp({ failed: `the process ended (${code ?? signal})` }));
    worker.send(one);
  });
}

const begun = Date.now();
for (const [index, one] of cases.entries()) {
  const line = await lineOf(one);
  appendFileSync(out, `${line}\n`);
  const { cpuMs, timeout, failed, refused } = JSON.parse(line);
  const said = timeout ? 'timeout' : (failed ?? (refused ? `refused: ${refused[0]}` : `${cpuMs} ms`));
  const seconds = Math.round((Date.now() - begun) / 1000);
  console.log(`${index + 1}/${cases.length} ${one.name} ${said} (${seconds} s in all)`);
}
child?.kill();
console.log(`${name}: ${cases.length} cases now, ${done.size} before, ${Math.round((Date.now() - begun) / 1000)} s`);
