import { kinds } from '../tables/column.js';
import { apiRowsNamed } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import { nearest, suggestion } from '../units/problem.js';
import { effectiveShares, shareTolerance } from './conversation.js';
import { type Finding, type Findings, findingError, findingWarning } from './issues.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import { taskNames } from './set.js';
import type { Path } from './source.js';
import { facetOf, isProvider, providerNames, wishNames } from './source.js';
import { type Boundary, boundaries, shapes } from './workload.js';
import { wordMeant } from './wrong-guesses.js';

/** Fields that cannot hold together, whatever the tables say. */
export function* contradictions(scenario: Scenario): Findings {
  const { tasks, workload, data, development, measured = [] } = scenario;
  yield* sharesOf(tasks);
  for (const [index, task] of tasks.entries()) yield* ofTask(task, ['tasks', index], scenario);
  const names = tasks.map(({ name }) => name);
  for (const [index, name] of names.entries())
    if (name !== undefined && names.indexOf(name) < index)
      yield findingError('duplicate-task-name', ['tasks', index, 'name'], `an earlier task is also named \`${name}\``);
  yield* ofUsers(workload.volume, ['workload', 'volume'], scenario);
  yield* ofPeriods(scenario);
  yield* ofData(data, ['data']);
  yield* ofData(development?.data, ['development', 'data']);
  yield* ofDevices(scenario);
  yield* ofPreferences(scenario);
  for (const [index, { model, accelerator }] of measured.entries()) {
    const first = measured.findIndex((other) => other.model === model && other.accelerator === accelerator);
    const message = `${model} on ${accelerator} stands here twice: give one figure, or a range`;
    if (first < index)
      yield findingError('measured-twice', ['measured', index], message, { uses: [['measured', first]] });
  }
}

/** A volume without a period is that of a job; one with a period is not. */
function* ofPeriods({ workload, tasks }: Scenario): Findings {
  const { once = false } = workload;
  for (const [index, { volume }] of [workload, ...tasks].entries()) {
    const path = index === 0 ? ['workload', 'volume'] : ['tasks', index - 1, 'volume'];
    if (volume === undefined || (volume.of === 'users' && !once)) continue;
    if (volume.of !== 'users' && once === (volume.per === null) && !(once && index > 0)) continue;
    if (once)
      yield findingError('once-with-period', path, jobVolume(volume), {
        suggestion: 'write `workload: {volume: 1M requests, once: true}`',
      });
    else {
      const people = volume.noun === undefined ? '' : '; for people `requestsPerUser: 10`';
      const suggestion = `for a job that ends write \`once: true\` in the workload${people}`;
      yield findingError('no-period', path, 'say how often, as in /day or per month', { suggestion });
    }
  }
  for (const [name, value] of Object.entries({ growth: workload.growth, horizon: workload.horizonMonths }))
    if (once && value !== undefined) {
      const message = `a job that ends has no ${name}: leave it out`;
      yield findingError('once-with-period', ['workload', name], message, { on: 'key' });
    }
}

const jobVolume = ({ of }: Scenario['workload']['volume']): string =>
  of === 'users'
    ? 'a job that ends is counted in requests, not in people'
    : 'a job that ends has one volume without a period';

const percent = (share: number) => `${Number((share * 100).toFixed(2))}%`;
const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function* sharesOf(tasks: readonly ScenarioTask[]): Findings {
  if (effectiveShares(tasks.map(({ share, volume }) => ({ share: share ?? null, ownVolume: volume !== undefined }))))
    return;
  const names = taskNames(tasks);
  const without = tasks.flatMap(({ share, volume }, index) => (volume || share ? [] : [names[index]]));
  const sum = percent(sumOf(tasks.flatMap(({ share, volume }) => (share && !volume ? [share.likely] : []))));
  const uses = tasks.flatMap((_, index) => ['share', 'volume'].map((key) => ['tasks', index, key]));
  const [code, message] =
    without.length > 1
      ? ['missing-share', `${without.join(', ')} lack a share: give each one, all but one, or none at all`]
      : without.length === 1
        ? ['shares-sum', `the shares of the other tasks sum to ${sum}, which leaves nothing for ${without[0]}`]
        : [
            'shares-sum',
            `the shares of tasks without their own volume sum to ${sum}, not 100% (within ${percent(shareTolerance)})`,
          ];
  yield findingError(code, ['tasks'], message, { on: 'key', uses });
}

