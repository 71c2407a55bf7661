import { beforeAll, expect, test } from 'vitest';
import { checklistOf } from '../../src/analyses/playbook/checklist.js';
import { findPlan } from '../../src/decide/find-plan.js';
import type { Plan } from '../../src/decide/plan.js';
import type { Reviewed } from '../../src/decide/review.js';
import type { Context } from '../../src/places/placement.js';
import { condition } from '../../src/rules/rule.js';
import type { RegimeRow } from '../../src/tables/rows.js';
import type { Origin, Tables } from '../../src/tables/tables.js';
import { fewRows } from '../support/few-rows.js';
import { shippedTables } from '../support/load.js';
import { caseOf, tablesWith } from '../support/scenario.js';

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

let tables: Tables;
beforeAll(async () => {
  tables = tablesWith(fewRows(await shippedTables()), {
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

type Todo = [gate: string, task: string, need: string, ...todos: string[]];
function checklist(
  id: string,
  context: Context,
  todos: readonly Todo[] = [],
  conditions: readonly string[] = [],
  change: (plan: Plan) => Plan = (plan) => plan,
) {
  const plan = findPlan(id, context);
  if (typeof plan === 'string') throw new Error(plan);
  const verdicts = todos.map(([gate, task, need, ...rest]) => ({
    gate,
    task,
    verdict: condition(() => ({ need, have: '', todos: rest })),
  }));
  const reviewed = { plan: change(plan), verdicts, services: new Map() } as unknown as Reviewed;
  return checklistOf(reviewed, conditions, context, prose).map(({ item, because, source }) => [item, because, source]);
}

test('nothing to see to where nothing is asked', async () => {
  expect(checklist(mini, await scenario())).toEqual([]);
});

test('what verdicts ask for comes from the rule, or from what is known of the model or the place of the task', async () => {
  const context = await scenario();
  const api = (id: string) =>
    context.tables.api.find(({ provider, modelId }) => `cloud-api/${provider}/${modelId}` === id)?.row;
  const [scored, provider, model] = [
    context.tables.capabilityOf.get('gpt-5-mini')?.row,
    (name: string) => context.tables.providerOf.get(name)?.row,
    context.tables.modelOf.get('qwen3-4b')?.row,
  ];
  const todos: Todo[] = [
    ['capability', 'a', 'index 5', 'try it'],
    ['available', 'a', 'on sale', 'book it'],
    ['license', 'b', 'a license', 'read it'],
    ['boundary', 'a', 'in the EU', 'sign it'],
  ];
  expect(checklist(`a=${mini};b=${rented}`, context, todos)).toEqual([
    ['try it', 'capability for a: index 5', `capability ${scored}`],
    ['book it', 'available for a: on sale', `api ${api(mini)}`],
    ['read it', 'license for b: a license', `models ${model}`],
    ['sign it', 'boundary for a: in the EU', `providers ${provider('openai')}`],
    ['see to 6', 'self-hosted-security on self-hosted-cloud/aws', 'regimes 6'],
  ]);
  // Of two places both are named; of what is not in the tables nothing.
  const standby = checklist(`a.main=${mini};a.standby=${haiku};b=${mini}`, context, [
    ['boundary', 'a', 'x', 'sign it'],
  ]);
  expect(standby).toEqual([
    ['sign it', 'boundary for a: x', `providers ${provider('openai')}; providers ${provider('azure')}`],
  ]);
  const strange = (plan: Plan): Plan => ({
    ...plan,
    deployments: plan.deployments.map((one) => ({
      ...one,
      option: { ...one.option, capability: null, api: null, family: 'unheard', provider: 'nobody' },
    })),
  });
  for (const gate of ['capability', 'available', 'license', 'boundary', 'regimes'])
    expect(checklist(mini, context, [[gate, 'a', 'x', 'do it']], [], strange)).toEqual([
      ['do it', `${gate} for a: x`, ''],
    ]);
});

test('rules on data: what they ask of the places of a task, and what nobody is turned down for', async () => {
  const context = await scenario(['gdpr']);
  const told = checklist(`a=${mini};b=${rented}`, context, [['regimes', 'a', 'gdpr', 'sign it']]);
  expect(told).toEqual([
    ['sign it', 'regimes for a: gdpr', 'regimes 1'],
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

test('conditions of the plan that no verdict asks for are of its shape; the same is told once, with all that asks for it', async () => {
  const context = await scenario();
  const todos: Todo[] = [
    ['boundary', 'a', 'x', 'sign it', 'ask them'],
    ['boundary', 'b', 'x', 'sign it'],
    ['residency', 'b', 'y', 'sign it'],
    ['boundary', 'a', 'x', 'sign it'],
  ];
  const source = `providers ${context.tables.providerOf.get('openai')?.row}`;
  expect(checklist(mini, context, todos, ['ask them', 'build a router'])).toEqual([
    ['sign it', 'boundary for a: x; boundary for b: x; residency for b: y', source],
    ['ask them', 'boundary for a: x', source],
    ['build a router', 'shape of the plan: single', 'this decision'],
  ]);
});
