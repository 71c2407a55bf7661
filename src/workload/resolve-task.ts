import { kinds } from '../tables/column.js';
import type { RegimeRow, TaskRow } from '../tables/columns.js';
import { regimeNamed } from '../tables/query.js';
import type { Tables } from '../tables/tables.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import {
  type Boundary,
  boundaries,
  type CapabilityNeed,
  contextFor,
  type Divisible,
  type Needs,
  type Sensitivity,
  type Target,
} from './workload.js';

const fixed = (need: number, text: string, assumed = false): CapabilityNeed => ({
  need,
  low: need,
  high: need,
  text: `${need.toFixed(1)} (${text})`,
  assumed,
});

/** The capability a task needs, on the index's scale: the user's, else the preset's likely floor with its band. */
export function capabilityOf(task: ScenarioTask, preset: TaskRow, tables: Tables): CapabilityNeed {
  const asked = task.capability;
  if (asked === undefined) {
    const { minIndexLow: low, minIndexLikely: need, minIndexHigh: high } = preset;
    return { need, low, high, text: `${need} (usual for ${preset.task})`, assumed: true };
  }
  if ('minIndex' in asked) {
    const { likely, range } = asked.minIndex;
    return { need: likely, low: range?.low ?? likely, high: range?.high ?? likely, text: `${likely}`, assumed: false };
  }
  if ('tier' in asked) {
    const from = tables.tiers.find(({ name }) => name === asked.tier)?.fromIndex ?? 0;
    return fixed(Math.max(from, preset.minIndexLow), `tier ${asked.tier}`, true);
  }
  if ('relative' in asked) {
    const onSale = new Set(tables.api.map(({ family }) => family));
    const best = tables.capability.reduce(
      (most, { family, index }) => (onSale.has(family) ? Math.max(most, index) : most),
      0,
    );
    return fixed(asked.relative.likely * best, `${asked.relative.likely * 100} % of the best on sale`);
  }
  const family = asked.atLeast.replace(/\+thinking$/, '');
  const row = tables.yardstickOf.get(family);
  const isThinking = family !== asked.atLeast || (row?.indexStandard ?? null) === null;
  const index = isThinking ? row?.indexThinking : row?.indexStandard;
  const how = isThinking ? 'thinking' : 'without thinking';
  return {
    ...fixed(index ?? row?.index ?? 0, `at least ${family}, ${how}`),
    named: { family, mode: isThinking ? 'thinking' : 'standard' },
  };
}