function* ofTask(
  { share, volume, tokens, latency, thinking, capability, data, sensitive }: ScenarioTask,
  at: Path,
  scenario: Scenario,
): Findings {
  // A task's boundary is checked against its own sensitivity, or the scenario's.
  const sensitivity = data?.sensitivity ?? scenario.data?.sensitivity;
  yield* ofData({ ...data, sensitivity }, [...at, 'data'], data?.sensitivity ? [...at, 'data'] : ['data']);
  yield* ofData(sensitive?.rest, [...at, 'sensitive', 'rest']);
  yield* ofData(sensitive?.redaction?.leaves, [...at, 'sensitive', 'redaction', 'leaves']);
  if (share && volume)
    yield findingError('share-and-volume', [...at, 'volume'], 'a task has a share or its own volume, not both');
  const { cacheablePrefix: prefix, sessionPrefix: own, input } = tokens ?? {};
  if (prefix && !('share' in prefix) && input && prefix.likely > input.likely) {
    const message = `the cacheable prefix (${prefix.likely}) is longer than the whole input (${input.likely})`;
    const uses = [[...at, 'tokens', 'input']];
    yield findingError('prefix-over-input', [...at, 'tokens', 'cacheablePrefix'], message, { uses });
  }
  if (prefix && own && amountOf(own) > amountOf(prefix) && 'share' in prefix === 'share' in own) {
    const message = 'the prefix of the session is part of the cacheable prefix, and longer than it';
    const uses = [[...at, 'tokens', 'cacheablePrefix']];
    yield findingError('session-over-prefix', [...at, 'tokens', 'sessionPrefix'], message, { uses });
  }
  const { ttftP95Ms = 0, totalP95Ms = Number.POSITIVE_INFINITY } = latency ?? {};
  if (ttftP95Ms > totalP95Ms) {
    const message = `the first token may take ${ttftP95Ms} ms, the whole answer only ${totalP95Ms} ms`;
    yield findingError('latency-contradiction', [...at, 'latency', 'totalP95'], message);
  }
  if (thinking === 'forbidden' && capability && 'atLeast' in capability && capability.atLeast.endsWith('+thinking')) {
    const message = 'thinking is forbidden, and the capability asked for is that of a thinking mode';
    yield findingError('thinking-contradiction', [...at, 'capability', 'atLeast'], message);
  }
  yield* ofUsers(volume, [...at, 'volume'], scenario);
}

function* ofUsers(volume: ScenarioTask['volume'], at: Path, { workload }: Scenario): Findings {
  if (volume?.of !== 'users' || workload.requestsPerUser) return;
  const message = 'a volume in users needs workload.requestsPerUser, requests per user and day';
  const suggestion = 'write `requestsPerUser: 8` in the workload, or a volume such as `50k requests/day`';
  yield findingError('missing-requests-per-user', at, message, { suggestion, uses: [['workload', 'requestsPerUser']] });
}

/** How far data of a sensitivity may go at most. */
const widest: Record<NonNullable<ScenarioData['sensitivity']>, Boundary> = {
  'device-only': 'device',
  regulated: 'under-contract',
  pii: 'under-contract',
  internal: 'under-contract',
  public: 'anywhere',
};

/** @param from where its sensitivity is written */
function* ofData(data: ScenarioData | undefined, at: Path, from: Path = at): Findings {
  if (!data?.sensitivity || !data.boundary) return;
  const limit = widest[data.sensitivity];
  if (boundaries.indexOf(data.boundary) <= boundaries.indexOf(limit)) return;
  const message = `the boundary ${data.boundary} is wider than ${data.sensitivity} data allows`;
  const more = { suggestion: `${limit} or stricter`, uses: [[...from, 'sensitivity']] };
  yield findingError('boundary-contradiction', [...at, 'boundary'], message, more);
}

function* ofDevices({ devices }: Scenario): Findings {
  const sum = sumOf(Object.values(devices?.classes ?? {}));
  const message = `the shares of the device classes sum to ${percent(sum)}`;
  if (sum > 1 + shareTolerance) yield findingError('shares-sum', ['devices', 'classes'], message, { on: 'key' });
}

function* ofPreferences({ preferences: { exclude = [], only = [], include = [] } = {} }: Scenario): Findings {
  for (const [index, name] of exclude.entries()) {
    const other = only.includes(name) ? 'only' : include.includes(name) ? 'include' : null;
    const path = ['preferences', 'exclude', index];
    if (other) yield findingError('preference-contradiction', path, `\`${name}\` is also under ${other}`);
  }
}

/** What may be added to the default options. */
const includable = ['marketplace', 'spot'];

/**
 * Unknown names under `preferences`, in `today.option` and `expect.shape`. Warnings, as offers differ between snapshots
 * and a scenario is read with each; an error under `only`, except for a later model.
 *
 * @param tables with the scenario's own prices in them: those may be of providers of its own
 */
export function* unknownWishes({ preferences, today, expect: expected }: Scenario, tables: Tables): Findings {
  for (const key of ['only', 'exclude'] as const)
    for (const [index, name] of (preferences?.[key] ?? []).entries()) {
      const facet = facetOf(name, tables);
      const message = `\`${name}\` is a second place, which may be under exclude alone, so it has no effect`;
      if (facet === null) yield unknownWish(key, name, index, tables);
      else if (facet === 'shape' && key === 'only')
        yield findingWarning('no-effect', ['preferences', key, index], message);
    }
  for (const [index, name] of (preferences?.include ?? []).entries()) {
    if (includable.includes(name)) continue;
    const message = `\`${name}\` adds nothing to what is considered, so it has no effect`;
    const hint = suggestion(name, includable, 'known');
    yield findingWarning('no-effect', ['preferences', 'include', index], message, { suggestion: hint });
  }
  const mistake = today ? mistakeIn(today.option, tables) : null;
  if (mistake !== null) {
    const message = `${mistake.message}, so today's option is not known`;
    yield findingWarning('unknown-option', ['today', 'option'], message, { suggestion: mistake.suggestion });
  }
  // A warning too: any word is legal within a major version of the scenario.
  const shape = expected?.shape;
  if (shape === undefined || shapes.some((known) => known === shape)) return;
  const hint = suggestion(shape, shapes, 'known');
  yield findingWarning('unknown-shape', ['expect', 'shape'], `no plan has the shape \`${shape}\``, {
    suggestion: hint,
  });
}

/** An unknown name to exclude has no effect; as the only one it would exclude all that is sold. */
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

/** The first part of an option's id missing in the tables, and near names; null: none; a plan has a `=`. */
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

type Part = NonNullable<NonNullable<ScenarioTask['tokens']>['cacheablePrefix']>;
const amountOf = (part: Part): number => ('share' in part ? part.share : part).likely;
