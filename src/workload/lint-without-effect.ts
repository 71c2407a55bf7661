import type { RegimeRow } from '../tables/columns.js';
import { regimeNamed } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import { type Finding, type Findings, findingWarning } from './issues.js';
import { boundaryFor, ofAllData } from './resolve-task.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import { getIn, type Path } from './source.js';
import { kindsUnder } from './wrong-guesses.js';

/** Fields and known names that have no effect without something else in the scenario. */
export function* withoutEffect(scenario: Scenario, root: unknown, tables: Tables): Findings {
  const groups = dataGroups(scenario);
  yield* ofWorkload(scenario);
  for (const [index, task] of scenario.tasks.entries()) yield* ofTask(task, ['tasks', index], scenario, tables);
  yield* overridden(scenario, groups);
  yield* namesOfData(scenario, groups, root, tables);
  yield* ofPreferences(scenario, groups);
}

type Key = keyof ScenarioData;

/** Rules for data as they are written somewhere. */
type Level = { data: ScenarioData; at: Path };
/** Data under one set of rules: what holds of them, and where that is written. */
type DataGroup = { data: ScenarioData; from(key: Key): Path | null };

/** What is written at the first of some places counts. */
const group = (...levels: Level[]): DataGroup => ({
  data: Object.assign({}, ...levels.map((level) => level.data).reverse()),
  from: (key) => {
    const level = levels.find((one) => one.data[key] !== undefined);
    return level === undefined ? null : [...level.at, key];
  },
});

const shared = ({ data, at }: Level): Level => ({
  data: Object.fromEntries(Object.entries(data).filter(([key]) => ofAllData.some((field) => field === key))),
  at,
});

/** The data of every task, and other groups with rules of their own. */
function dataGroups({ data = {}, tasks, development }: Scenario): DataGroup[] {
  const all: Level = { data, at: ['data'] };
  const groups: DataGroup[] = [];
  for (const [index, { data: own = {}, sensitive }] of tasks.entries()) {
    const level: Level = { data: own, at: ['tasks', index, 'data'] };
    const at: Path = ['tasks', index, 'sensitive'];
    const leaves = sensitive?.redaction?.leaves;
    groups.push(group(level, all));
    if (sensitive) groups.push(group({ data: sensitive.rest ?? {}, at: [...at, 'rest'] }, shared(level), shared(all)));
    if (leaves) groups.push(group({ data: leaves, at: [...at, 'redaction', 'leaves'] }, shared(level), shared(all)));
  }
  if (development) groups.push(group({ data: development.data ?? {}, at: ['development', 'data'] }, shared(all)));
  return groups;
}

/** @param uses what else it depends on */
const none = (path: Path, message: string, suggestion: string | null, uses: readonly Path[] = []): Finding =>
  findingWarning('no-effect', path, message, { suggestion, uses, on: 'key' });

function* ofWorkload({ workload, tasks }: Scenario): Findings {
  const { requestsPerUser, bursts, profile, growth, horizonMonths } = workload;
  const at = (key: string): Path => ['workload', key];
  const volumes: Path[] = [at('volume'), ...tasks.map((_, index): Path => ['tasks', index, 'volume'])];
  if (requestsPerUser && ![workload, ...tasks].some(({ volume }) => volume?.of === 'users')) {
    const hint = 'write the volume as users, for example volume: 300 users';
    yield none(at('requestsPerUser'), 'no volume is in users, so this has no effect', hint, volumes);
  }
  if (bursts !== undefined && profile !== undefined) {
    const message = 'bursts say when requests come, so a profile has no effect';
    yield none(at('profile'), message, 'leave one of the two out', [at('bursts')]);
  }
  if (growth !== undefined && growth.likely !== 0 && horizonMonths === 1) {
    const message = 'a horizon of one month ends before anything grows, so this has no effect';
    yield none(at('growth'), message, 'give a longer horizon', [at('horizon')]);
  }
}

function* ofTask(
  { type, tokens, thinking, deadlineHours }: ScenarioTask,
  at: Path,
  { workload }: Scenario,
  { taskOf }: Tables,
): Findings {
  const mayThink = thinking === undefined ? taskOf.get(type)?.thinkingAcceptable !== false : thinking === 'allowed';
  const prefix = tokens?.cacheablePrefix;
  const noPrefix = prefix !== undefined && ('share' in prefix ? prefix.share : prefix).likely === 0;
  if (tokens?.reasoning?.likely && !mayThink) {
    const message = 'no model may think before it answers here, so this has no effect';
    const uses = [
      [...at, 'thinking'],
      [...at, 'type'],
    ];
    yield none([...at, 'tokens', 'reasoning'], message, 'add thinking: allowed to the task', uses);
  }
  if (tokens?.cacheHitRate && noPrefix && (workload.turns?.likely ?? 1) === 1) {
    const message = 'nothing of the prompt can be cached, so this has no effect';
    const uses = [
      [...at, 'tokens', 'cacheablePrefix'],
      ['workload', 'turns'],
    ];
    yield none([...at, 'tokens', 'cacheHitRate'], message, 'give a cacheablePrefix above 0', uses);
  }
  if (deadlineHours !== undefined && deadlineHours < 1) {
    const message = 'loads are known by the hour, so a deadline below an hour lets nothing wait and has no effect';
    const suggestion = 'a bare number is in hours; how fast an answer must be stands under latency';
    yield findingWarning('no-effect', [...at, 'deadline'], message, { suggestion });
  }
}

