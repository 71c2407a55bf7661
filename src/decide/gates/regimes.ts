import type { Option } from '../../placements/option.js';
import type { Case } from '../../placements/placement.js';
import type { Needs, Slice } from '../../scenario/demand.js';
import type { RegimeRow } from '../../tables/rows.js';
import { holds } from './claims.js';
import { condition, failed, type Gate, passed, unknown, type Verdict } from './gate.js';

/** The rules that apply to the data, from the compliance table; several rows combine with and. */
export const regimes: Gate = {
  id: 'regimes',
  level: 'provider',
  check(option, slice, of) {
    let worst: Verdict = passed;
    const conditions: Verdict[] = [];
    for (const row of regimeRows(slice, of)) {
      if (row.effect === 'checklist') continue;
      const verdict = checkRow(row, option, slice.needs, of);
      if (verdict.state === 'condition') conditions.push(verdict);
      if (rank(verdict) > rank(worst)) worst = verdict;
    }
    if (worst.state !== 'condition') return worst;
    const { need, have } = worst.why();
    return condition(() => ({
      need,
      have,
      todo: [...new Set(conditions.map(({ why }) => why().todo ?? ''))].join('; '),
    }));
  },
};

const rank = ({ state }: Verdict): number => ['passed', 'condition', 'unknown', 'failed'].indexOf(state);

/**
 * Rows of the task's regimes for its kinds of data, reminders among them. A regime's first kind is its default; narrower kinds apply when the
 * scenario names them, and one that the regime only has reminders for lies outside its rules.
 */
export function regimeRows({ needs }: Pick<Slice, 'needs'>, { tables }: Case): RegimeRow[] {
  return needs.regimes.flatMap((regime) => {
    const rows = tables.regimes.filter((row) => row.regime === regime);
    const named = needs.dataKinds.filter((kind) => rows.some(({ dataKind }) => dataKind === kind));
    const outside =
      named.length > 0 && rows.every(({ dataKind, effect }) => !named.includes(dataKind) || effect === 'checklist');
    const kinds = new Set(['any', ...(outside ? [] : [rows[0]?.dataKind ?? 'any']), ...named]);
    return rows.filter(({ dataKind }) => kinds.has(dataKind));
  });
}

function checkRow(row: RegimeRow, option: Option, needs: Needs, of: Case): Verdict {
  const need = `${row.regime}: ${row.requirement}`;
  const covers = row.allowedPlacements.includes(option.kind);
  if (row.effect === 'gate' && !covers)
    return failed(() => ({ need, have: option.kind, reason: `${row.regime} does not allow ${option.kind}` }));
  if (!covers) return passed;
  const found = holds(row.condition, option, needs, of);
  if (found.state === 'passed') return passed;
  if (found.state === 'condition') return condition(() => ({ need, have: 'possible', todo: found.todos.join('; ') }));
  if (found.state === 'unknown') return unknown(() => ({ need, reason: found.missing }));
  return failed(() => ({ need, have: found.missing, reason: `${row.regime}: ${found.missing}` }));
}
