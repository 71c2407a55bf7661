import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomOf, randomScenario } from './random.mjs';

const scenarios = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const snapshots = ['2023-11-30', '2024-06-30', '2025-01-31', '2025-09-30', '2026-03-31', '2026-08-21'];
const randomCases = 500;
const fullCases = 60;

/** Cases by the name of their corpus; `limit`: seconds that a case may take. */
export const corpora = {
  committed: { limit: 900, cases: () => committed().map((one) => ({ ...one, options: full(one.tasks) })) },
  snapshots: {
    limit: 120,
    cases: () =>
      snapshots.flatMap((snapshot) =>
        committed().map((one) => ({ ...one, name: `${one.name}@${snapshot}`, snapshot, options: { point: true } })),
      ),
  },
  random: { limit: 60, cases: () => random().map((one) => ({ ...one, options: { point: true } })) },
  'random-full': {
    limit: 240,
    cases: () =>
      sampled(random().filter(({ tasks }) => tasks <= 2)).map((one) => ({ ...one, options: full(one.tasks) })),
  },
};

/** Everything that takes draws, flips and break-evens; levers only where they do not take minutes. */
const full = (tasks) => ({ levers: tasks <= 2 });

const committed = () =>
  readdirSync(scenarios, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const text = readFileSync(`${scenarios}${name}`, 'utf8');
      const tasks = text.match(/^ {4}type:|^ {2}- type:|^ {2}- \{.*\btype:/gm)?.length ?? 1;
      return { name: name.replace(/\.yaml$/, ''), file: `scenarios/${name}`, text, tasks };
    });

const random = () =>
  Array.from({ length: randomCases }, (_, seed) => {
    const scenario = randomScenario(seed);
    const name = `random-${seed}`;
    return { name, file: `${name}.json`, text: JSON.stringify(scenario, null, 1), tasks: scenario.tasks.length };
  });

/** The same cases each time, in the order of their seeds. */
function sampled(cases) {
  const random = randomOf('random-full');
  const drawn = cases.map((one) => ({ one, at: random() })).sort((a, b) => a.at - b.at);
  const chosen = new Set(drawn.slice(0, fullCases).map(({ one }) => one));
  return cases.filter((one) => chosen.has(one));
}
