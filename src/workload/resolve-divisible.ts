import type { TaskRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { capabilityOf } from './capability-need.js';
import { needsOf } from './resolve-needs.js';
import type { Scenario, ScenarioData, ScenarioTask } from './schema.js';
import type { CapabilityNeed, Divisible, Needs } from './workload.js';

/** What the user says of the parts of a task, with what each of them needs; null: nothing. */
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
});

/** What a model needs before it is tuned to the task. */
function lessBy(gain: number, { need, low, high }: CapabilityNeed): CapabilityNeed {
  const less = (index: number) => Math.max(0, index - gain);
  return { need: less(need), low: less(low), high: less(high), text: `${less(need).toFixed(1)} (before tuning)` };
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
 * What redaction needs beside what its preset does: it reads what the task reads, under the task's rules for data, and as
 * much of the time as the task, whether they are written there or for all. It is not the model that is to be tuned.
 */
function redactorNeeds(own: Needs, task: Needs): Needs {
  const { contextTokens, presetContext } = own.contextTokens < task.contextTokens ? task : own;
  const { data, boundary, sensitivity, availability } = task.written;
  return {
    ...own,
    ...dataNeeds(task),
    written: { ...own.written, data, boundary, sensitivity, availability, fineTuningForAll: false },
    availability: task.availability,
    modalities: [...new Set([...own.modalities, ...task.modalities])],
    contextTokens,
    presetContext,
    fineTuning: false,
  };
}

/** Where data may go, as the task's own rules say. */
const dataNeeds = ({
  sensitivity,
  boundary,
  boundaryGiven,
  dataKinds,
  regimes,
  residency,
  agreements,
  declared,
}: Needs): Partial<Needs> => ({
  sensitivity,
  boundary,
  boundaryGiven,
  dataKinds,
  regimes,
  residency,
  agreements,
  declared,
});

/** Rules that hold of all data, how sensitive they are or not. */
export const ofAllData = ['residency', 'agreements', 'declared'] as const;

/**
 * Rules for data beside those of the scenario, or of a task in parts: where they may be processed and what is agreed holds for
 * all data, how sensitive they are and which regimes apply does not.
 */
export const dataBeside = (common: ScenarioData | undefined, own: ScenarioData | undefined): ScenarioData => ({
  ...Object.fromEntries(ofAllData.flatMap((field) => (common?.[field] ? [[field, common[field]]] : []))),
  ...own,
});
