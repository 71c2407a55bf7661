import { type Finding, findingError } from './finding.js';
import { effectiveShares, shareTolerance } from './rescale-shares.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import { taskNames } from './task-names.js';
import type { Path } from './tree.js';
import { type Boundary, boundaries } from './workload.js';

/** Fields that cannot hold together, whatever the tables say. */
export function contradictions(scenario: Scenario): Finding[] {
  return [
    ...sharesOf(scenario.tasks),
    ...scenario.tasks.flatMap((task, index) => ofTask(task, ['tasks', index], scenario)),
    ...repeatedNames(scenario.tasks),
    ...usersWithoutRequests(scenario),
    ...ofData(scenario.data, ['data']),
    ...ofData(scenario.development?.data, ['development', 'data']),
    ...ofDevices(scenario),
    ...ofPreferences(scenario),
    ...ofMeasured(scenario),
  ];
}

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
      suggestion: 'for example requestsPerUser: 8',
      uses: [['workload', 'requestsPerUser']],
    },
  );

/** How far data of a sensitivity may go at most. */
export const widest: Record<NonNullable<ScenarioData['sensitivity']>, Boundary> = {
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
      suggestion: `${limit} or stricter, or another sensitivity`,
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
