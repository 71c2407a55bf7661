import { type Option, ruledKind } from '../places/option.js';
import type { Context } from '../places/placement.js';
import { regimeRows } from '../places/placement.js';
import type { RegimeRow } from '../tables/columns.js';
import { type Boundary, boundaries, type TaskPart } from '../workload/workload.js';
import { holds, type Truth } from './claims.js';
import {
  byTruth,
  claimsTurn,
  condition,
  failed,
  type Gate,
  mayRun,
  passed,
  unknown,
  unsaid,
  type Verdict,
} from './rule.js';

/** Data stay within the task's boundary. Contract terms are for the rules on agreements and retention. */
export const boundary: Gate = {
  id: 'boundary',
  level: 'provider',
  asks: ({ needs }) => needs.boundary !== 'anywhere',
  check(option, taskPart) {
    const { needs } = taskPart;
    if (needs.boundary === 'anywhere') return passed;
    const need = `data stay within ${needs.boundary}`;
    if (option.marketplace) {
      return failed(() => ({
        need,
        have: 'a machine of an unknown host',
        reason: 'on a marketplace somebody else owns the machine',
      }));
    }
    if (boundaries.indexOf(option.reach) <= boundaries.indexOf(needs.boundary)) return passed;
    // A provider under contract needs that contract.
    if (needs.boundary === 'under-contract') return passed;
    return failed(() => ({
      need,
      have: `goes to ${option.provider}`,
      reason: `data would go to ${option.provider}`,
    }));
  },
};

/** Whether a contract limits the data of a task part that go to a provider. */
const asksForContract = ({ needs }: TaskPart): boolean => needs.boundary === 'under-contract';

/** A contract under which somebody processes data for somebody else. */
const processing = 'agreement:processor';
/** The one that says no more than that. */
const plainContract = 'agreement:dpa';

/**
 * A provider of answers, endpoints or workers with personal or regulated data, or with any that the scenario itself
 * keeps under contract, needs a data processing agreement, signed or at least signable. One that a regime requires and
 * that contains as much is enough.
 */
export const agreements: Gate = {
  id: 'agreements',
  level: 'provider',
  asks: needsSigned,
  check(option, taskPart, context) {
    const { needs } = taskPart;
    if (!needsSigned(taskPart) || isNarrower(option.reach)) return passed;
    const ways = contracts(taskPart, context).map((token) => holds(token, option, needs, context));
    const isNow = (state: Truth['state']) => ways.find((way) => way.state === state);
    const found = isNow('passed') ?? isNow('condition') ?? holds(plainContract, option, needs, context);
    return byTruth(found, {
      need: isPersonal(taskPart) ? 'a contract for personal data' : 'a contract for the data',
      can: 'a contract on offer',
      turnsAt: () => claimsTurn(taskPart, found.grants),
    });
  },
};

/** Sufficient agreements, first those of the regimes, so that one suffices. */
function contracts(taskPart: TaskPart, context: Context): string[] {
  const enough = context.tables.impliedTokens.find(({ token }) => token === processing)?.impliedBy ?? [];
  const conditions = regimeRows(taskPart, context).map(({ condition }) => condition);
  const asked = enough.filter((token) => conditions.some((condition) => condition.split(/[\s()&|]+/).includes(token)));
  return [...asked, plainContract, ...enough];
}

/** Whether a signature is needed: a boundary from internal data alone needs only usual terms. */
function needsSigned(taskPart: TaskPart): boolean {
  return asksForContract(taskPart) && (taskPart.needs.boundaryGiven || isPersonal(taskPart));
}

const isPersonal = ({ needs: { sensitivity } }: TaskPart): boolean =>
  sensitivity === 'pii' || sensitivity === 'regulated';

const isNarrower = (reach: Boundary): boolean => boundaries.indexOf(reach) < boundaries.indexOf('under-contract');

