/**
 * Fuzzing at length: `npm run fuzz [-- --scenarios 100000 --books 5000 --tables 10000 --binary 200 --seed 1 --from 0]`. Cases
 * follow from the seed and their number alone, so a run can be taken up again with `--from`. Reading a case and
 * deciding it may take 5 s of this process's CPU time. What fails is written to a folder (`--out`), with the error; the exit code is then 1.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { throughBinary } from './fuzz-binary.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
/** @returns {{ type: 'string', default: string }} */
const option = (value) => ({ type: 'string', default: String(value) });
const { values } = parseArgs({
  options: {
    scenarios: option(100_000),
    books: option(5000),
    tables: option(10_000),
    binary: option(200),
    seed: option(1),
    from: option(0),
    out: option(path.join(tmpdir(), 'deploy-advisor-fuzz')),
  },
});
const seed = Number(values.seed);

const scratch = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-fuzz-'));
const bundled = async (name) => {
  const outfile = path.join(scratch, `${name}.mjs`);
  await build({
    entryPoints: [path.join(root, `test/fuzz/${name}.ts`)],
    bundle: true,
    loader: { '.tsv': 'text' },
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outfile,
    // yaml is CommonJS inside and asks for node: modules by require.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
};

mkdirSync(values.out, { recursive: true });
let failures = 0;
function fail(kind, index, { file, text, set }, error) {
  failures++;
  const name = path.join(values.out, `${kind}-${seed}-${index}`);
  writeFileSync(`${name}${path.extname(file)}`, text);
  writeFileSync(`${name}.txt`, `${file}\n${set.map((each) => `--set ${each}\n`).join('')}${error}\n`);
  const [first, ...stack] = String(error).split('\n');
  console.log(
    `${kind} ${index}: ${first?.slice(0, 200)}${stack.find((line) => line.includes(' at '))?.slice(0, 80) ?? ''}`,
  );
}

/** Goes through the cases of a kind in a thread; one that takes too long is given up and the next is begun. */
async function inProcess(kind, total, fuzzer) {
  const counts = {};
  const begun = Date.now();
  for (let from = Number(values.from); from < total; ) from = await thread(kind, from, total, fuzzer, counts, begun);
  console.log(
    `${kind}: ${Math.max(0, total - Number(values.from))} cases in ${Math.round((Date.now() - begun) / 1000)} s`,
  );
  for (const [name, times] of Object.entries(counts).sort(([, a], [, b]) => b - a)) console.log(`  ${name} ${times}`);
}

/** The index to go on from. */
function thread(kind, from, to, fuzzer, counts, begun) {
  const at = new SharedArrayBuffer(4);
  const position = new Int32Array(at).fill(-1);
  const worker = new Worker(workerFile, { workerData: { root, seed, kind, from, to, at } });
  let seen = -1;
  let since = 0;
  let told = Date.now();
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => {
      const now = Atomics.load(position, 0);
      const { user, system } = process.cpuUsage();
      const cpu = (user + system) / 1000;
      if (now !== seen) [seen, since] = [now, cpu];
      else if (now >= 0 && cpu - since > fuzzer.mostCpuMs(kind, now)) {
        fail(kind, now, fuzzer.caseAt(kind, now), `took more than ${fuzzer.mostCpuMs(kind, now)} ms`);
        clearInterval(watch);
        void worker.terminate().then(() => resolve(now + 1));
      }
      // Below 0 no case is under way.
      if (now >= 0 && Date.now() - told > 30_000) {
        told = Date.now();
        process.stderr.write(`${kind} ${now} of ${to}, ${Math.round((told - begun) / 1000)} s, ${failures} failed\n`);
      }
    }, 100);
    worker.on('message', (message) => {
      if ('failed' in message) fail(kind, message.failed, message.one, message.error);
      else for (const [name, times] of Object.entries(message.counts)) counts[name] = (counts[name] ?? 0) + times;
    });
    // What ends the whole thread, as want of memory does, is the failure of the case under way.
    worker.on('error', (error) => {
      clearInterval(watch);
      const now = Atomics.load(position, 0);
      if (now < 0) return reject(error);
      fail(kind, now, fuzzer.caseAt(kind, now), error);
      resolve(now + 1);
    });
    worker.on('exit', (code) => {
      clearInterval(watch);
      if (code === 0) resolve(to);
    });
  });
}

const workerFile = await bundled('worker');
const { fuzzer: make } = await import(await bundled('fuzzer'));
try {
  const fuzzer = make(root, seed);
  for (const [kind, total] of Object.entries({ scenario: values.scenarios, book: values.books, table: values.tables }))
    await inProcess(kind, Number(total), fuzzer);
  await throughBinary(fuzzer, Number(values.binary), fail);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(failures === 0 ? 'nothing failed' : `${failures} failed: see ${values.out}`);
process.exitCode = failures === 0 ? 0 : 1;
