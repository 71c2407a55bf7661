import type { Row } from '../places/row.js';
import type { Part } from './parts.js';

/** Rows that ask the same of people but for how many machines they take. */
export const classOf = ({ places, staff }: Row): string =>
  `${places} ${staff.share} ${staff.site} ${staff.sites} ${staff.setup}`;

/** Of every class and set of tasks the parts that no other one undercuts in what it costs and in what people count of it. */
export class Fronts {
  readonly #byClass = new Map<string, Front[]>();

  /**
   * @param byMonth whether rules look at what a month is billed
   * @param byStart whether they look at what is paid before it works
   */
  constructor(
    readonly sets: number,
    readonly byMonth: boolean,
    readonly byStart: boolean,
  ) {}

  /** Whether something is no worse than a row can be for a set of tasks. */
  isBeaten(key: string, { billedShare, upfrontUsd }: Row, set: number, usd: number, quantity: number): boolean {
    const front = this.#byClass.get(key)?.[set] ?? [];
    return front.some(
      (one) =>
        one.quantity <= quantity && this.#isNoDearer(one.part, { usd, billedUsd: usd * billedShare, upfrontUsd }),
    );
  }

  /** @param all nothing is left out */
  put(key: string, part: Part, quantity: number, all: boolean): void {
    const sets = this.#byClass.get(key) ?? Array.from({ length: this.sets }, () => []);
    this.#byClass.set(key, sets);
    const front = sets[part.set] as Front;
    if (!all) {
      if (front.some((one) => one.quantity <= quantity && this.#isNoDearer(one.part, part))) return;
      for (let i = front.length - 1; i >= 0; i--) {
        const one = front[i] as Front[number];
        if (quantity <= one.quantity && this.#isNoDearer(part, one.part)) front.splice(i, 1);
      }
    }
    front.push({ part, quantity });
  }

  #isNoDearer(a: Spent, b: Spent): boolean {
    return (
      a.usd <= b.usd && (!this.byMonth || a.billedUsd <= b.billedUsd) && (!this.byStart || a.upfrontUsd <= b.upfrontUsd)
    );
  }

  *all(): Generator<Part> {
    for (const sets of this.#byClass.values()) for (const front of sets) for (const { part } of front) yield part;
  }
}

type Spent = Pick<Part, 'usd' | 'billedUsd' | 'upfrontUsd'>;
type Front = { part: Part; quantity: number }[];
