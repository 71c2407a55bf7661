import { apiRowsNamed } from '../tables/aliases.js';
import { kinds } from '../tables/kinds.js';
import type { Tables } from '../tables/tables.js';
import { nearest, suggestion } from '../units/suggest.js';
import { facetOf, isProvider, providerNames, wishNames } from './facets.js';
import { type Finding, findingError, findingWarning } from './issues.js';
import { effectiveShares, shareTolerance } from './resolve-profile.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import { taskNames } from './set.js';
import type { Path } from './source.js';
import { type Boundary, boundaries, shapes } from './workload.js';
import { wordMeant } from './wrong-guesses.js';

/** Fields that cannot hold together, whatever the tables say. */
export function contradictions(scenario: Scenario): Finding[] {
  return [
    ...sharesOf(scenario.tasks),
    ...scenario.tasks.flatMap((task, index) => ofTask(task, ['tasks', index], scenario)),
    ...repeatedNames(scenario.tasks),
    ...usersWithoutRequests(scenario),
    ...ofPeriods(scenario),
    ...ofData(scenario.data, ['data']),
    ...ofData(scenario.development?.data, ['development', 'data']),
    ...ofDevices(scenario),
    ...ofPreferences(scenario),
    ...ofMeasured(scenario),
  ];
}

/** A volume without a period is that of a job; one with a period is not. */
function ofPeriods({ workload, tasks }: Scenario): Finding[] {
  const once = workload.once ?? false;
  const periods: [Scenario['workload']['volume'] | undefined, Path][] = [
    [workload.volume, ['workload', 'volume']],
    ...tasks.map(({ volume }, index): [typeof volume, Path] => [volume, ['tasks', index, 'volume']]),
  ];
  const found = periods.flatMap(([volume, path]) => {
    if (volume === undefined || (volume.of === 'users' && !once)) return [];
    if (volume.of !== 'users' && once === (volume.per === null) && !(once && path[0] === 'tasks')) return [];
    return [
      once
        ? findingError('once-with-period', path, jobVolume(volume), {
            suggestion: 'write `workload: {volume: 1M requests, once: true}`',
          })
        : findingError('no-period', path, 'say how often, as in /day or per month', {
            suggestion:
              volume.noun === undefined
                ? 'for a job that ends write `once: true` in the workload'
                : 'for a job that ends write `once: true` in the workload; for people `requestsPerUser: 10`',
          }),
    ];
  });
  if (!once) return found;
  for (const key of ['growth', 'horizonMonths'] as const)
    if (workload[key] !== undefined) {
      const name = key === 'growth' ? key : 'horizon';
      found.push(
        findingError('once-with-period', ['workload', name], `a job that ends has no ${name}: leave it out`, {
          on: 'key',
        }),
      );
    }
  return found;
}

const jobVolume = ({ of }: Scenario['workload']['volume']): string =>
  of === 'users'
    ? 'a job that ends is counted in requests, not in people'
    : 'a job that ends has one volume without a period';

const percent = (share: number) => `${Number((share * 100).toFixed(2))}%`;

function sharesOf(tasks: readonly ScenarioTask[]): Finding[] {
  const sharers = tasks.map((task, index) => ({ task, index })).filter(({ task }) => !task.volume);
  const given = sharers.flatMap(({ task }) => (task.share ? [task.share.likely] : []));
  if (effectiveShares(tasks.map(({ share, volume }) => ({ share: share ?? null, ownVolume: volume !== undefined }))))
    return [];
  const uses = tasks.flatMap((_, index): Path[] => [
    ['tasks', index, 'share'],
    ['tasks', index, 'volume'],
  ]);
  const names = taskNames(tasks);
  const without = sharers.filter(({ task }) => !task.share).map(({ index }) => names[index]);
  const sum = given.reduce((total, share) => total + share, 0);
  const more = { on: 'key', uses } as const;
  if (without.length > 1) {
    const message = `${without.join(', ')} lack a share: give each one, all but one, or none at all`;
    return [findingError('missing-share', ['tasks'], message, more)];
  }
  const message =
    without.length === 1
      ? `the shares of the other tasks sum to ${percent(sum)}, which leaves nothing for ${without[0]}`
      : `the shares of tasks without their own volume sum to ${percent(sum)}, not 100% (within ${percent(shareTolerance)})`;
  return [findingError('shares-sum', ['tasks'], message, more)];
}

