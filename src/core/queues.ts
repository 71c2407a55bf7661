import type { TaskService } from '../places/placement.js';
import type { Admitted } from './admitted.js';

/** What targets on latency leave of a model on a machine, in requests a second; 0: nothing. */
export type Queue = {
  perSecond: number;
  cards: number;
  /** Of a worker: what is seen once it runs. */
  warm?: TaskService;
};

/** Queues by machine and item, as far as computed. */
export type QueueTable = ReadonlyMap<number, Queue>;

/** The key of a model on a unit, shared by machines of equal capacity. */
export const queueKey = (
  { offers, catalog }: Pick<Admitted, 'offers' | 'catalog'>,
  unit: number,
  item: number,
): number => (offers.units.machine[unit] as number) * catalog.items.count + item;

/** The key of a first token under load: a machine's model and cut; for workers also offer and volume. */
export type FirstTokenKey = number | string;
