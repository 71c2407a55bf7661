import { expect, test } from 'vitest';
import { basisOf } from '../../src/decide/basis.js';
import { choose } from '../../src/decide/several-choice.js';
import { committedCase, readCommitted } from '../support/committed.js';
import { shipped } from '../support/load.js';

/** What bills are made of is told once, so it must be the same in all of them: what a table says, and nothing worked out. */

test.each(['evening-peaks', 'factory-sites', 'ministry-letters'])(
  '%s: a parameter in the basis has its own value',
  async (name) => {
    const { prose } = await shipped();
    const context = await committedCase(name);
    const { tables } = context;
    const plans = choose(context).kinds.flatMap(({ plan }) => plan ?? []);
    const rows = basisOf(plans, context, await readCommitted(name), prose).filter(({ table }) =>
      ['assumptions', 'owning'].includes(table),
    );
    expect(rows.map(({ row }) => row)).toContain('costOfCapital');
    for (const { row, value } of rows)
      expect([row, value]).toEqual([row, expect.closeTo(tables.parameterOf.get(row)?.likely ?? Number.NaN, 9)]);
  },
);