function ofTask(
  { share, volume, tokens, latency, thinking, capability, data, sensitive }: ScenarioTask,
  at: Path,
  scenario: Scenario,
): Finding[] {
  const findings = [
    ...ofTaskData(data, scenario.data, at),
    ...ofData(sensitive?.rest, [...at, 'sensitive', 'rest']),
    ...ofData(sensitive?.redaction?.leaves, [...at, 'sensitive', 'redaction', 'leaves']),
  ];
  if (share && volume) {
    findings.push(
      findingError('share-and-volume', [...at, 'volume'], 'a task has a share or its own volume, not both'),
    );
  }
  const prefix = tokens?.cacheablePrefix;
  if (prefix && !('share' in prefix) && tokens?.input && prefix.likely > tokens.input.likely) {
    const message = `the cacheable prefix (${prefix.likely}) is longer than the whole input (${tokens.input.likely})`;
    const uses = [[...at, 'tokens', 'input']];
    findings.push(findingError('prefix-over-input', [...at, 'tokens', 'cacheablePrefix'], message, { uses }));
  }
  const own = tokens?.sessionPrefix;
  if (prefix && own && amountOf(own) > amountOf(prefix) && 'share' in prefix === 'share' in own) {
    const message = 'the prefix of the session is part of the cacheable prefix, and longer than it';
    const uses = [[...at, 'tokens', 'cacheablePrefix']];
    findings.push(findingError('session-over-prefix', [...at, 'tokens', 'sessionPrefix'], message, { uses }));
  }
  if (latency?.ttftP95Ms !== undefined && latency.totalP95Ms !== undefined && latency.ttftP95Ms > latency.totalP95Ms) {
    const message = `the first token may take ${latency.ttftP95Ms} ms, the whole answer only ${latency.totalP95Ms} ms`;
    findings.push(findingError('latency-contradiction', [...at, 'latency', 'totalP95'], message));
  }
  if (thinking === 'forbidden' && capability && 'atLeast' in capability && capability.atLeast.endsWith('+thinking')) {
    const message = 'thinking is forbidden, and the capability asked for is that of a thinking mode';
    findings.push(findingError('thinking-contradiction', [...at, 'capability', 'atLeast'], message));
  }
  if (volume?.of === 'users' && !scenario.workload.requestsPerUser)
    findings.push(needsRequestsPerUser([...at, 'volume']));
  return findings;
}

function repeatedNames(tasks: readonly ScenarioTask[]): Finding[] {
  const names = tasks.map(({ name }) => name);
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [findingError('duplicate-task-name', ['tasks', index, 'name'], `an earlier task is also named \`${name}\``)]
      : [],
  );
}

function usersWithoutRequests({ workload }: Scenario): Finding[] {
  return workload.volume.of === 'users' && !workload.requestsPerUser
    ? [needsRequestsPerUser(['workload', 'volume'])]
    : [];
}

const needsRequestsPerUser = (at: Path) =>
  findingError(
    'missing-requests-per-user',
    at,
    'a volume in users needs workload.requestsPerUser, requests per user and day',
    {
      suggestion: 'write `requestsPerUser: 8` in the workload, or a volume such as `50k requests/day`',
      uses: [['workload', 'requestsPerUser']],
    },
  );

/** How far data of a sensitivity may go at most. */
const widest: Record<NonNullable<ScenarioData['sensitivity']>, Boundary> = {
  'device-only': 'device',
  regulated: 'under-contract',
  pii: 'under-contract',
  internal: 'under-contract',
  public: 'anywhere',
};

function ofData(data: ScenarioData | undefined, at: Path, sensitivityAt: Path = [...at, 'sensitivity']): Finding[] {
  if (!data?.sensitivity || !data.boundary) return [];
  const limit = widest[data.sensitivity];
  if (boundaries.indexOf(data.boundary) <= boundaries.indexOf(limit)) return [];
  const message = `the boundary ${data.boundary} is wider than ${data.sensitivity} data allows`;
  return [
    findingError('boundary-contradiction', [...at, 'boundary'], message, {
      suggestion: `${limit} or stricter`,
      uses: [sensitivityAt],
    }),
  ];
}

/** A boundary a task sets is held against the sensitivity that applies to it, its own or the scenario's. */
function ofTaskData(data: ScenarioData | undefined, common: ScenarioData | undefined, at: Path): Finding[] {
  if (data?.sensitivity) return ofData(data, [...at, 'data'], [...at, 'data', 'sensitivity']);
  return ofData({ ...data, sensitivity: common?.sensitivity }, [...at, 'data'], ['data', 'sensitivity']);
}

function ofDevices({ devices }: Scenario): Finding[] {
  const sum = Object.values(devices?.classes ?? {}).reduce((total, share) => total + share, 0);
  if (sum <= 1 + shareTolerance) return [];
  return [
    findingError('shares-sum', ['devices', 'classes'], `the shares of the device classes sum to ${percent(sum)}`, {
      on: 'key',
    }),
  ];
}

function ofPreferences({ preferences }: Scenario): Finding[] {
  return (preferences?.exclude ?? []).flatMap((name, index) => {
    const other = preferences?.only?.includes(name) ? 'only' : preferences?.include?.includes(name) ? 'include' : null;
    if (!other) return [];
    return [
      findingError('preference-contradiction', ['preferences', 'exclude', index], `\`${name}\` is also under ${other}`),
    ];
  });
}

