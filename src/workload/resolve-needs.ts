import type { TaskRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { capabilityOf } from './capability-need.js';
import { contextFor } from './context-need.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import { type Boundary, boundaries, type Needs, type Sensitivity, type Target } from './workload.js';

/** What a task needs of a place, from the scenario, the task and the preset. */
export function needsOf(task: ScenarioTask, preset: TaskRow, scenario: Scenario, tables: Tables): Needs {
  const data: ScenarioData = { ...scenario.data, ...task.data };
  const sensitivity: Sensitivity = data.sensitivity ?? 'internal';
  const regimes = data.regimes ?? [];
  const target = (user: number | undefined, preset: number | null): Target | null =>
    user !== undefined ? { value: user, by: 'user' } : preset === null ? null : { value: preset, by: 'preset' };
  const presetContext = { tokens: preset.minContextTokens, input: preset.inputTokens };
  const wants = new Set(task.needs ?? []);
  const presetNeeds = [...(preset.needsTools ? ['tools'] : []), ...(preset.needsVision ? ['vision'] : [])];
  const prefix = task.tokens?.cacheablePrefix;
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
    residency: data.residency ?? [],
    agreements: agreementsOf(data),
    declared: new Set(data.declared ?? []),
    capability: capabilityOf(task, preset, tables),
    contextTokens: contextFor(presetContext, task.tokens?.input?.likely ?? presetContext.input),
    presetContext,
    modalities: wants.has('vision') || preset.needsVision ? ['text', 'image'] : ['text'],
    tools: wants.has('tools') || preset.needsTools,
    fineTuning: wants.has('fine-tuning') || scenario.needs?.fineTuning === true,
    thinkingAllowed: task.thinking === undefined ? preset.thinkingAcceptable : task.thinking === 'allowed',
    offline: scenario.needs?.offline === true,
    availability: task.availability ?? scenario.needs?.availability ?? null,
    ttftP95Ms: target(task.latency?.ttftP95Ms, preset.ttftMs),
    tokensPerSecond: target(task.latency?.tokensPerSecond, null),
    totalP95Ms: target(task.latency?.totalP95Ms, null),
  };
}

function agreementsOf({ agreements }: ScenarioData): Needs['agreements'] {
  return agreements === undefined ? null : { signed: new Set(agreements.signed), canSign: new Set(agreements.canSign) };
}

/** A task with a sensitivity of its own stays within what that allows, however far the scenario lets other data go. */
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

/** How far data may go when the scenario does not say: a contract suffices unless they must stay on the device. */
export function boundaryFor(sensitivity: Sensitivity, regimesNamed: boolean): Boundary {
  switch (sensitivity) {
    case 'device-only':
      return 'device';
    case 'regulated':
      // Named regimes say themselves what they allow; without one nothing is known, so data stay with us.
      return regimesNamed ? 'under-contract' : 'own-account';
    case 'pii':
    case 'internal':
      return 'under-contract';
    case 'public':
      return 'anywhere';
  }
}