/** What a task needs of a place, from the scenario, the task and the preset. */
export function needsOf(task: ScenarioTask, preset: TaskRow, scenario: Scenario, tables: Tables): Needs {
  const data: ScenarioData = { ...scenario.data, ...task.data };
  const sensitivity: Sensitivity = data.sensitivity ?? 'internal';
  const own = (data.ownRegimes ?? []).map(regimeOf);
  const named = (data.regimes ?? []).map((name) => regimeNamed(tables, name) ?? name);
  const regimes = [...named, ...own.map(({ regime }) => regime)];
  const target = (user: number | undefined, preset: number | null): Target | null =>
    user !== undefined ? { value: user, by: 'user' } : preset === null ? null : { value: preset, by: 'preset' };
  const presetContext = { tokens: preset.minContextTokens, input: preset.inputTokens };
  const wants = new Set(task.needs ?? []);
  const presetNeeds = [...(preset.needsTools ? ['tools'] : []), ...(preset.needsVision ? ['vision'] : [])];
  const prefix = task.tokens?.cacheablePrefix;
  const capability = capabilityOf(task, preset, tables);
  const anyTtft = task.latency?.anyTtft === true;
  return {
    written: {
      data: new Set(Object.keys(task.data ?? {})),
      boundary: data.boundary ?? null,
      sensitivity: data.sensitivity !== undefined,
      needs: task.needs ?? [],
      presetNeeds,
      capability: task.capability === undefined ? null : (Object.keys(task.capability)[0] ?? null),
      availability: task.availability !== undefined,
      fineTuningForAll: scenario.needs?.fineTuning === true,
      prefixTokens: prefix === undefined || 'share' in prefix ? null : prefix.likely,
    },
    sensitivity,
    ...boundaryOf(task.data, data, boundaryFor(sensitivity, regimes.length > 0)),
    dataKinds: data.kinds ?? [],
    regimes,
    ownRegimes: own,
    residency: data.residency ?? [],
    agreements: agreementsOf(data),
    declared: new Set(data.declared ?? []),
    capability,
    contextTokens: contextFor(presetContext, task.tokens?.input?.likely ?? presetContext.input),
    presetContext,
    modalities: [
      'text',
      ...(wants.has('vision') || preset.needsVision ? ['image'] : []),
      ...(task.tokens?.audioSeconds ? ['audio'] : []),
    ],
    tools: wants.has('tools') || preset.needsTools,
    madeFor: preset.madeFor,
    fineTuning: wants.has('fine-tuning') || scenario.needs?.fineTuning === true,
    // A need that names a model's thinking mode allows thinking.
    thinkingAllowed:
      task.thinking === undefined
        ? preset.thinkingAcceptable || capability.named?.mode === 'thinking'
        : task.thinking === 'allowed',
    offline: scenario.needs?.offline === true,
    availability: task.availability ?? scenario.needs?.availability ?? null,
    ttftP95Ms: anyTtft ? null : target(task.latency?.ttftP95Ms, preset.ttftMs),
    presetTtftP95Ms: anyTtft || task.latency?.ttftP95Ms !== undefined ? null : preset.ttftMs,
    tokensPerSecond: target(task.latency?.tokensPerSecond, null),
    totalP95Ms: target(task.latency?.totalP95Ms, null),
  };
}

/** A rule of the user's as a row of the compliance table: required deployment types and claims of a place. */
const regimeOf = ({ name, requires = '', only }: NonNullable<ScenarioData['ownRegimes']>[number]): RegimeRow => ({
  row: -1,
  confidence: 'high',
  regime: name,
  aliases: [],
  dataKind: 'any',
  requirement: requires === '' ? 'a rule of your own' : requires,
  effect: 'gate',
  allowedPlacements: only ?? [...kinds],
  condition: requires,
});

function agreementsOf({ agreements }: ScenarioData): Needs['agreements'] {
  return agreements === undefined ? null : { signed: new Set(agreements.signed), canSign: new Set(agreements.canSign) };
}

/** A task with its own sensitivity stays within what that allows, whatever the scenario's boundary. */
function boundaryOf(
  own: ScenarioData | undefined,
  { boundary }: ScenarioData,
  fallback: Boundary,
): Pick<Needs, 'boundary' | 'boundaryGiven'> {
  if (boundary === undefined) return { boundary: fallback, boundaryGiven: false };
  const narrowed =
    own?.sensitivity !== undefined &&
    own.boundary === undefined &&
    boundaries.indexOf(fallback) < boundaries.indexOf(boundary);
  return narrowed ? { boundary: fallback, boundaryGiven: false } : { boundary, boundaryGiven: true };
}

/** Default data boundary: under contract unless the data must stay on the device. */
export function boundaryFor(sensitivity: Sensitivity, regimesNamed: boolean): Boundary {
  switch (sensitivity) {
    case 'device-only':
      return 'device';
    case 'regulated':
      // Named regimes say what they allow; without one data stay in the own account.
      return regimesNamed ? 'under-contract' : 'own-account';
    case 'pii':
    case 'internal':
      return 'under-contract';
    case 'public':
      return 'anywhere';
  }
}

