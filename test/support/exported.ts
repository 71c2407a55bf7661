import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import { exportPlan, type ToExport } from '../../src/export/export-plan.js';
import { type TargetName, targetNames } from '../../src/export/own-places.js';
import type { ExportFile } from '../../src/export/places.js';
import { type Place, placesOf } from '../../src/export/places.js';
import type { Context } from '../../src/places/placement.js';
import { committed, committedCase } from './committed.js';
import { adviceOn } from './committed-decisions.js';
import { tool } from './scenario.js';

/** A committed scenario with its advised plan and every file that it can be written as. */
export type Written = {
  name: string;
  context: Context;
  plan: Plan;
  places: Place[];
  exported: ToExport;
  files: ReadonlyMap<TargetName, ExportFile[]>;
};

/** What is written of a plan: every target that it has something for. */
export async function writtenAs(name: string, planId?: string, set: readonly string[] = []): Promise<Written | null> {
  const decision = await adviceOn(name);
  const id = planId ?? decision.recommendation.plan;
  if (id === null) return null;
  const context = await committedCase(name, set);
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(`${name}: ${plan}`);
  const exported: ToExport = {
    plan,
    context,
    file: `scenarios/${name}.yaml`,
    tool,
    missed: [],
    decision: () => decision,
  };
  const files = new Map<TargetName, ExportFile[]>();
  for (const target of targetNames) {
    const found = exportPlan(target, exported);
    if (found !== null) files.set(target, found);
  }
  return { name, context, plan, places: placesOf(plan, context), exported, files };
}

const known = new Map<string, Promise<Written | null>>();

/** Every committed scenario for which something is advised, decided once in a run. */
export async function allWritten(): Promise<Written[]> {
  const all: Written[] = [];
  for (const name of committed) {
    const written = known.get(name) ?? writtenAs(name);
    known.set(name, written);
    const found = await written;
    if (found !== null) all.push(found);
  }
  return all;
}

/** The files of a target over all of these, with what they were made of. */
export const filesFor = (all: readonly Written[], target: TargetName) =>
  all.flatMap((written) => (written.files.get(target) ?? []).map((file) => ({ ...file, written })));
