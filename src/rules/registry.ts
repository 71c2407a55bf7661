import { agreements, boundary, offline, regimes, residency, retention } from './data.js';
import { capability, context, license, madeFor, modality, tools } from './model.js';
import { devices, modelWishes, places, preferences } from './place.js';
import type { Gate, PlanGate } from './rule.js';
import { availability, available, interruption, rateLimits, speed, totalTime, ttft } from './service.js';
import { budget, fineTuning, launch, ownedOnce, team } from './tuning.js';

/** Rules on a task part on an option, in the order of counted rejections. */
export const gates: readonly Gate[] = [
  preferences,
  modelWishes,
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
  madeFor,
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
];

/** Rules about a whole plan, after all others. */
export const planGates: readonly PlanGate[] = [team, budget, rateLimits, places, ownedOnce];

/** Rules on the data: requirements are signed, arranged or declared before any data flow. */
export const dataGates: ReadonlySet<string> = new Set(
  [boundary, agreements, retention, regimes, residency].map(({ id }) => id),
);

/** Of these the rules that only a looser one would meet; never suggested for loosening. */
export const neverLoosened: ReadonlySet<string> = new Set([boundary, retention, residency].map(({ id }) => id));

export const gateOrder: readonly string[] = [...gates.map(({ id }) => id), ...planGates.map(({ id }) => id)];
