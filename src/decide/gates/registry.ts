import { availability } from './availability.js';
import { available } from './available.js';
import { boundary } from './boundary.js';
import { budget } from './budget.js';
import { capability } from './capability.js';
import { context } from './context.js';
import { desk } from './desk.js';
import { devices } from './devices.js';
import { fineTuning } from './fine-tuning.js';
import type { Gate } from './gate.js';
import { interruption } from './interruption.js';
import { latency } from './latency.js';
import { modality } from './modality.js';
import { offline } from './offline.js';
import type { PlanGate } from './plan-gate.js';
import { preferences } from './preferences.js';
import { regimes } from './regimes.js';
import { residency } from './residency.js';
import { team } from './team.js';

/** Rules about a slice on an option, in the order in which rejections are counted. */
export const gates: readonly Gate[] = [
  preferences,
  available,
  boundary,
  regimes,
  residency,
  fineTuning,
  modality,
  context,
  capability,
  latency,
  offline,
  interruption,
  availability,
  devices,
  desk,
];

/** Rules about a whole plan, after all others. */
export const planGates: readonly PlanGate[] = [team, budget];

export const gateOrder: readonly string[] = [...gates.map(({ id }) => id), ...planGates.map(({ id }) => id)];
