import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { at, type CostLine, isUnpriced, traceOf } from '../../src/cost/curve.js';
import { lookAt } from '../../src/decide/option-report.js';
import { type Plan, planOf, unitsOf } from '../../src/decide/plan.js';
import { choose } from '../../src/decide/several-choice.js';
import { traced } from '../../src/formula/traced.js';
import { buildsOf } from '../../src/places/fleet-option.js';
import { onPrem, ownedUnits, ownMarket } from '../../src/places/own-hardware.js';
import type { Context } from '../../src/places/placement.js';
import { holds } from '../../src/rules/claims.js';
import type { AcceleratorRow } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { recomputed } from '../support/recomputed.js';
import { caseOf, type Written } from '../support/scenario.js';

const block = z.record(z.string(), z.unknown()).optional();
const cases = casesIn('on-prem', {
  rules: {
    ...{ why: z.string(), site: z.enum(['own-room', 'colocation']), region: z.enum(['us', 'eea']) },
    ...{ data: block, needs: block, expected: z.array(z.string()) },
  },
  claims: { claim: z.string(), room: z.string(), colocation: z.string() },
  builds: { name: z.string(), expected: z.array(z.string()) },
});

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

const flat = (volume: string, workload: object = {}, blocks: object = {}): Written => ({
  workload: { volume, profile: 'flat', ...workload },
  tasks: [{ name: 'only', type: 'faq-chat', tokens: { input: 1000, output: 200 } }],
  ...blocks,
});
const server = 'on-prem/own-room/llama-3.1-8b@fp8/8xh100-sxm-80gb/us/bought';
const rack = server.replace('own-room', 'colocation');
const mac = 'on-prem/own-room/llama-3.1-8b@gguf-q4_k_m/1xapple-m4-max-64gb/us/bought';
const macs = (count: number) => ({ existing: [{ accelerator: 'apple-m4-max-64gb', count }] });
const ownedMac = mac.replace('bought', 'owned');

function priced(id: string, context: Context): Plan {
  const option = onPrem.lookUp(id, context);
  if (option === null) throw new Error(`no ${id}`);
  const plan = planOf([{ option, taskParts: context.workload.taskParts }], context);
  if (isUnpriced(plan)) throw new Error(plan.unpriced);
  return plan;
}
function parts(plan: Plan, { workload }: Context): Record<string, number> {
  const lines = [...plan.deployments.flatMap((one) => one.lines), ...plan.shared];
  return Object.fromEntries(lines.map(({ part, curve }) => [part, at(curve, workload.requestsPerDay)]));
}
const upfront = (plan: Plan, part: string): number =>
  plan.deployments
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + (line.part === part ? line.upfront : 0), 0);
/** Seconds that a machine is busy with one request. */
function busySeconds(id: string, context: Context): number {
  const option = onPrem.lookUp(id, context);
  const [taskPart] = context.workload.taskParts;
  const seen = option && taskPart ? onPrem.service(option, taskPart, context) : null;
  if (seen === null || isUnpriced(seen)) throw new Error(`no service on ${id}`);
  return 1 / (seen.unitRequestsPerS as number);
}

const perMonth = (1000 * 730) / 24;
const rate = 1.09 ** (1 / 12) - 1;
const crf = (months: number) => rate / (1 - (1 + rate) ** -months);