/** The user's parts of a task, with the needs of each; null: none. */
export function divisibleOf(
  task: ScenarioTask,
  preset: TaskRow,
  needs: Needs,
  scenario: Scenario,
  tables: Tables,
  assume: (name: string) => number,
): Divisible | null {
  const { easy, sensitive, tuned } = task;
  if (!easy && !sensitive && !tuned) return null;
  return {
    ...(easy && {
      easy: {
        share: easy.share.likely,
        capability: easy.capability
          ? capabilityOf({ ...task, capability: easy.capability }, preset, tables)
          : low(preset),
        told: easy.told ?? 'after',
      },
    }),
    ...(sensitive && { sensitive: sensitiveOf(sensitive, task, preset, needs, scenario, tables) }),
    ...(tuned && {
      tuned: {
        needs: {
          ...needs,
          fineTuning: true,
          capability: tuned.capability
            ? capabilityOf({ ...task, capability: tuned.capability }, preset, tables)
            : lessBy(assume('distilledIndexGain'), needs.capability),
        },
        usd: tuned.costUsd?.likely ?? assume('distillationUsd'),
      },
    }),
  };
}

const low = ({ task, minIndexLow: need }: TaskRow): CapabilityNeed => ({
  need,
  low: need,
  high: need,
  text: `${need} (low floor of ${task})`,
  assumed: true,
});

/** What a model needs before it is tuned to the task. */
function lessBy(gain: number, { need, low, high, assumed }: CapabilityNeed): CapabilityNeed {
  const less = (index: number) => Math.max(0, index - gain);
  return {
    need: less(need),
    low: less(low),
    high: less(high),
    text: `${less(need).toFixed(1)} (before tuning)`,
    assumed,
  };
}

function sensitiveOf(
  { share, rest, redaction }: NonNullable<ScenarioTask['sensitive']>,
  task: ScenarioTask,
  preset: TaskRow,
  needs: Needs,
  scenario: Scenario,
  tables: Tables,
): NonNullable<Divisible['sensitive']> {
  const { data: own, ...other } = task;
  const under = (data: ScenarioData | undefined): Needs => {
    const beside = dataBeside({ ...scenario.data, ...own }, data);
    const found = needsOf(other, preset, { ...scenario, data: beside }, tables);
    // What the task says for all its requests would be changed there.
    const ofTask = ofAllData.filter((field) => own?.[field] !== undefined && data?.[field] === undefined);
    return { ...found, written: { ...found.written, data: new Set([...found.written.data, ...ofTask]) } };
  };
  const redactor = redaction && tables.taskOf.get(redaction.type);
  return {
    share: share.likely,
    rest: under(rest),
    ...(redaction &&
      redactor && {
        redaction: {
          needs: redactorNeeds(needsOf({ type: redactor.task }, redactor, scenario, tables), needs),
          leaves: under(redaction.leaves ?? rest),
        },
      }),
  };
}

/**
 * Needs of redaction beyond its preset: the task's input, data rules and availability, wherever written. Not the model
 * to be tuned.
 */
function redactorNeeds(own: Needs, task: Needs): Needs {
  const { contextTokens, presetContext } = own.contextTokens < task.contextTokens ? task : own;
  const { data, boundary, sensitivity, availability } = task.written;
  return {
    ...own,
    ...(Object.fromEntries(ofData.map((field) => [field, task[field]])) as Pick<Needs, (typeof ofData)[number]>),
    written: { ...own.written, data, boundary, sensitivity, availability, fineTuningForAll: false },
    availability: task.availability,
    modalities: [...new Set([...own.modalities, ...task.modalities])],
    contextTokens,
    presetContext,
    fineTuning: false,
  };
}

/** Fields that say where data may go. */
const ofData = [
  ...(['sensitivity', 'boundary', 'boundaryGiven', 'dataKinds', 'regimes', 'ownRegimes'] as const),
  ...(['residency', 'agreements', 'declared'] as const),
] as const;

/** Rules that hold of all data, how sensitive they are or not. */
export const ofAllData = ['residency', 'agreements', 'declared'] as const;

/**
 * Data rules on top of the scenario's, or of a task in parts: regions and agreements hold for all data, sensitivity and
 * regimes do not.
 */
export const dataBeside = (common: ScenarioData | undefined, own: ScenarioData | undefined): ScenarioData => ({
  ...Object.fromEntries(ofAllData.flatMap((field) => (common?.[field] ? [[field, common[field]]] : []))),
  ...own,
});
