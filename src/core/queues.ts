import type { TaskService } from '../places/placement.js';
import type { Catalog } from './catalog.js';

/** What targets on latency leave of a model on a unit: requests a second (0: nothing), on replicas of so many cards. */
export type Queue = {
  perSecond: number;
  cards: number;
  /** Of a worker: what is seen once it runs. */
  warm?: TaskService;
};

/** Queues by unit and item, as far as they were asked: they take a thousand times as long as a rate. */
export type QueueTable = ReadonlyMap<number, Queue>;

export const queueKey = ({ items }: Pick<Catalog, 'items'>, unit: number, item: number): number =>
  unit * items.count + item;
