import { replicaOn } from '../capacity/replica.js';
import { schemeSupport } from '../capacity/scheme.js';
import { ownModelAt } from '../core/catalog.js';
import { cuts } from '../core/fits.js';
import { lateBits } from '../core/latency.js';
import { bestSeen, servedBy, withinTargets } from '../places/fleet-service.js';
import type { UnitType } from '../places/fleet-units.js';
import { requestShapeOf as tokensOn } from '../places/own-weights.js';
import { type Board, forgetParts } from './board.js';
import { firstTokenOn } from './first-token.js';
import { fitKey, forget } from './fits.js';
import type { Part } from './part.js';
import type { Task } from './tasks.js';
import { workersAt } from './workers.js';

const isWorker = ({ tasks }: Board, { unit }: Part): boolean =>
  unit !== -1 && tasks.supply.offers.units.sleeps[unit] === 1;

/** Tasks of a part whose targets on latency are still unchecked on its machines. */
export function openOf({ tasks, asked }: Board, { set, unit, at, cards }: Part): number[] {
  if (unit === -1) return [];
  const cut = cuts.indexOf(cards);
  return Array.from(tasks.tasksIn[set] as readonly number[]).filter(
    (t) => (tasks.list[t] as Task).shape.timed && !asked.rates.has(fitKey(tasks.typeOf[unit] as number, at, t, cut)),
  );
}

/** Asks queues what targets on latency leave of the rates of a part. */
export function askTargets(board: Board, part: Part): void {
  const { tasks, asked, known, workers } = board;
  const { supply, list, typeOf, context } = tasks;
  const { catalog, offers } = supply;
  const { units, engines } = offers;
  const { unit, at: item, cards } = part;
  const { accelerator } = units.type[unit] as UnitType;
  const { weights, option } = ownModelAt(catalog, item);
  const engine = engines[units.engine[unit] as number] as (typeof engines)[number];
  const support = schemeSupport(weights.scheme.runsOn, accelerator.architecture, context.tables.architectures);
  const replica = replicaOn(weights, accelerator, cards, support, engine);
  const open = openOf(board, part);
  const type = typeOf[unit] as number;
  for (const t of open) {
    const { taskPart, shape } = list[t] as Task;
    const alone = shape.context;
    const key = fitKey(type, item, t, cuts.indexOf(cards));
    const tokens = tokensOn(option, taskPart, alone);
    const served = replica && servedBy(replica, tokens, taskPart, engine, alone);
    let rate = 0;
    if (served !== null && lateBits(option, taskPart, alone, bestSeen(served)) === 0) {
      const service = withinTargets(served, 1);
      // Waits for a start come with the price, as the volume decides.
      const sleeps = units.sleeps[unit] === 1;
      if (sleeps) asked.warm.set(key, service);
      rate = sleeps || lateBits(option, taskPart, alone, service) === 0 ? service.unitRequestsPerS : 0;
    }
    asked.rates.set(key, rate);
  }
  asked.opened.add(type);
  forget(tasks, asked, known, type);
  for (let one = 0; one < units.count; one++) {
    if (typeOf[one] !== type) continue;
    forgetParts(board, one);
    for (let offer = units.firstOffer[one] as number; offer < (units.firstOffer[one + 1] as number); offer++)
      for (const t of open) workers.delete(workersAt(tasks, offer, item, t));
  }
}

/**
 * Predicts first tokens under load of a plan's machines and workers where they count; returns the types of units.
 *
 * @param others parts that are added if there are any: a dearer plan hands over to these
 */
export function askFirstTokens(board: Board, parts: readonly Part[], others: () => readonly Part[]): Set<number> {
  const types = new Set(parts.flatMap((part) => askedNow(board, part)));
  if (types.size > 0) for (const part of others()) for (const type of askedNow(board, part)) types.add(type);
  const { typeOf } = board.tasks;
  for (let one = 0; one < typeOf.length; one++) if (types.has(typeOf[one] as number)) forgetParts(board, one);
  return types;
}

/** Asks the first tokens of one part; the type of its units if there were any. */
function askedNow(board: Board, part: Part): number[] {
  const { tasks, known } = board;
  const { terms } = known;
  if (terms === null || part.unit === -1 || isWorker(board, part)) return [];
  const type = tasks.typeOf[part.unit] as number;
  let isChanged = false;
  for (const t of tasks.tasksIn[part.set] as readonly number[]) {
    const key = fitKey(type, part.at, t, cuts.indexOf(part.cards));
    if (terms.waits[t] === null || terms.firstTokens.has(key)) continue;
    terms.firstTokens.set(key, firstTokenOn(board, part, t));
    isChanged = true;
  }
  return isChanged ? [type] : [];
}
