import { expect, test } from 'vitest';
import { betterQuality } from '../../src/decide/better-quality.js';
import type { Plan } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { committedCase } from '../support/committed.js';

/** On the devices models of a higher index are less sure, by a wider band, or better by tenths alone. */
test.each(['redacted-claims', 'device-keyboard'])(
  '%s: from the plan advised on no step is less sure than the one before, or its equal in what is shown',
  async (name) => {
    const context = await committedCase(name);
    const { advised } = choose(context);
    const rows = betterQuality(advised as Plan, context);
    if (rows.length > 0) expect(rows[0]).toMatchObject({ plan: advised?.id, paysFrom: null });
    // In whole points, as they are shown.
    const shown = rows.map(({ capability, goodEnough }) =>
      [Math.round(capability), Math.round(100 * (goodEnough ?? 0))].join(),
    );
    expect(new Set(shown).size).toBe(rows.length);
    for (const [i, row] of rows.slice(1).entries()) {
      const before = rows[i] as (typeof rows)[number];
      const [sure, least] = [row, before].map(({ goodEnough }) => Math.min(0.99, goodEnough ?? 0)) as [number, number];
      expect(sure).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      expect(row.failedShare).toBeLessThan(before.failedShare);
      expect(row.paysFrom as number).toBeGreaterThanOrEqual(before.paysFrom ?? 0);
    }
  },
);
