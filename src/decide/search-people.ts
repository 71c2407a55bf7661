import { fteOf, fteUsdPerMonth, type Staff, setupUsd, staffingOf } from '../cost/people.js';
import { type Candidate, staffedBy } from '../placements/candidate.js';
import type { Demand } from '../scenario/demand.js';

/** What a set of deployments asks of people: FTE, USD of setting up a month, and USD a month of both. */
export type People = { fte: number; setupUsd: number; usd: number };

/** One deployment: how it asks of people, its provider (null: one of several), its units and their GPUs. */
export type Asking = { staffing: number; provider: string | null; units: number; gpus: number };

/** People of sets of deployments; each set that asks the same is worked out once. */
export type PeopleOf = {
  /** Equal for candidates that ask the same but for GPUs and providers. */
  staffing: readonly number[];
  of(deployments: readonly Asking[]): People;
};

type Parts = ReturnType<typeof staffedBy>;

/** GPUs are handed over one by one: they differ among candidates that are alike in all else. */
const alike = (staff: Staff): Staff => ({ ...staff, gpusPerUnit: 0 });

const texts = new WeakMap<Staff, string>();

/** What tells ways to ask of people apart: one object stands for thousands of candidates. */
function withoutGpus(staff: Staff): string {
  const text = texts.get(staff) ?? JSON.stringify(alike(staff));
  texts.set(staff, text);
  return text;
}

export function peopleOf(candidates: readonly Candidate[], demand: Demand): PeopleOf {
  const ids = new Map<string, number>();
  const parts: Parts[] = [];
  const perUnit: boolean[] = [];
  const asksApi: boolean[] = [];
  const staffing = candidates.map((candidate) => {
    const own = staffedBy(candidate, 0);
    let key = `${candidate.kind} ${candidate.second?.candidate.kind}`;
    for (let i = 0; i < own.length; i++) {
      const { provider, staff } = own[i] as Parts[number];
      key += ` ${i === 0 ? '' : provider} ${withoutGpus(staff)}`;
    }
    let id = ids.get(key);
    if (id === undefined) {
      id = ids.size;
      ids.set(key, id);
      parts.push(own.map((part, i) => ({ ...part, ...(i === 0 && { provider: '' }), staff: alike(part.staff) })));
      perUnit.push(candidate.staff.role?.perUnit === true);
      asksApi.push(candidate.staff.api);
    }
    return id;
  });
  const known = new Map<string, People>();
  return {
    staffing,
    of(deployments) {
      let key = '';
      let gpus = 0;
      for (const one of deployments) {
        gpus += one.gpus;
        key += `${one.staffing}`;
        if (asksApi[one.staffing]) key += `@${one.provider}`;
        if (perUnit[one.staffing]) key += `x${one.units}`;
        key += ' ';
      }
      key += gpus;
      let people = known.get(key);
      if (people === undefined) {
        people = work(deployments, gpus);
        known.set(key, people);
      }
      return people;
    },
  };

  function work(deployments: readonly Asking[], gpus: number): People {
    // Of a provider that is not known yet one can only say that it may be one that is there already.
    const asked = deployments.flatMap((one) =>
      (parts[one.staffing] as Parts).map((part, i) =>
        i === 0 ? { ...part, provider: one.provider, units: one.units } : part,
      ),
    );
    const some = asked.find(({ staff, provider }) => staff.api && provider !== null)?.provider ?? '';
    const all = staffingOf(asked.map((part) => ({ ...part, provider: part.provider ?? some })));
    const fte = fteOf({ ...all, gpus }, demand.assume);
    const setup = setupUsd(all, demand) / demand.months;
    return { fte, setupUsd: setup, usd: setup + fteUsdPerMonth(fte, demand) };
  }
}
