import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { advisedPlan } from '../../src/decide/advice.js';
import { searchByCost, severalCase } from '../../src/decide/several-case.js';
import { choose } from '../../src/decide/several-choice.js';
import { readScenario } from '../../src/workload/read.js';
import { resolve } from '../../src/workload/resolve.js';
import { cheapestIn } from '../support/cheapest.js';
import { shipped } from '../support/load.js';
import { asOf } from '../support/scenario.js';

test.each(['support-chatbot', 'regulated-hybrid'])(
  '%s: what costs too much to matter changes nothing about what does not',
  async (name) => {
    const { tables } = await shipped();
    const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
    const { scenario } = readScenario(text, { file: name, tables, set: ['preferences.objective=cost'] });
    if (scenario === null) throw new Error(name);
    const of = () => ({ tables, workload: resolve(scenario, tables, asOf) });
    const { cheapest, advised } = choose(of());
    if (cheapest === null || advised === null) throw new Error('nothing fits');
    const below = (belowUsd: number) => searchByCost(severalCase(of())).best({ belowUsd });
    for (const times of [1.000001, 1.2]) {
      const found = below(cheapest.monthlyUsd * times);
      expect(found?.usd).toBeCloseTo(cheapest.monthlyUsd, 6);
    }
    expect(below(cheapest.monthlyUsd * 0.9)).toBeNull();
    expect(cheapestIn(of())?.monthlyUsd).toBeCloseTo(cheapest.monthlyUsd, 6);
    expect(advisedPlan(of())?.id).toBe(advised.id);
    expect(advisedPlan(of(), advised.monthlyUsd * 1.05)?.id).toBe(advised.id);
  },
);
