import { expect, test } from 'vitest';
import { checklistOf } from '../../src/analyses/guidance.js';
import type { Reviewed } from '../../src/decide/review.js';
import type { Context } from '../../src/places/placement.js';
import type { RegimeRow } from '../../src/tables/columns.js';
import type { Origin } from '../../src/tables/tables.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, namedPlan, tablesWith } from '../support/scenario.js';

/** What has to be seen to, by rules of which a test writes the rows: whose it is, and where it is from. */

const row = (
  number: number,
  regime: string,
  effect: RegimeRow['effect'],
  allowedPlacements: RegimeRow['allowedPlacements'],
  dataKind = 'any',
): RegimeRow =>
  ({
    row: number,
    confidence: 'high',
    regime,
    aliases: [],
    dataKind,
    requirement: `see to ${number}`,
    effect,
    allowedPlacements,
    condition: '',
  }) as unknown as RegimeRow;

const tables = tablesWith(fewRows(await shippedTables()), {
  regimes: [
    row(1, 'gdpr', 'condition', ['cloud-api', 'self-hosted-cloud']),
    row(2, 'gdpr', 'checklist', ['cloud-api']),
    row(3, 'gdpr', 'checklist', ['self-hosted-cloud']),
    row(4, 'gdpr', 'condition', ['edge']),
    row(5, 'hipaa', 'checklist', ['cloud-api']),
    row(6, 'self-hosted-security', 'checklist', ['self-hosted-cloud', 'on-prem']),
    row(7, 'self-hosted-security', 'checklist', ['edge', 'cloud-api']),
    row(8, 'self-hosted-security', 'checklist', ['on-prem']),
  ],
});

const mini = 'cloud-api/openai/gpt-5-mini';
const haiku = 'cloud-api/azure/claude-haiku-4-5';
const rented = 'self-hosted-cloud/aws/qwen3-4b@bf16/g6.xlarge/us-east-1/on-demand';
const own = 'on-prem/own-room/qwen3-4b@bf16/1xl4-24gb/us/bought';
const scenario = (regimes: string[] = []): Promise<Context> =>
  caseOf(
    {
      workload: { volume: '2k requests/day' },
      tasks: ['a', 'b'].map((name) => ({ name, type: 'faq-chat', share: '50%', capability: { minIndex: 5 } })),
      ...(regimes.length > 0 && { data: { regimes } }),
    },
    tables,
  );
const prose = ({ table, row: number }: Origin) => ({ source: `${table} ${number}`, date: '', note: '' });

function checklist(id: string, context: Context, conditions: readonly string[] = []) {
  const plan = namedPlan(id, context);
  const reviewed = { plan, verdicts: [], services: new Map() } as unknown as Reviewed;
  return checklistOf(reviewed, conditions, context, prose).map(({ item, because, source }) => [item, because, source]);
}

test('nothing to see to where nothing is asked; what the plan depends on comes first', async () => {
  expect(checklist(mini, await scenario())).toEqual([]);
  expect(checklist(rented, await scenario(), ['sign it'])).toEqual([
    ['sign it', 'the plan depends on it', 'this decision'],
    ['see to 6', 'self-hosted-security on self-hosted-cloud/aws', 'regimes 6'],
  ]);
});

test('rules on data: what nobody is turned down for and somebody has to see to', async () => {
  const context = await scenario(['gdpr']);
  expect(checklist(`a=${mini};b=${rented}`, context)).toEqual([
    ['see to 2', 'gdpr for a', 'regimes 2'],
    ['see to 3', 'gdpr for b', 'regimes 3'],
    ['see to 6', 'self-hosted-security on self-hosted-cloud/aws', 'regimes 6'],
  ]);
  // One place of two is enough, and of two tasks each is told.
  expect(checklist(mini, context)).toEqual([['see to 2', 'gdpr for a; gdpr for b', 'regimes 2']]);
  expect(checklist(`a.main=${mini};a.standby=${haiku};b=${own}`, context)).toEqual([
    ['see to 2', 'gdpr for a', 'regimes 2'],
    ['see to 6', 'self-hosted-security on on-prem/own-room', 'regimes 6'],
    ['see to 8', 'self-hosted-security on on-prem/own-room', 'regimes 8'],
  ]);
  expect(checklist(`a.main=${rented};a.standby=${mini};b=${mini}`, context)).toEqual([
    ['see to 2', 'gdpr for a; gdpr for b', 'regimes 2'],
    ['see to 3', 'gdpr for a', 'regimes 3'],
    ['see to 6', 'self-hosted-security on self-hosted-cloud/aws', 'regimes 6'],
  ]);
  expect(checklist(`a=${own};b=${rented}`, await scenario(['hipaa']))).toEqual([
    ['see to 6', 'self-hosted-security on on-prem/own-room, self-hosted-cloud/aws', 'regimes 6'],
    ['see to 8', 'self-hosted-security on on-prem/own-room', 'regimes 8'],
  ]);
});