describe('a server of eight cards in a room of its owner, by hand: one and a spare', () => {
  const machine = 8 * 30_000 + 60_000;
  const price = (machine + 6000 + 8000) * 1.05 + 5000;
  const kw = (8 * 700 * 1.45) / 1000;
  const idleKw = (8 * 120 * 1.45) / 1000;
  const busyKw = (8 * 700 * 0.65 * 1.45) / 1000;

  test('every component, over twelve months', async () => {
    const context = await caseOf(flat('1000 requests/day'));
    const plan = priced(server, context);
    const resale = machine * 0.3 ** (12 / 36);
    const expected = {
      'capital.purchase': (2 * (price - resale)) / 12,
      'capital.interest': 2 * ((price - resale) * (crf(12) - 1 / 12) + resale * rate),
      'other.site-setup': (2 * kw * (1800 + 1500)) / 12,
      'power.idle': 2 * idleKw * 1.8 * 0.12 * 730,
      'other.space': (2 * kw * 150) / 17,
      'other.beyond-room': (2 * kw - 15) * 275,
      'other.maintenance': (2 * machine * 0.08) / 12,
      'other.insurance': (2 * machine * 0.008) / 12,
      'other.license': 0,
      'other.observability': 2 * 25,
      'power.work': (busyKw - idleKw) * 1.8 * ((perMonth * busySeconds(server, context)) / 3600) * 0.12,
      // Weights of one's own 0.15, two servers as machines 0.06 and in a room 0.10, both x 2^0.6 = 1.516: 0.3925 FTE.
      'people.run': ((0.15 + (0.06 + 0.1) * 2 ** 0.6) * 200_000) / 12,
      'people.setup': ((8 / 52) * 200_000) / 12,
    };
    const found = parts(plan, context);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [part, usd] of Object.entries(expected)) expect(found[part], part).toBeCloseTo(usd, 6);
    expect(plan.upfrontUsd).toBeCloseTo(2 * price + 2 * kw * 3300 + (8 / 52) * 200_000, 6);
  });

  test('in a colocation: space by the kilowatt, another PUE, a line out, no fittings', async () => {
    const context = await caseOf(flat('1000 requests/day'));
    const found = parts(priced(rack, context), context);
    expect(found['other.colocation']).toBeCloseTo(2 * kw * 275, 6);
    expect(found['other.site-setup']).toBeCloseTo((2 * (kw / 17) * 2500) / 12, 6);
    expect(found['power.idle']).toBeCloseTo(2 * idleKw * 1.5 * 0.12 * 730, 6);
    expect(found['network.transit']).toBeCloseTo((1000 / 86_400) * 200 * 30 * 8e-6 * 1.5 * 0.5, 9);
    expect(found['other.space']).toBeUndefined();
  });

  test('no power on top where the price of the space includes it', async () => {
    const context = await caseOf(flat('1000 requests/day', {}, { assumptions: { colocationPowerMeteredShare: 0 } }));
    expect(parts(priced(rack, context), context)['power.idle']).toBe(0);
    expect(parts(priced(server, context), context)['power.idle']).toBeGreaterThan(0);
  });

  test('over sixty months it is bought again after its four years, and the last one sold after one', async () => {
    const context = await caseOf(flat('1000 requests/day', { horizon: '60 months' }));
    const found = parts(priced(server, context), context);
    const resale = machine * 0.3 ** (12 / 36);
    expect(found['capital.purchase']).toBeCloseTo((2 * (2 * price - resale)) / 60, 6);
    const first = price * crf(48) * 48 - price;
    const last = ((price - resale) * crf(12) + resale * rate) * 12 - (price - resale);
    expect(found['capital.interest']).toBeCloseTo((2 * (first + last)) / 60, 6);
    expect(upfront(priced(server, context), 'capital.purchase')).toBeCloseTo(2 * price, 6);
  });

  test('in Europe: its electricity, in a region of its own', async () => {
    const context = await caseOf(flat('1000 requests/day', {}, { data: { residency: ['eu'] } }));
    const found = parts(priced(server.replace('/us/', '/eea/'), context), context);
    expect(found['power.idle']).toBeCloseTo(2 * idleKw * 1.8 * 0.2 * 730, 6);
    expect(onPrem.lookUp(server, context)).toBeNull();
  });
});