/** Fields of the scenario that every task replaces by its own. */
function* overridden({ data = {}, needs, tasks }: Scenario, groups: readonly DataGroup[]): Findings {
  const replaced = (path: Path, key: string, own: readonly string[]) =>
    none(
      path,
      `every task has its own \`${key}\`, so this one has no effect`,
      null,
      tasks.map((_, index) => ['tasks', index, ...own]),
    );
  for (const key of Object.keys(data) as Key[])
    if (data[key] !== undefined && groups.every(({ from }) => from(key)?.[0] !== 'data'))
      yield replaced(['data', key], key, ['data', key]);
  for (const key of ['availability', 'serviceTier'] as const)
    if (needs?.[key] !== undefined && tasks.every((task) => task[key] !== undefined))
      yield replaced(['needs', key], key, [key]);
}

/** What only rules of a regime look at, where no regime that is named does. */
function* namesOfData(
  { data, tasks, development }: Scenario,
  groups: readonly DataGroup[],
  root: unknown,
  tables: Tables,
): Findings {
  const blocks: { own: ScenarioData | undefined; at: Path }[] = [
    { own: data, at: ['data'] },
    ...tasks.flatMap(({ data, sensitive }, index) => [
      { own: data, at: ['tasks', index, 'data'] },
      { own: sensitive?.rest, at: ['tasks', index, 'sensitive', 'rest'] },
      { own: sensitive?.redaction?.leaves, at: ['tasks', index, 'sensitive', 'redaction', 'leaves'] },
    ]),
    { own: development?.data, at: ['development', 'data'] },
  ];
  const uses: Path[] = [['data', 'regimes'], ...blocks.map(({ at }): Path => [...at, 'regimes'])];
  const asks: readonly { key: 'kinds' | 'declared'; words: string; has(row: RegimeRow, name: string): boolean }[] = [
    { key: 'kinds', words: 'for', has: ({ dataKind }, name) => dataKind === name },
    { key: 'declared', words: 'that asks for', has: ({ condition }, name) => tokensIn(condition).has(`org:${name}`) },
  ];
  for (const { own, at } of blocks) {
    if (!own) continue;
    const under = (key: Key) => groups.filter(({ from }) => from(key)?.join() === [...at, key].join());
    for (const { key, words, has } of asks) {
      const takers = under(key);
      const regimes = takers.flatMap((taker) => taker.data.regimes ?? []);
      const named = new Set(regimes.map((name) => regimeNamed(tables, name) ?? name));
      for (const [index, name] of (takers.length === 0 ? [] : (own[key] ?? [])).entries()) {
        const asking = new Set(tables.regimes.filter((row) => has(row, name)).map(({ regime }) => regime));
        // An unknown regime is reported elsewhere.
        if (asking.size === 0 || [...asking].some((regime) => named.has(regime))) continue;
        const message = `no regime named here has a rule ${words} \`${name}\`, so it has no effect`;
        const [called] = key === 'kinds' ? kindsUnder(name, tables, [...named]) : [];
        const suggestion =
          called === undefined
            ? `regimes that have one: ${[...asking].join(', ')}`
            : `write \`${called.kind}\`, as ${called.regime} calls such data`;
        yield findingWarning('no-effect', [...at, key, index], message, { suggestion, uses });
      }
    }
    yield* idleAgreements(own, [...at, 'agreements'], under('agreements'), root, uses);
  }
}

const tokensIn = (condition: string): Set<string> =>
  new Set([...condition.matchAll(/[a-z]+:[a-z0-9-]+/g)].map(([token]) => token));

/** Only personal or regulated data and regimes require a signed contract. */
function* idleAgreements(
  { agreements }: ScenarioData,
  path: Path,
  takers: readonly DataGroup[],
  root: unknown,
  uses: readonly Path[],
): Findings {
  if (!agreements || agreements.signed.length + agreements.canSign.length === 0 || takers.length === 0) return;
  const asks = ({ data: { sensitivity, regimes = [] } }: DataGroup) =>
    sensitivity === 'pii' || sensitivity === 'regulated' || regimes.length > 0;
  if (takers.some(asks) || getIn(root, path) === undefined) return;
  const message = 'nothing here asks for an agreement, so these have no effect';
  const hint = 'personal data (sensitivity: pii) and regimes ask for some';
  yield none(path, message, hint, [...uses, ...uses.map((use): Path => [...use.slice(0, -1), 'sensitivity'])]);
}

function* ofPreferences({ preferences }: Scenario, groups: readonly DataGroup[]): Findings {
  const { weights = {}, include = [] } = preferences ?? {};
  if (Object.keys(weights).length > 0) {
    const message =
      'scores rank no plans, so the weights change no more than their totals and have no effect on the advice';
    const hint = 'leave them out; what a better answer is worth to you stands under `failedAnswerCost`';
    yield none(['preferences', 'weights'], message, hint);
  }
  const free = groups.some(
    ({ data: { boundary, sensitivity = 'internal', regimes = [] } }) =>
      (boundary ?? boundaryFor(sensitivity, regimes.length > 0)) === 'anywhere',
  );
  const at = include.indexOf('marketplace');
  if (at === -1 || free) return;
  const message =
    'machines of a marketplace may only have data that may go anywhere, and there are none, so it has no effect';
  const uses = ['sensitivity', 'boundary'].map((key) => ['data', key]);
  const suggestion = 'say so with sensitivity: public, where that is so';
  yield findingWarning('no-effect', ['preferences', 'include', at], message, { suggestion, uses });
}
