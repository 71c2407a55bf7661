import { kindOf } from '../core/apis.js';
import { ownModelAt } from '../core/catalog.js';
import { optionOf } from '../places/fleet-option.js';
import type { Option, UnitType } from '../places/option.js';
import { placementOf } from '../places/registry.js';
import type { TaskPart } from '../workload/workload.js';
import type { Part } from './apis.js';
import type { Board } from './board.js';
import type { Task } from './tasks.js';

/** Where requests are answered. */
export type Where = Pick<Part, 'kind' | 'unit' | 'offer' | 'at' | 'cards' | 'option'>;

/** The option of a part, as reports know it. */
export function optionOfPart({ tasks: { supply } }: Board, { kind, unit, offer, at, cards, option }: Where): Option {
  const { catalog, apis, offers } = supply;
  const { units, source } = offers;
  if (option !== null) return option;
  if (unit === -1) return apis.option[at] as Option;
  return optionOf(
    kindOf[kind] as (typeof kindOf)[number],
    ownModelAt(catalog, at),
    units.type[unit] as UnitType,
    source[offer] as (typeof source)[number],
    cards,
    units.copies[unit] as number,
  );
}

/** The first token of a task (p95, ms) under load; NaN: it has no price there. */
export function firstTokenOn(board: Board, where: Where, t: number): number {
  const alone = (board.tasks.list[t] as Task).shape.context;
  const taskPart = board.workload.taskParts[t] as TaskPart;
  const kind = kindOf[where.kind] as (typeof kindOf)[number];
  const here = { ...alone, workload: { ...alone.workload, requestsPerDay: taskPart.requestsPerDay } };
  const seen = placementOf(kind).service(optionOfPart(board, where), taskPart, here);
  return 'unpriced' in seen ? Number.NaN : (seen.ttftP95Ms ?? Number.NaN);
}
