import { fteOf, fteUsdPerMonth, type Staff, setupUsd, staffingOf } from '../cost/people.js';
import { type Candidate, staffedBy } from '../places/candidate.js';
import type { Workload } from '../workload/workload.js';

/** What a set of deployments asks of people: FTE, USD of setting up a month, and USD a month of both. */
export type People = { fte: number; setupUsd: number; usd: number };

/** One deployment: how it asks of people, its provider, its units and their GPUs. */
export type Asking = { staffing: number; provider: string; units: number; gpus: number };

/** People of sets of deployments; each set that asks the same is worked out once. */
export class PeopleTable {
  readonly #ids = new Map<string, number>();
  readonly #parts: Parts[] = [];
  readonly #perUnit: boolean[] = [];
  readonly #asksApi: boolean[] = [];
  readonly #texts = new Map<Staff, string>();
  readonly #known = new Map<string, People>();

  constructor(readonly workload: Workload) {}

  /** A number that is equal for candidates that ask the same but for GPUs and providers. */
  staffingOf(candidate: Staffed): number {
    let key = `${candidate.kind} ${this.#withoutGpus(candidate.staff)}`;
    const { second } = candidate;
    if (second !== undefined)
      key += ` ${second.candidate.kind} ${second.candidate.provider} ${this.#withoutGpus(second.candidate.staff)}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(key, id);
      this.#parts.push(
        staffedBy(candidate, 0).map((part, i) => ({
          ...part,
          ...(i === 0 && { provider: '' }),
          staff: alike(part.staff),
        })),
      );
      this.#perUnit.push(candidate.staff.role?.perUnit === true);
      this.#asksApi.push(candidate.staff.api);
    }
    return id;
  }

  of(deployments: readonly Asking[]): People {
    let key = '';
    let gpus = 0;
    for (const one of deployments) {
      gpus += one.gpus;
      key += one.staffing;
      if (this.#asksApi[one.staffing]) key += `@${one.provider}`;
      if (this.#perUnit[one.staffing]) key += `x${one.units}`;
      key += ' ';
    }
    key += gpus;
    let people = this.#known.get(key);
    if (people === undefined) {
      people = this.#work(deployments, gpus);
      this.#known.set(key, people);
    }
    return people;
  }

  #work(deployments: readonly Asking[], gpus: number): People {
    const asked = deployments.flatMap((one) =>
      (this.#parts[one.staffing] as Parts).map((part, i) =>
        i === 0 ? { ...part, provider: one.provider, units: one.units } : part,
      ),
    );
    const all = staffingOf(asked);
    const fte = fteOf({ ...all, gpus }, this.workload.assume);
    const setup = setupUsd(all, this.workload) / this.workload.months;
    return { fte, setupUsd: setup, usd: setup + fteUsdPerMonth(fte, this.workload) };
  }

  #withoutGpus(staff: Staff): string {
    const text = this.#texts.get(staff) ?? JSON.stringify(alike(staff));
    this.#texts.set(staff, text);
    return text;
  }
}

type Staffed = Pick<Candidate, 'kind' | 'provider' | 'staff' | 'second'>;
type Parts = ReturnType<typeof staffedBy>;

/** GPUs are handed over one by one: they differ among candidates that are alike in all else. */
const alike = (staff: Staff): Staff => ({ ...staff, gpusPerUnit: 0 });
