import { regimeNamed } from '../tables/query.js';
import type { RegimeRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { type Finding, findingWarning } from './issues.js';
import { boundaryFor, ofAllData } from './resolve-task.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import { getIn, type Path } from './source.js';
import { kindsUnder } from './wrong-guesses.js';

/** Names in the tables that only act together with something the scenario does not say, and fields that do. */
export function withoutEffect(scenario: Scenario, root: unknown, tables: Tables): Finding[] {
  const groups = dataGroups(scenario);
  return [
    ...ofWorkload(scenario),
    ...scenario.tasks.flatMap((task, index) => ofTask(task, ['tasks', index], scenario, tables)),
    ...overridden(scenario, groups),
    ...namesOfData(scenario, groups, root, tables),
    ...ofPreferences(scenario, groups),
  ];
}

type Key = keyof ScenarioData;

/** Data under one set of rules: what holds of them, and where that is written. */
type DataGroup = { data: ScenarioData; from(key: Key): Path | null };

/** The data of every task, and those beside them that have rules of their own. */
function dataGroups({ data = {}, tasks, development }: Scenario): DataGroup[] {
  type Level = { data: ScenarioData; at: Path };
  /** What is written at the first of some places counts. */
  const group = (...levels: Level[]): DataGroup => ({
    data: Object.assign({}, ...levels.map((level) => level.data).reverse()),
    from: (key) => {
      const level = levels.find((one) => one.data[key] !== undefined);
      return level === undefined ? null : [...level.at, key];
    },
  });
  const shared = (level: Level): Level => ({
    ...level,
    data: Object.fromEntries(Object.entries(level.data).filter(([key]) => ofAllData.some((field) => field === key))),
  });
  const scenarios: Level = { data, at: ['data'] };
  return [
    ...tasks.flatMap((task, index) => {
      const at: Path = ['tasks', index, 'sensitive'];
      const { rest, redaction } = task.sensitive ?? {};
      const own: Level = { data: task.data ?? {}, at: ['tasks', index, 'data'] };
      const beside = [shared(own), shared(scenarios)];
      return [
        group(own, scenarios),
        ...(task.sensitive ? [group({ data: rest ?? {}, at: [...at, 'rest'] }, ...beside)] : []),
        ...(redaction?.leaves
          ? [group({ data: redaction.leaves, at: [...at, 'redaction', 'leaves'] }, ...beside)]
          : []),
      ];
    }),
    ...(development ? [group({ data: development.data ?? {}, at: ['development', 'data'] }, shared(scenarios))] : []),
  ];
}

const none = (path: Path, message: string, suggestion: string | null, uses: Path[] = [], on?: 'key') =>
  findingWarning('no-effect', path, message, { suggestion, uses, ...(on && { on }) });

function ofWorkload({ workload, tasks }: Scenario): Finding[] {
  const path: Path = ['workload'];
  const volumes: Path[] = [[...path, 'volume'], ...tasks.map((_, index): Path => ['tasks', index, 'volume'])];
  const inUsers = [workload, ...tasks].some(({ volume }) => volume?.of === 'users');
  const grows = workload.growth !== undefined && workload.growth.likely !== 0;
  return [
    ...(workload.requestsPerUser && !inUsers
      ? [
          none(
            [...path, 'requestsPerUser'],
            'no volume is in users, so this has no effect',
            'write the volume as users, for example volume: 300 users',
            volumes,
            'key',
          ),
        ]
      : []),
    ...(workload.bursts !== undefined && workload.profile !== undefined
      ? [
          none(
            [...path, 'profile'],
            'bursts say when requests come, so a profile has no effect',
            'leave one of the two out',
            [[...path, 'bursts']],
            'key',
          ),
        ]
      : []),
    ...(grows && workload.horizonMonths === 1
      ? [
          none(
            [...path, 'growth'],
            'a horizon of one month ends before anything grows, so this has no effect',
            'give a longer horizon',
            [[...path, 'horizon']],
            'key',
          ),
        ]
      : []),
  ];
}

function ofTask(
  { type, tokens, thinking, deadlineHours }: ScenarioTask,
  at: Path,
  { workload }: Scenario,
  { taskOf }: Tables,
): Finding[] {
  const mayThink = thinking === undefined ? taskOf.get(type)?.thinkingAcceptable !== false : thinking === 'allowed';
  const prefix = tokens?.cacheablePrefix;
  const noPrefix = prefix !== undefined && ('share' in prefix ? prefix.share : prefix).likely === 0;
  const oneTurn = (workload.turns?.likely ?? 1) === 1;
  return [
    ...(tokens?.reasoning?.likely && !mayThink
      ? [
          none(
            [...at, 'tokens', 'reasoning'],
            'no model may think before it answers here, so this has no effect',
            'add thinking: allowed to the task',
            [
              [...at, 'thinking'],
              [...at, 'type'],
            ],
            'key',
          ),
        ]
      : []),
    ...(tokens?.cacheHitRate && noPrefix && oneTurn
      ? [
          none(
            [...at, 'tokens', 'cacheHitRate'],
            'nothing of the prompt can be cached, so this has no effect',
            'give a cacheablePrefix above 0',
            [
              [...at, 'tokens', 'cacheablePrefix'],
              ['workload', 'turns'],
            ],
            'key',
          ),
        ]
      : []),
    ...(deadlineHours !== undefined && deadlineHours < 1
      ? [
          none(
            [...at, 'deadline'],
            'loads are known by the hour, so a deadline below an hour lets nothing wait and has no effect',
            'a bare number is in hours; how fast an answer must be stands under latency',
          ),
        ]
      : []),
  ];
}

/** Fields of the scenario that every task replaces by its own. */
function overridden({ data, needs, tasks }: Scenario, groups: readonly DataGroup[]): Finding[] {
  const replaced = (path: Path, key: string, uses: Path[]) =>
    none(path, `every task has its own \`${key}\`, so this one has no effect`, null, uses, 'key');
  return [
    ...(Object.keys(data ?? {}) as Key[])
      .filter((key) => data?.[key] !== undefined && groups.every(({ from }) => !isCommon(from(key))))
      .map((key) =>
        replaced(
          ['data', key],
          key,
          tasks.map((_, index) => ['tasks', index, 'data', key]),
        ),
      ),
    ...(['availability', 'serviceTier'] as const)
      .filter((key) => needs?.[key] !== undefined && tasks.every((task) => task[key] !== undefined))
      .map((key) =>
        replaced(
          ['needs', key],
          key,
          tasks.map((_, index) => ['tasks', index, key]),
        ),
      ),
  ];
}

const isCommon = (path: Path | null): boolean => path?.[0] === 'data';

/** What only rules of a regime look at, where no regime that is named does. */
function namesOfData(
  { data, tasks, development }: Scenario,
  groups: readonly DataGroup[],
  root: unknown,
  tables: Tables,
): Finding[] {
  const blocks: { own: ScenarioData | undefined; at: Path }[] = [
    { own: data, at: ['data'] },
    ...tasks.flatMap(({ data, sensitive }, index) => [
      { own: data, at: ['tasks', index, 'data'] },
      { own: sensitive?.rest, at: ['tasks', index, 'sensitive', 'rest'] },
      { own: sensitive?.redaction?.leaves, at: ['tasks', index, 'sensitive', 'redaction', 'leaves'] },
    ]),
    { own: development?.data, at: ['development', 'data'] },
  ];
  return blocks.flatMap(({ own, at }) => {
    if (!own) return [];
    const under = (key: Key) => groups.filter(({ from }) => from(key)?.join() === [...at, key].join());
    const uses: Path[] = [['data', 'regimes'], ...blocks.map((block): Path => [...block.at, 'regimes'])];
    const unasked = (key: 'kinds' | 'declared', asks: (row: RegimeRow, name: string) => boolean, words: string) => {
      const takers = under(key);
      if (takers.length === 0) return [];
      const named = new Set(
        takers.flatMap(({ data }) => (data.regimes ?? []).map((name) => regimeNamed(tables, name) ?? name)),
      );
      return (own[key] ?? []).flatMap((name, index) => {
        const asking = new Set(tables.regimes.filter((row) => asks(row, name)).map(({ regime }) => regime));
        // A name that no regime has is told elsewhere.
        if (asking.size === 0 || [...asking].some((regime) => named.has(regime))) return [];
        const message = `no regime named here has a rule ${words} \`${name}\`, so it has no effect`;
        const [called] = key === 'kinds' ? kindsUnder(name, tables, [...named]) : [];
        const hint =
          called === undefined
            ? `regimes that have one: ${[...asking].join(', ')}`
            : `write \`${called.kind}\`, as ${called.regime} calls such data`;
        return [none([...at, key, index], message, hint, uses)];
      });
    };
    return [
      ...unasked('kinds', ({ dataKind }, name) => dataKind === name, 'for'),
      ...unasked('declared', ({ condition }, name) => tokensIn(condition).has(`org:${name}`), 'that asks for'),
      ...idleAgreements(own, [...at, 'agreements'], under('agreements'), root, uses),
    ];
  });
}

const tokensIn = (condition: string): Set<string> =>
  new Set([...condition.matchAll(/[a-z]+:[a-z0-9-]+/g)].map(([token]) => token));

/** Only personal data, regulated data and regimes ask for a contract that somebody has to sign. */
function idleAgreements(
  { agreements }: ScenarioData,
  path: Path,
  takers: readonly DataGroup[],
  root: unknown,
  uses: readonly Path[],
): Finding[] {
  if (!agreements || agreements.signed.length + agreements.canSign.length === 0 || takers.length === 0) return [];
  const asks = ({ data: { sensitivity, regimes = [] } }: DataGroup) =>
    sensitivity === 'pii' || sensitivity === 'regulated' || regimes.length > 0;
  if (takers.some(asks) || getIn(root, path) === undefined) return [];
  const message = 'nothing here asks for an agreement, so these have no effect';
  const hint = 'personal data (sensitivity: pii) and regimes ask for some';
  return [
    none(path, message, hint, [...uses, ...uses.map((use): Path => [...use.slice(0, -1), 'sensitivity'])], 'key'),
  ];
}

function ofPreferences({ preferences }: Scenario, groups: readonly DataGroup[]): Finding[] {
  const { weights = {}, include = [] } = preferences ?? {};
  const free = groups.some(
    ({ data: { boundary, sensitivity = 'internal', regimes = [] } }) =>
      (boundary ?? boundaryFor(sensitivity, regimes.length > 0)) === 'anywhere',
  );
  const at = include.indexOf('marketplace');
  return [
    ...(Object.keys(weights).length > 0
      ? [
          none(
            ['preferences', 'weights'],
            'scores rank no plans, so the weights change no more than their totals and have no effect on the advice',
            'leave them out; what a better answer is worth to you stands under `failedAnswerCost`',
            [],
            'key',
          ),
        ]
      : []),
    ...(at !== -1 && !free
      ? [
          none(
            ['preferences', 'include', at],
            'machines of a marketplace may only have data that may go anywhere, and there are none, so it has no effect',
            'say so with sensitivity: public, where that is so',
            [
              ['data', 'sensitivity'],
              ['data', 'boundary'],
            ],
          ),
        ]
      : []),
  ];
}
