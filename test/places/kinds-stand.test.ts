import { beforeAll, describe, expect, test } from 'vitest';
import { advisedIn } from '../../src/decide/core-choice.js';
import { placements } from '../../src/places/registry.js';
import type { ApiRow, HostingRow, Kind } from '../../src/tables/columns.js';
import type { Tables } from '../../src/tables/tables.js';
import { resolve } from '../../src/workload/resolve.js';
import { asOf, committed, readCommitted } from '../support/committed.js';
import { shippedTables } from '../support/load.js';
import { tablesWith } from '../support/scenario.js';

/** A committed scenario, as it is or of a company that puts up no machines of its own: a desk is the cheapest place for few. */
type Standing = { name: string; set?: readonly string[] };
const rentsOnly = (name: string): Standing => ({ name, set: ['preferences.exclude=[on-prem]'] });

/** The same of a company that has tuned weights already, which no API takes. */
const ownWeights = (name: string): Standing => ({
  name,
  set: ['preferences.exclude=[on-prem, cloud-api, open-model-api]'],
});

/**
 * Scenarios whose answer is one deployment type alone, by a margin that no price list of next month takes away. A kind
 * that is registered needs one.
 */
const standing: Readonly<Partial<Record<Kind, readonly Standing[]>>> = {
  'cloud-api': [{ name: 'deal-review' }, { name: 'coding-agent' }],
  'open-model-api': [{ name: 'support-chatbot' }, { name: 'million-requests' }],
  'managed-hosting': [ownWeights('tuned-phone-line')],
  'serverless-gpu': [ownWeights('tuned-claims-letters')],
  'self-hosted-cloud': [rentsOnly('overnight-claims'), rentsOnly('small-team-documents')],
  'on-prem': [{ name: 'factory-sites' }, { name: 'owned-laptop' }],
  edge: [{ name: 'device-keyboard' }, { name: 'field-technicians' }],
};

let tables: Tables;
beforeAll(async () => {
  tables = await shippedTables();
});

/** A row with everything in it that is USD times a factor. */
function priced<Row extends object>(row: Row, factor: number): Row {
  const usd = Object.entries(row).filter(([name, value]) => /usd/i.test(name) && typeof value === 'number');
  return { ...row, ...Object.fromEntries(usd.map(([name, value]) => [name, (value as number) * factor])) };
}

const kindOfApi = ({ endpointKind, openWeights }: ApiRow): Kind =>
  endpointKind === 'open-model-host' || (endpointKind === 'cloud-marketplace' && openWeights)
    ? 'open-model-api'
    : 'cloud-api';
const kindOfHosting = ({ kind }: HostingRow): Kind => (/serverless/.test(kind) ? 'serverless-gpu' : 'managed-hosting');

/** Costs of hardware of one's own, and of devices, that stand among the parameters. */
const ownParameters: Readonly<Partial<Record<Kind, RegExp>>> = {
  'on-prem':
    /^(colocation(Retail|Wholesale|Setup)|electricity|serverChassis|serverCpu|serverRam|nodeTotal|networkingPerNode|installationOneOff|storagePerNode|rackPdu)/,
  edge: /^(edgeDeviceCostShare|mdmCost|cdnEgress)$/,
};

/** The tables with what each deployment type charges times its own factor. */
function pricedBy(factorOf: (kind: Kind) => number): Tables {
  const parameterOf = new Map(
    [...tables.parameterOf].map(([name, row]) => {
      const kinds = (Object.keys(ownParameters) as Kind[]).filter((kind) => ownParameters[kind]?.test(name));
      const factor = kinds.reduce((product, kind) => product * factorOf(kind), 1);
      return [name, { ...row, likely: row.likely * factor }] as const;
    }),
  );
  const accelerators = tables.accelerators.map((row) => priced(row, factorOf('on-prem')));
  return tablesWith(tables, {
    api: tables.api.map((row) => priced(row, factorOf(kindOfApi(row)))),
    hosting: tables.hosting.map((row) => priced(row, factorOf(kindOfHosting(row)))),
    rental: tables.rental.map((row) => priced(row, factorOf('self-hosted-cloud'))),
    accelerators,
    acceleratorOf: new Map(accelerators.map((row) => [row.accelerator, row])),
    parameterOf,
  });
}

async function kindsAdvised({ name, set }: Standing, list: Tables): Promise<Kind[]> {
  const context = { tables: list, workload: resolve(await readCommitted(name, set), list, asOf) };
  return [...new Set(advisedIn(context)?.deployments.map(({ option }) => option.kind))];
}

test('every deployment type that is registered has a scenario that it wins, and the scenarios are there', () => {
  expect(placements.map(({ kind }) => kind).filter((kind) => (standing[kind] ?? []).length === 0)).toEqual([]);
  expect(
    Object.values(standing)
      .flat()
      .filter(({ name }) => !committed.includes(name)),
  ).toEqual([]);
});

const registered = placements.flatMap(({ kind }) => (standing[kind] ?? []).map((one) => ({ kind, ...one })));
describe.each(registered)('$name', ({ kind, ...one }) => {
  test(`runs on ${kind} alone`, async () => {
    expect(await kindsAdvised(one, tables)).toEqual([kind]);
  });

  test('still does when that costs 10 % more and all else 10 % less', async () => {
    expect(
      await kindsAdvised(
        one,
        pricedBy((other) => (other === kind ? 1.1 : 0.9)),
      ),
    ).toEqual([kind]);
  });
});
