/**
 * Many scenarios through one process: `assess - --format jsonl --point`, all different, by what their data rules let them
 * use, and one at many volumes. Time is that of the processor, so that other work on the machine counts little; start-up and
 * tables are taken off.
 *
 *     node bench/batch.mjs [--count 1000]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { batchScenarios, mix } from './batch-scenarios.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { values } = parseArgs({ options: { count: { type: 'string', default: '1000' } } });
const count = Number(values.count);
/** Lines of one task a second of one process on a quiet machine, and megabytes of it. */
const bars = { perSecond: 40, megabytes: 300 };

/** The last line of stderr: what the process used. */
const usage = 'process.on("exit",()=>process.stderr.write("\\n"+JSON.stringify(process.resourceUsage())))';
const preload = ['--import', `data:text/javascript,${encodeURIComponent(usage)}`];

function run(args, input = '') {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, ...args], {
    encoding: 'utf8',
    input,
    maxBuffer: 2 ** 31 - 1,
  });
  // 3 is "nothing fits": a result as well.
  if (status !== 0 && status !== 3) throw new Error(`ended with ${status}: ${stderr} ${stdout.slice(0, 400)}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(stderr.trim().split('\n').at(-1));
  return {
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    wallMs: performance.now() - start,
    megabytes: maxRSS / 1024,
    lines: stdout.split('\n').length - 1,
  };
}

const assess = ['dist/cli/main.js', 'assess', '-', '--format', 'jsonl', '--point', '-q', '--as-of', '2026-11-20'];
const text = (scenarios) => [...scenarios].map((scenario) => `${JSON.stringify(scenario)}\n`).join('');
const empty = run(['-e', '0']);
const idle = run(assess, '\n');
const withoutTargets = ({ tasks, ...rest }) => ({ ...rest, tasks: tasks.map(({ latency, ...task }) => task) });
const part = Math.max(10, Math.round(count / 10));
const [first] = [...batchScenarios(1, () => 'internal')];
/** One workload at volumes from 500 to a million a day: lines share what does not depend on it. */
const volumes = Array.from({ length: count }, (_, i) => ({
  ...withoutTargets(first),
  workload: { ...first.workload, volume: Math.round(500 * 2000 ** ((i * 0.618) % 1)) },
}));
const byCost = (scenario) => ({ ...scenario, preferences: { objective: 'cost' } });
const ofOneTask = [...batchScenarios(400, mix)].filter(({ tasks }) => tasks.length === 1);
const runs = [
  { name: 'one task, by cost', input: text(ofOneTask.map(byCost)), of: ofOneTask.length, bar: bars.perSecond },
  { name: 'one task, as advised', input: text(ofOneTask), of: ofOneTask.length, bar: bars.perSecond },
  { name: 'all', input: text(batchScenarios(count, mix)), of: count },
  { name: 'one of them at other volumes', input: text(volumes), of: count },
  ...['public', 'internal', 'pii', 'regulated'].map((sensitivity) => ({
    name: `${sensitivity}, no targets on latency`,
    input: text([...batchScenarios(part, () => sensitivity)].map(withoutTargets)),
    of: part,
  })),
];
console.log(
  `node -e 0: ${empty.cpuMs.toFixed(0)} ms; start-up and tables: ${idle.cpuMs.toFixed(0)} ms, of the processor`,
);
console.log(`${''.padEnd(36)} count   a second   ms each   over node -e 0   wall ms each    MB`);
let over = 0;
for (const { name, input, of, bar = null } of runs) {
  const used = run(assess, input);
  if (used.lines !== of) throw new Error(`${used.lines} lines answer ${of}`);
  const each = (used.cpuMs - idle.cpuMs) / of;
  const perSecond = (1000 * of) / (used.wallMs - idle.wallMs);
  const missed = [
    ...(bar !== null && perSecond < bar ? [`under ${bar} a second`] : []),
    ...(used.megabytes > bars.megabytes ? [`over ${bars.megabytes} MB`] : []),
  ].join(', ');
  if (missed !== '') over++;
  console.log(
    `${name.padEnd(36)} ${String(of).padStart(5)} ${perSecond.toFixed(1).padStart(10)} ${each.toFixed(1).padStart(9)}   x ${(each / empty.cpuMs).toFixed(2).padStart(12)} ${(used.wallMs / of).toFixed(1).padStart(14)} ${used.megabytes.toFixed(0).padStart(5)}   ${missed}`,
  );
}
process.exitCode = over > 0 ? 1 : 0;