function ofMeasured({ measured = [] }: Scenario): Finding[] {
  return measured.flatMap(({ model, accelerator }, index) => {
    const first = measured.findIndex((other) => other.model === model && other.accelerator === accelerator);
    if (first === index) return [];
    const message = `${model} on ${accelerator} stands here twice: give one figure, or a range`;
    return [findingError('measured-twice', ['measured', index], message, { uses: [['measured', first]] })];
  });
}

/** What may be added to what is looked at anyway. */
const includable = ['marketplace', 'spot'];

/**
 * Names under `preferences`, in `today.option` and `expect.shape` that nothing answers to. Warnings: who is on sale differs
 * between snapshots, and a scenario is to be read with each of them. An error where nothing else is to be considered, unless
 * it is a model that comes later.
 *
 * @param tables with the scenario's own prices in them: those may be of providers of its own
 */
export function unknownWishes({ preferences, today, expect: expected }: Scenario, tables: Tables): Finding[] {
  return [
    ...(['only', 'exclude'] as const).flatMap((key) =>
      (preferences?.[key] ?? []).flatMap((name, index) => {
        const facet = facetOf(name, tables);
        if (facet === null) return [unknownWish(key, name, index, tables)];
        if (facet !== 'shape' || key !== 'only') return [];
        const message = `\`${name}\` is a second place, which may be under exclude alone, so it has no effect`;
        return [findingWarning('no-effect', ['preferences', key, index], message)];
      }),
    ),
    ...(preferences?.include ?? []).flatMap((name, index) => {
      if (includable.includes(name)) return [];
      const message = `\`${name}\` adds nothing to what is considered, so it has no effect`;
      const hint = suggestion(name, includable, 'known');
      return [findingWarning('no-effect', ['preferences', 'include', index], message, { suggestion: hint })];
    }),
    ...(today ? unknownOption(today.option, tables) : []),
    ...(expected?.shape ? unknownShape(expected.shape) : []),
  ];
}

/** A warning too: a word that no plan is called is legal within a major version of the scenario. */
function unknownShape(name: string): Finding[] {
  if (shapes.some((known) => known === name)) return [];
  const hint = suggestion(name, shapes, 'known');
  return [
    findingWarning('unknown-shape', ['expect', 'shape'], `no plan has the shape \`${name}\``, { suggestion: hint }),
  ];
}

/** Not to be looked at, it has no effect; alone to be looked at, it would leave out whatever is sold. */
function unknownWish(key: 'only' | 'exclude', name: string, index: number, tables: Tables): Finding {
  const path: Path = ['preferences', key, index];
  const message = `unknown value \`${name}\`: no deployment type, provider, form of purchase or model has this name`;
  const hint =
    wordMeant(path, name) ?? suggestion(name, wishNames(tables), 'known') ?? `deployment types: ${kinds.join(', ')}`;
  if (key === 'exclude')
    return findingWarning('no-effect', path, `${message}, so it has no effect`, { suggestion: hint });
  if (tables.yardstickOf.has(name))
    return findingWarning('unknown-wish', path, `nobody sells \`${name}\` on ${tables.snapshot.date}`);
  return findingError('unknown-wish', path, message, { suggestion: hint });
}

/** What somebody owns has no provider in the tables. */
const owned: ReadonlySet<string> = new Set(['on-prem', 'edge']);
const tokenSold: ReadonlySet<string> = new Set(['cloud-api', 'open-model-api']);

/** A part of an id that the tables do not have; `near`: what is most likely meant. */
type Mistake = { message: string; suggestion: string | null; near: string | null };

/** The first part of an option's id that the tables do not have, and near names; null: none; plans are told apart by their `=`. */
export function mistakeIn(id: string, tables: Tables): Mistake | null {
  if (id.includes('=')) return null;
  const [kind = '', provider = '', ...rest] = id.split('/');
  const model = rest.join('/').replace(/\+thinking$/, '');
  const told = (what: string, name: string, candidates: readonly string[]) => ({
    message: `unknown ${what} \`${name}\``,
    suggestion: suggestion(name, candidates, 'known'),
    near: nearest(name, candidates),
  });
  if (!kinds.some((known) => known === kind)) return told('deployment type', kind, kinds);
  if (owned.has(kind)) return null;
  if (!isProvider(provider, tables)) return told('provider', provider, providerNames(tables));
  if (!tokenSold.has(kind) || apiRowsNamed(tables, provider, model).length > 0) return null;
  const sold = tables.api.filter((row) => row.provider === provider).map(({ modelId }) => modelId);
  return told(`model of ${provider}`, model, sold);
}

function unknownOption(id: string, tables: Tables): Finding[] {
  const mistake = mistakeIn(id, tables);
  if (mistake === null) return [];
  const message = `${mistake.message}, so today's option is not known`;
  return [findingWarning('unknown-option', ['today', 'option'], message, { suggestion: mistake.suggestion })];
}

type Part = NonNullable<NonNullable<ScenarioTask['tokens']>['cacheablePrefix']>;
const amountOf = (part: Part): number => ('share' in part ? part.share : part).likely;