describe('a machine for a desk', () => {
  test('no spare, no rack, no contract: capital, power, repairs and insurance', async () => {
    const context = await caseOf(flat('100 requests/day'));
    const found = parts(priced(mac, context), context);
    const price = 2900 * 1.05;
    const resale = 2900 * 0.45 ** (12 / 36);
    expect(found['capital.purchase']).toBeCloseTo((price - resale) / 12, 6);
    expect(found['power.idle']).toBeCloseTo(0.008 * 1.05 * 0.12 * 730, 6);
    expect(found['other.repair']).toBeCloseTo((2900 * 0.06) / 12, 6);
    expect(found['other.insurance']).toBeCloseTo((2900 * 0.008) / 12, 6);
    expect(found['people.run']).toBeCloseTo((0.03 * 200_000) / 12, 6); // 500 USD: a box for a team takes no base
    expect(found['people.setup']).toBeCloseTo(((0.5 / 52) * 200_000) / 12, 6);
    expect(Object.keys(found).filter((part) => /site|maintenance|observability|license/.test(part))).toEqual([]);
  });

  test('each of them takes its share of a person', async () => {
    const one = await caseOf(flat('100 requests/day'));
    const many = await caseOf(flat('200k requests/day'));
    const units = Math.round(upfront(priced(mac, many), 'capital.purchase') / (2900 * 1.05));
    expect(units).toBeGreaterThan(5);
    expect(priced(mac, one).fte).toBeCloseTo(0.03, 12);
    // From 50,000 requests a day on they are run like servers. Nine: 0.174 + 0.374 FTE.
    expect(priced(mac, many).fte).toBeCloseTo(0.03 * units ** 0.8 + 0.15 + 0.06 * units ** 0.6, 9);
  });
});

