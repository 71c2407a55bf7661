/**
 * A sweep of 10,000 cells by the built command, beside what as many single assessments
 * of a warm process would take. Ratios are of one run, so that they hold on any machine.
 *
 *     node bench/sweep.mjs [--cells 10000]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { cells: { type: 'string', default: '10000' } } });
const { assess, loadProse, loadShippedTables, readScenario, tool } = await import(
  new URL('../dist/lib/index.js', import.meta.url).href
);

const file = 'scenarios/support-chatbot.yaml';
const volumes = 100;
const mixes = [
  { name: 'any API may do: public, internal, pii', sensitivities: ['public', 'internal', 'pii'] },
  { name: 'own machines only: regulated', sensitivities: ['regulated'] },
  { name: 'all: from public to device-only', sensitivities: ['public', 'internal', 'pii', 'regulated', 'device-only'] },
];

const tables = await loadShippedTables();
const prose = await loadProse();
const text = readFileSync(file, 'utf8');
const asOf = tables.snapshot.date;
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Milliseconds that single assessments of a mix take in a warm process, the median over some volumes. */
function single(sensitivities) {
  const times = [];
  for (let run = 0; run < 3; run++) {
    for (const sensitivity of sensitivities) {
      for (const volume of [1e3, 1e4, 1e5, 1e6, 1e7]) {
        const start = performance.now();
        const set = [`data.sensitivity=${sensitivity}`, `workload.volume=${volume}`];
        const { scenario } = readScenario(text, { file, tables, set });
        assess(scenario, tables, { asOf, point: true, prose, tool });
        if (run > 0) times.push(performance.now() - start);
      }
    }
  }
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

function sweep(sensitivities, outputs) {
  const out = 'dist/bench-sweep.csv';
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['dist/cli/main.js', 'sweep', file, '--as-of', asOf, '-q', '-f', 'csv', '-o', out],
      ...['--vary', `workload.volume=1k..10M:log:${volumes}`],
      ...['--vary', `data.sensitivity=${sensitivities.join()}`],
      ...['--vary', `tasks.support.tokens.output=100..1000:linear:${outputs}`],
    ],
    { encoding: 'utf8' },
  );
  const took = performance.now() - start;
  if (status !== 0) throw new Error(stderr);
  rmSync(out);
  return took;
}

const empty = median(
  Array.from({ length: 9 }, () => {
    const start = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - start;
  }),
);
console.log(`${''.padEnd(42)} cells   seconds   ms a cell   over node -e 0   assess --point one by one`);
for (const { name, sensitivities } of mixes) {
  const outputs = Math.max(2, Math.round(Number(values.cells) / volumes / sensitivities.length));
  const cells = volumes * sensitivities.length * outputs;
  const all = sweep(sensitivities, outputs);
  const perCell = all / cells;
  console.log(
    `${name.padEnd(42)} ${String(cells).padStart(5)} ${(all / 1000).toFixed(1).padStart(7)} s ${perCell.toFixed(2).padStart(11)}   x ${(all / empty).toFixed(0).padStart(13)} x ${(single(sensitivities) / perCell).toFixed(1).padStart(10)}`,
  );
}
