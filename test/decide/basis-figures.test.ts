import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { basisOf } from '../../src/decide/basis.js';
import { choose } from '../../src/decide/several-choice.js';
import { readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { shipped } from '../support/load.js';

/** What bills are made of is told once, so it must be the same in all of them: what a table says, and nothing worked out. */

test.each(['evening-peaks', 'factory-sites', 'ministry-letters'])(
  '%s: a parameter in the basis has its own value',
  async (name) => {
    const { tables, prose } = await shipped();
    const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
    const { scenario } = readScenario(text, { file: `${name}.yaml`, tables });
    if (scenario === null) throw new Error(name);
    const context = { workload: resolve(scenario, tables, '2026-11-20'), tables };
    const plans = choose(context).kinds.flatMap(({ plan }) => plan ?? []);
    const rows = basisOf(plans, context, scenario, prose).filter(({ table }) =>
      ['assumptions', 'owning'].includes(table),
    );
    expect(rows.map(({ row }) => row)).toContain('costOfCapital');
    for (const { row, value } of rows)
      expect([row, value]).toEqual([row, expect.closeTo(tables.parameterOf.get(row)?.likely ?? Number.NaN, 9)]);
  },
);