describe('what is owned already is sunk', () => {
  test('it pays power, upkeep and people, and no purchase', async () => {
    const context = await caseOf(flat('100 requests/day', {}, macs(1)));
    const found = parts(priced(ownedMac, context), context);
    const bought = parts(priced(mac, context), context);
    expect(found['capital.purchase']).toBe(0);
    expect(found['capital.interest']).toBe(0);
    for (const part of ['power.idle', 'power.work', 'other.repair', 'other.insurance', 'people.setup'])
      expect(found[part], part).toBeCloseTo(bought[part] as number, 9);
    expect(upfront(priced(ownedMac, context), 'capital.purchase')).toBe(0);
  });

  test('beyond it machines are bought', async () => {
    const all = await caseOf(flat('200k requests/day', {}, macs(1)));
    const three = await caseOf(flat('200k requests/day', {}, macs(3)));
    const one = (2900 * 1.05 - 2900 * 0.45 ** (12 / 36)) / 12;
    const bought = parts(priced(mac, all), all)['capital.purchase'] as number;
    expect(parts(priced(ownedMac, all), all)['capital.purchase']).toBeCloseTo(bought - one, 6);
    expect(parts(priced(ownedMac, three), three)['capital.purchase']).toBeCloseTo(bought - 3 * one, 6);
    expect(upfront(priced(ownedMac, three), 'capital.purchase')).toBeCloseTo(
      upfront(priced(mac, three), 'capital.purchase') - 3 * 2900 * 1.05,
      6,
    );
  });

  const modules = async (count: number, sites: number) =>
    ownedUnits(
      await caseOf(flat('100 requests/day', { sites }, { existing: [{ accelerator: 'h100-sxm-80gb', count }] })),
    )
      .flatMap(({ offers }) => offers)
      .filter(({ instance }) => instance.endsWith('xh100-sxm-80gb'));
  const owned = async (count: number, sites: number) =>
    (await modules(count, sites))
      .filter(({ purchase }) => purchase === 'owned')
      .map(({ instance, owned, provider }) => [instance, owned, provider]);

  test('cards fill whole machines only, at every site', async () => {
    expect(await owned(15, 1)).toEqual([['8xh100-sxm-80gb', 1, 'own-room']]);
    expect(await owned(7, 8)).toEqual([]);
  });

  test('modules that fill no board of eight stand on boards of four, which are not on sale', async () => {
    expect(await owned(4, 1)).toEqual([['4xh100-sxm-80gb', 1, 'own-room']]);
    expect(await owned(15, 2)).toEqual([['4xh100-sxm-80gb', 1, 'own-room']]);
    // Of three the nearest class below is a board of two.
    expect(await owned(3, 1)).toEqual([['2xh100-sxm-80gb', 1, 'own-room']]);
    expect(await owned(1, 1)).toEqual([['1xh100-sxm-80gb', 1, 'own-room']]);
    for (const count of [3, 4, 8])
      for (const { instance, purchase } of await modules(count, 1))
        if (purchase === 'bought') expect(instance).toBe('8xh100-sxm-80gb');
  });

  test('cards that are owned serve without a spare to be bought, unless more is asked than one machine answers', async () => {
    const id = server.replace('8x', '2x').replace('bought', 'owned');
    const with2 = (needs: object) =>
      flat('100 requests/day', {}, { existing: [{ accelerator: 'h100-sxm-80gb', count: 2 }], ...needs });
    const [alone, standby] = [await caseOf(with2({})), await caseOf(with2({ needs: { availability: '99.9%' } }))];
    expect(upfront(priced(id, alone), 'capital.purchase')).toBe(0);
    // One of its kind more: a spare.
    expect(upfront(priced(id, standby), 'capital.purchase')).toBeGreaterThan(0);
  });

  test('a board of four that is owned serves, and what is bought to it has a chassis of its own', async () => {
    const blocks = { existing: [{ accelerator: 'a100-sxm-80gb', count: 4 }], data: { boundary: 'own-premises' } };
    const context = await caseOf(flat('100 requests/day', {}, blocks));
    const unit = ownedUnits(context).find(({ offers }) =>
      offers.some(({ instance }) => instance === '4xa100-sxm-80gb'),
    );
    const [offer] = unit?.offers.filter(({ purchase }) => purchase === 'owned') ?? [];
    if (unit === undefined || offer === undefined) throw new Error('no board of four');
    expect(offer.rates?.usdPerHour).toBeGreaterThan(0);
    const only = { preferences: { only: ['on-prem', 'owned'] }, assumptions: { spareReplicas: 0, spareShare: 0 } };
    const alone = await caseOf(flat('200k requests/day', {}, { ...blocks, ...only }));
    expect(
      choose(alone).advised?.deployments.map(({ option }) => [option.purchase, option.fleet?.offer.instance]),
    ).toEqual([['owned', '4xa100-sxm-80gb']]);
  });

  test('two deployments of a plan do not count on the same machine', async () => {
    const written: Written = {
      workload: { volume: '200 requests/day' },
      // Each alone needs another model for its language of work, on the one machine that there is.
      tasks: [
        { name: 'easy', type: 'classification', share: '50%' },
        { name: 'hard', type: 'complex-reasoning', share: '50%', thinking: 'allowed' },
      ],
      data: { boundary: 'own-premises' },
      ...macs(1),
    };
    const { cheapest, kinds } = choose(await caseOf(written));
    for (const plan of [cheapest, ...kinds.map((one) => one.plan)]) {
      const owned = plan?.deployments.filter(({ option }) => option.purchase === 'owned') ?? [];
      expect(new Set(owned.map(({ option }) => option.hardware)).size).toBe(owned.length);
    }
  });
});

describe('sites that work on their own', () => {
  test('a machine at each: twice the bill of one with half the work, people and set-up apart', async () => {
    const two = await caseOf(flat('1000 requests/day', { sites: 2 }));
    const one = await caseOf(flat('500 requests/day'));
    const [pair, single] = [parts(priced(server, two), two), parts(priced(server, one), one)];
    for (const part of Object.keys(single).filter((name) => !name.startsWith('people'))) {
      expect(pair[part], part).toBeCloseTo(2 * (single[part] as number), 6);
    }
    expect(priced(server, two).upfrontUsd - priced(server, one).upfrontUsd).toBeCloseTo(
      2 * upfront(priced(server, one), 'capital.purchase') -
        upfront(priced(server, one), 'capital.purchase') +
        upfront(priced(server, one), 'other.site-setup') +
        // A week at the second one.
        200_000 / 52,
      6,
    );
  });

  test('divide the work: what six serve together, one serves with a sixth of it', async () => {
    const six = await caseOf(flat('600k requests/day', { sites: 6 }));
    const one = await caseOf(flat('100k requests/day'));
    expect(parts(priced(mac, six), six)['capital.purchase']).toBeCloseTo(
      6 * (parts(priced(mac, one), one)['capital.purchase'] as number),
      6,
    );
  });
});

