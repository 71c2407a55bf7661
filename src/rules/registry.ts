import { agreements } from './agreements.js';
import { availability } from './availability.js';
import { available } from './available.js';
import { boundary } from './boundary.js';
import { budget } from './budget.js';
import { capability } from './capability.js';
import { context } from './context.js';
import { desk } from './desk.js';
import { deskParts } from './desk-parts.js';
import { devices } from './devices.js';
import { fineTuning } from './fine-tuning.js';
import type { Gate } from './gate.js';
import { interruption } from './interruption.js';
import { launch } from './launch.js';
import { license } from './license.js';
import { modality } from './modality.js';
import { offline } from './offline.js';
import { ownedOnce } from './owned-once.js';
import { places } from './places.js';
import type { PlanGate } from './plan-gate.js';
import { preferences } from './preferences.js';
import { rateLimits } from './rate-limits.js';
import { regimes } from './regimes.js';
import { residency } from './residency.js';
import { retention } from './retention.js';
import { speed } from './speed.js';
import { team } from './team.js';
import { tools } from './tools.js';
import { totalTime } from './total-time.js';
import { ttft } from './ttft.js';

/** Rules about a task part on an option, in the order in which rejections are counted. */
export const gates: readonly Gate[] = [
  preferences,
  available,
  license,
  boundary,
  agreements,
  retention,
  regimes,
  residency,
  fineTuning,
  launch,
  modality,
  tools,
  context,
  capability,
  ttft,
  speed,
  totalTime,
  offline,
  interruption,
  availability,
  devices,
  desk,
];

/** Rules about a whole plan, after all others. */
export const planGates: readonly PlanGate[] = [team, budget, rateLimits, places, ownedOnce, deskParts];

/** Rules about the data: what they ask for is signed, arranged or declared before any data flow. */
export const dataGates: ReadonlySet<string> = new Set(
  [boundary, agreements, retention, regimes, residency].map(({ id }) => id),
);

export const gateOrder: readonly string[] = [...gates.map(({ id }) => id), ...planGates.map(({ id }) => id)];
