import type { Option } from '../places/option.js';
import type { Context } from '../places/placement.js';
import type { RegimeRow } from '../tables/rows.js';
import type { TaskPart } from '../workload/workload.js';
import { holds, type Truth } from './claims.js';
import { condition, failed, type Gate, mayRun, passed, unknown, unsaid, type Verdict } from './gate.js';
import { claimsTurn } from './turns.js';

/** The rules that apply to the data, from the compliance table; several rows combine with and. */
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
      // Every row in the way has to give way, those that are known to be first. Where one never does, nobody has to ask about others.
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

/** What the organization would have to grant for all of them; null: nothing it could say would do. */
function grantsFor(blocking: readonly { truth: Truth | null }[]): string[] | null {
  const granted = new Set<string>();
  for (const { truth } of blocking) {
    if (truth === null || truth.grants === null) return null;
    for (const token of truth.grants) granted.add(token);
  }
  return [...granted];
}

/**
 * Rows of the task's regimes for its kinds of data, reminders among them. A regime's first kind is its default; narrower kinds apply when the
 * scenario names them, and one that the regime only has reminders for lies outside its rules.
 */
export function regimeRows({ needs }: Pick<TaskPart, 'needs'>, { tables }: Context): RegimeRow[] {
  return needs.regimes.flatMap((regime) => {
    const rows = tables.regimes.filter((row) => row.regime === regime);
    const named = needs.dataKinds.filter((kind) => rows.some(({ dataKind }) => dataKind === kind));
    const outside =
      named.length > 0 && rows.every(({ dataKind, effect }) => !named.includes(dataKind) || effect === 'checklist');
    const kinds = new Set(['any', ...(outside ? [] : [rows[0]?.dataKind ?? 'any']), ...named]);
    return rows.filter(({ dataKind }) => kinds.has(dataKind));
  });
}

function checkRow(
  row: RegimeRow,
  option: Option,
  { needs }: TaskPart,
  context: Context,
): { verdict: Verdict; truth: Truth | null } {
  const need = `${row.regime}: ${row.requirement}`;
  const covers = row.allowedPlacements.includes(option.kind);
  if (row.effect === 'gate' && !covers) {
    const reason = `${row.regime} does not allow ${option.kind}`;
    return { verdict: failed(() => ({ need, have: option.kind, reason })), truth: null };
  }
  if (!covers) return { verdict: passed, truth: null };
  const truth = holds(row.condition, option, needs, context);
  const { state, missing, todos } = truth;
  const verdict = {
    passed,
    condition: condition(() => ({ need, have: 'possible', todos })),
    unknown: unknown(() => ({ need, reason: missing })),
    failed: failed(() => ({ need, have: missing, reason: `${row.regime}: ${missing}` })),
  }[state];
  return { verdict, truth };
}