describe('rules', () => {
  test('money up front: the purchase counts', async () => {
    const plan = priced(server, await caseOf(flat('1000 requests/day')));
    // Eight weeks of people who set it up are wages, not cash for things.
    const cash = plan.upfrontUsd - (8 / 52) * 200_000;
    expect(cash).toBeGreaterThan(600_000);
    for (const [budget, may] of [
      [cash + 1, true],
      [cash - 1, false],
    ] as const) {
      const context = await caseOf(flat('1000 requests/day', {}, { budget: { upfront: budget } }));
      const option = onPrem.lookUp(server, context);
      if (option === null) throw new Error(`no ${server}`);
      expect(lookAt(option, context).verdicts.some(({ gate }) => gate === 'budget')).toBe(!may);
    }
  });

  const failedOn = async (id: string, blocks: object) => {
    const context = await caseOf(flat('1000 requests/day', {}, blocks));
    const option = onPrem.lookUp(id, context);
    if (option === null) throw new Error(`no ${id}`);
    return lookAt(option, context)
      .verdicts.filter(({ gate }) => ['boundary', 'regimes', 'residency', 'offline'].includes(gate))
      .map(({ gate, verdict }) => `${gate} ${verdict.state}`);
  };
  test.each(cases.rules)('$why', async ({ site, region, data, needs, expected }) => {
    const id = (site === 'own-room' ? server : rack).replace('/us/', `/${region}/`);
    const blocks = { ...(data && { data }), ...(needs && { needs }) };
    expect(await failedOn(id, blocks)).toEqual(expected);
  });
});

describe('claims about machines of one’s own', () => {
  test.each(cases.claims)(
    '$claim: $room in the own room, $colocation in a colocation',
    async ({ claim, room, colocation }) => {
      const context = await caseOf(flat('1000 requests/day'));
      const [taskPart] = context.workload.taskParts;
      const states = [server, rack].map((id) => {
        const option = onPrem.lookUp(id, context);
        return option && taskPart && holds(claim, option, taskPart.needs, context).state;
      });
      expect(states).toEqual([room, colocation]);
    },
  );
});