/** The rules on the data, from the compliance table; all rows must hold. */
export const regimes: Gate = {
  id: 'regimes',
  level: 'provider',
  asks: ({ needs }) => needs.regimes.length > 0,
  check(option, taskPart, context) {
    const found = regimeRows(taskPart, context)
      .filter(({ effect }) => effect !== 'checklist')
      .map((row) => checkRow(row, option, taskPart, context));
    const worst = found.reduce<Verdict>((most, { verdict }) => (rank(verdict) > rank(most) ? verdict : most), passed);
    if (worst.state === 'passed') return passed;
    if (worst.state === 'condition')
      return condition(() => {
        const { need, have } = worst.why();
        return { need, have, todos: [...new Set(found.flatMap(({ verdict }) => verdict.why().todos))] };
      });
    const told = () => {
      const blocking = found.filter(({ verdict }) => !mayRun(verdict));
      const surely = blocking.filter(({ verdict }) => verdict.state === 'failed');
      // All failing rows must change, known ones first. If one never can, others need not be asked about.
      const rows =
        grantsFor(surely) === null ? surely : [...surely, ...blocking.filter((row) => !surely.includes(row))];
      const whys = rows.map(({ verdict }) => verdict.why());
      const joined = (texts: readonly string[]) => [...new Set(texts)].join('; ');
      const known = whys.map(({ have }) => have).filter((have) => have !== unsaid);
      return {
        need: joined(whys.map(({ need }) => need)),
        have: known.length > 0 ? joined(known) : unsaid,
        reason: joined(whys.map(({ reason }) => reason)),
        turnsAt: claimsTurn(taskPart, grantsFor(blocking)),
      };
    };
    return worst.state === 'unknown' ? unknown(told) : failed(told);
  },
};

const rank = ({ state }: Verdict): number => ['passed', 'condition', 'unknown', 'failed'].indexOf(state);

/** What the organization would have to grant for all; null: nothing would do. */
function grantsFor(blocking: readonly { truth: Truth | null }[]): string[] | null {
  const granted = new Set<string>();
  for (const { truth } of blocking) {
    if (truth === null || truth.grants === null) return null;
    for (const token of truth.grants) granted.add(token);
  }
  return [...granted];
}

/** Agreements that the regimes always require and the scenario, which lists some, cannot sign: as it names them. */
export function unsignable(taskPart: TaskPart, context: Pick<Context, 'tables'>): string[] {
  const { agreements } = taskPart.needs;
  if (agreements === null) return [];
  const listed = [...agreements.signed, ...agreements.canSign].map((entry) => entry.split(':')[0]);
  const asked = regimeRows(taskPart, context)
    .filter(({ effect }) => effect !== 'checklist')
    .flatMap(({ condition }) => condition.split('&'))
    .flatMap((part) => /^ *agreement:([a-z0-9-]+) *$/.exec(part)?.[1] ?? []);
  const containing = (name: string) =>
    context.tables.impliedTokens.find(({ token }) => token === `agreement:${name}`)?.impliedBy ?? [];
  return [...new Set(asked)].filter(
    (name) => !listed.includes(name) && !containing(name).some((token) => listed.includes(token.split(':')[1])),
  );
}

function checkRow(
  row: RegimeRow,
  option: Option,
  { needs }: TaskPart,
  context: Context,
): { verdict: Verdict; truth: Truth | null } {
  const need = `${row.regime}: ${row.requirement}`;
  const covers = row.allowedPlacements.includes(ruledKind(option));
  if (row.effect === 'gate' && !covers) {
    const reason = `${row.regime} does not allow ${option.kind}`;
    return { verdict: failed(() => ({ need, have: option.kind, reason })), truth: null };
  }
  if (!covers) return { verdict: passed, truth: null };
  const truth = holds(row.condition, option, needs, context);
  return { verdict: byTruth(truth, { need, can: 'possible', by: `${row.regime}: ` }), truth };
}

/** Processing stays in one of the required regions. */
export const residency: Gate = {
  id: 'residency',
  level: 'provider',
  asks: ({ needs }) => needs.residency.length > 0,
  check(option, taskPart, context) {
    const { needs } = taskPart;
    if (needs.residency.length === 0) return passed;
    const found = holds(needs.residency.map((region) => `region:${region}`).join(' | '), option, needs, context);
    return byTruth(found, {
      need: `processed in ${needs.residency.join(' or ')}`,
      can: 'possible',
      turnsAt: () => (option.kind === 'on-prem' ? { path: 'data.ownRoom', value: needs.residency[0] as string } : null),
    });
  },
};

/** A provider under contract does not train models on the data. Regimes decide how long it keeps them. */
export const retention: Gate = {
  id: 'retention',
  level: 'provider',
  asks: asksForContract,
  check(option, taskPart, context) {
    if (!asksForContract(taskPart) || option.reach !== 'anywhere') return passed;
    return byTruth(holds('option:no-training', option, taskPart.needs, context), {
      need: 'no training on the data',
      can: 'on request',
    });
  },
};

/** Works without a network: only what stands on the device or on own premises does. */
export const offline: Gate = {
  id: 'offline',
  level: 'provider',
  asks: ({ needs }) => needs.offline,
  check(option, { needs }) {
    if (!needs.offline || boundaries.indexOf(option.reach) <= boundaries.indexOf('own-premises')) return passed;
    return failed(() => ({
      need: 'works without a network',
      have: 'needs a network',
      reason: `${option.kind} needs a network`,
      turnsAt: { path: 'needs.offline', value: 'false' },
    }));
  },
};
