/**
 * What a full report costs: processor time of a fresh process over that of an empty Node, and whole decisions after the
 * recommendation, free and bounded. `--sections`: seconds of the processor between the steps, in this process.
 *
 *     node bench/report.mjs [--runs 3] [--sections] [scenario ...]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromSources } from './engine.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, sections: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const asOf = '2026-11-20';
/** The highest ratio allowed; others: with one task, with several. */
const bars = {
  'support-chatbot': 28,
  'legal-rag': 40,
  'ecommerce-assistant': 65,
  'factory-sites': 110,
  'voice-assistant': 120,
  'assistant-on-phones': 250,
  'enterprise-suite': 220,
};
const [oneTask, several] = [120, 200];

const engine = await fromSources(`
  export { loadProse, loadShippedTables, readScenario, tool } from './src/index.js';
  export { assessInSteps } from './src/analyses/assess.js';`);
const [tables, prose] = [await engine.loadShippedTables(), await engine.loadProse()];
const names =
  positionals.length > 0
    ? positionals
    : readdirSync('scenarios').flatMap((file) => file.match(/^(.*)\.yaml$/)?.[1] ?? []);

/** Seconds of the processor that a fresh process takes, as the shell counts them. */
function secondsOf(args) {
  const timed = `TIMEFORMAT='%U %S'; time "$0" "$@" >/dev/null 2>&1`;
  const { stderr } = spawnSync('bash', ['-c', timed, process.execPath, ...args], { encoding: 'utf8' });
  const [user, system] = stderr.trim().split(/\s+/).slice(-2).map(Number);
  return user + system;
}
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const runs = Number(values.runs);

/** The report with its steps timed in this process. */
function report(name) {
  const file = `scenarios/${name}.yaml`;
  const { scenario } = engine.readScenario(readFileSync(file, 'utf8'), { file, tables, asOf });
  let proofs = null;
  const seconds = [];
  const steps = engine.assessInSteps(scenario, tables, {
    ...{ asOf, prose, tool: engine.tool },
    proofs(made) {
      proofs = made;
    },
  });
  for (;;) {
    const start = process.cpuUsage();
    const { done, value } = steps.next();
    const { user, system } = process.cpuUsage(start);
    seconds.push((user + system) / 1e6);
    if (done) return { decision: value, proofs, seconds };
  }
}

const most = tables.parameterOf.get('reportProofs').likely;
let over = 0;
console.log(`${'scenario'.padEnd(32)}     free  bounded unproven   over node -e 0`);
for (const name of names) {
  const { decision, proofs, seconds } = report(name);
  const unproven = decision.recommendation.flipSearch?.unproven ?? 0;
  const counts = [proofs?.free ?? 0, proofs?.bounded ?? 0, unproven]
    .map((count) => String(count).padStart(8))
    .join(' ');
  if ((proofs?.free ?? 0) + (proofs?.bounded ?? 0) > most) over++;
  if (values.sections) {
    const [decided, volumes, draws, people, quality, ...inputs] = seconds;
    const parts = { decided, volumes, draws, people, quality, inputs: inputs.reduce((sum, one) => sum + one, 0) };
    const text = Object.entries(parts).map(([part, one]) => `${part} ${(one ?? 0).toFixed(2)}`);
    console.log(
      `${name.padEnd(32)} ${counts}   ${text.join(', ')} (${decision.recommendation.flipSearch?.searched} of ${decision.recommendation.flipSearch?.inputs} inputs)`,
    );
    continue;
  }
  const pairs = Array.from({ length: runs }, () => [
    secondsOf(['-e', '0']),
    secondsOf(['dist/cli/main.js', 'assess', `scenarios/${name}.yaml`, '--as-of', asOf]),
  ]);
  const ratio = median(pairs.map(([, own]) => own)) / median(pairs.map(([empty]) => empty));
  const bar = bars[name] ?? (decision.recommendation.assignments.length > 1 ? several : oneTask);
  if (ratio > bar) over++;
  console.log(
    `${name.padEnd(32)} ${counts}   x ${ratio.toFixed(1).padStart(7)}   ${ratio > bar ? `OVER the bar of ${bar}` : `bar ${bar}`}`,
  );
}
process.exitCode = over > 0 ? 1 : 0;