describe('machines that can be bought', () => {
  const of = (name: string): AcceleratorRow => {
    const row = tables.acceleratorOf.get(name);
    if (row === undefined) throw new Error(`no ${name}`);
    return row;
  };
  test.each(cases.builds)('$name: $expected', ({ name, expected }) => {
    const builds = buildsOf(of(name)).filter(({ ownedOnly }) => !ownedOnly);
    expect(builds.map(({ gpus, desk }) => `${gpus}${desk ? ' desk' : ''}`)).toEqual(expected);
  });

  test('every component is what its leaves make, and an idle power that is not known is a share of the rated one', async () => {
    const known = await caseOf(flat('100 requests/day'));
    const [taskPart] = known.workload.taskParts;
    for (const unit of ownedUnits(known)) {
      for (const offer of unit.offers) {
        const costs = ownMarket.costs({ offer, unit, diskGb: 0 }, known, traced);
        for (const { amount } of [...costs.unitHour, ...(taskPart ? costs.request(taskPart, 2) : [])])
          expect(recomputed(amount)).toBeCloseTo(amount.value, 12);
      }
    }
    const h100 = { ...of('h100-sxm-80gb'), idleW: null };
    const [offer] = ownedUnits(known).find(({ accelerator }) => accelerator.row === h100.row)?.offers ?? [];
    if (offer === undefined) throw new Error('no H100 on sale');
    const fresh = await caseOf(flat('100 requests/day'));
    const bought = { offer: { ...offer, provider: 'own-room' }, unit: { accelerator: h100, gpus: 8 }, diskGb: 0 };
    const idle = ownMarket.costs(bought, fresh, traced).unitHour.find(({ working }) => working.id === 'power.idle');
    expect(idle?.amount.value).toBeCloseTo(((8 * 0.3 * 700 * 1.45) / 1000) * 1.8 * 0.12, 9);
  });

  test('a room of one’s own carries 15 kW; beyond it a kW costs what it does in a colocation, and nothing jumps', async () => {
    const desk = 'on-prem/own-room/llama-3.1-8b@fp8/4xrtx-5090-32gb/us/bought';
    const bills = [];
    for (const volume of [1, 5, 10, 20, 40, 80, 160].map((millions) => `${millions}M requests/day`)) {
      const context = await caseOf(flat(volume));
      const plan = priced(desk, context);
      const units = unitsOf(plan.deployments[0] as Plan['deployments'][number], context.workload.requestsPerDay);
      const line = plan.deployments[0]?.lines.find(({ part }) => part === 'other.beyond-room') as CostLine;
      bills.push({ units, usd: at(line.curve, context.workload.requestsPerDay) });
      // 4 cards of 575 W, 1.45 times for the machine: 3.335 kW.
      expect(at(line.curve, context.workload.requestsPerDay)).toBeCloseTo(Math.max(0, units * 3.335 - 15) * 275, 6);
      const traced = traceOf(line, context.workload.requestsPerDay);
      expect(recomputed(traced)).toBeCloseTo(at(line.curve, context.workload.requestsPerDay), 6);
    }
    expect(bills.some(({ usd }) => usd === 0) && bills.some(({ usd }) => usd > 0)).toBe(true);
    // A server pays for racks and cooling from the first, and for a feed beyond the same 15 kW; at a colocation by the kW.
    const h100 = await caseOf(flat('1B requests/day'));
    const machines = unitsOf(priced(server, h100).deployments[0] as Plan['deployments'][number], 1e9);
    expect(parts(priced(server, h100), h100)['other.beyond-room']).toBeCloseTo((machines * 8.12 - 15) * 275, 4);
    expect(parts(priced(rack, h100), h100)).not.toHaveProperty('other.beyond-room');
    // Where no price of a colocation is known, that of the US stands in.
    const japan = await caseOf(flat('160M requests/day', {}, { data: { residency: ['jp'] } }));
    const there = priced(desk.replace('/us/', '/jp/'), japan);
    expect(parts(there, japan)['other.beyond-room']).toBeCloseTo(bills.at(-1)?.usd as number, 6);
  });
});

describe('whatever the figures', () => {
  const costOf = async (assumptions: object, profile: unknown = 'flat', volume = '5k requests/day') => {
    const context = await caseOf(flat(volume, { profile, horizon: '36 months' }, { assumptions }));
    return priced(server, context).monthlyUsd;
  };
  test('more that is left of the price never costs more', async () => {
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    await fc.assert(
      fc.asyncProperty(share, share, async (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const dear = await costOf({ residualValueAfter3y: less });
        const cheap = await costOf({ residualValueAfter3y: more });
        expect(cheap).toBeLessThanOrEqual(dear * (1 + 1e-12));
      }),
      { numRuns: 15 },
    );
  });

  test('a flat load never costs more than a peaky one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 1, max: 20, noNaN: true }),
        fc.integer({ min: 1, max: 50_000 }),
        async (peakToMean, k) => {
          const [even, peaky] = [
            await costOf({}, 'flat', `${k}k requests/day`),
            await costOf({}, { peakToMean }, `${k}k requests/day`),
          ];
          expect(even).toBeLessThanOrEqual(peaky * (1 + 1e-9));
        },
      ),
      { numRuns: 15 },
    );
  });
});
