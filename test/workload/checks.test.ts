import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kinds } from '../../src/tables/column.js';
import { nearest } from '../../src/units/problem.js';
import { readScenario } from '../../src/workload/read.js';
import { taskNames } from '../../src/workload/set.js';
import { shapes } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';
import { fewTables } from '../support/scenario-tables.js';

const parts = { workload: z.string().optional(), tasks: z.string().optional(), more: z.string().optional() };
const suggestion = z.string().nullable();
const cases = casesIn('checks', {
  errors: { why: z.string(), ...parts, problem: z.string() },
  warnings: { why: z.string(), ...parts, problem: z.string() },
  fine: { why: z.string(), ...parts },
  alone: { ...parts, path: z.union([z.string(), z.array(z.string())]), suggestion },
  none: parts,
  names: { ...parts, problem: z.string(), suggestion },
  hiding: { more: z.string() },
});

/** In the texts below `^` stands right before the place the caret should point to. */
const unmarked = (text: string) => text.replaceAll('^', '');
const marks = (text: string) =>
  text.split('\n').flatMap((line, index) => (line.includes('^') ? [`${index + 1}:${line.indexOf('^') + 1}`] : []));

/** Where every mark of a line points to: those before it take no column. */
const columnsOf = (line: string, number: number) =>
  [...line.matchAll(/\^/g)].map(({ index }, before) => `${number}:${index - before + 1}`);

const read = (text: string) => readScenario(unmarked(text), { file: 'x.yaml', tables: fewTables });
/** Models of these tables are below what is usual for any type. */
const problemsOf = (text: string) => read(text).problems.filter(({ code }) => code !== 'below-usual');
const found = (text: string) => problemsOf(text).map(({ severity, code }) => `${severity} ${code}`);
const places = (text: string) => problemsOf(text).map(({ line, column }) => `${line}:${column}`);

/** A scenario whose first line is `workload`, second `tasks`, third whatever else. */
type Parts = Partial<Record<keyof typeof parts, string | undefined>>;
const scenario = ({ workload = 'volume: 500', tasks = '{type: faq-chat}', more = '' }: Parts) =>
  `workload: {${workload}}\n${tasks.startsWith('^^') ? '^' : ''}tasks: [${tasks.replace('^^', '')}]\n${more}\nversion: 1\n`;

/** The same with one task that has some fields. */
const task = (fields: string, more = '') => ({ tasks: `{type: faq-chat, ${fields}}`, more });

/** What is said by all that is shipped, of a scenario with so much more. */
const onShipped = async (parts: Parts) =>
  readScenario(scenario(parts), { file: 'x.yaml', tables: await shippedTables() });
const assuming = async (assumptions: string) => (await onShipped({ more: `assumptions: {${assumptions}}` })).problems;

describe('contradictions are errors', () => {
  const two = (one: string, other: string) => `{name: a, type: faq-chat${one}}, {name: b, type: faq-chat${other}}`;
  test.each(cases.errors)('$why', ({ problem, ...parts }) => {
    expect(found(scenario(parts))).toEqual([`error ${problem}`]);
    expect(places(scenario(parts))).toEqual(marks(scenario(parts)));
  });

  test('a value that cannot be read is not counted against the others', () => {
    expect(found(scenario({ tasks: two(', share: 60%', ', share: 4O%') }))).toEqual(['error bad-value']);
  });
});

describe('suspicious values are warnings', () => {
  test.each(cases.warnings)('$why', ({ problem, ...parts }) => {
    expect(found(scenario(parts))).toEqual([`warning ${problem}`]);
    expect(places(scenario(parts))).toEqual(marks(scenario(parts)));
    expect(read(scenario(parts)).scenario).not.toBeNull();
  });

  test.each(cases.fine)('$why: none', (parts) => expect(found(scenario(parts))).toEqual([]));
});

test('a person who costs less in a year than in a month by the tables', async () => {
  const tables = await shippedTables();
  const low = tables.parameterOf.get('defaultLoadedFte')?.low ?? 0;
  const told = async (yearlyCost: string | number) =>
    (await onShipped({ more: `team: {devops: 1, yearlyCost: ${yearlyCost}}` })).problems.map(
      ({ severity, code, path, suggestion }) => [`${severity} ${code} ${path}`, suggestion],
    );
  const warning = 'warning low-yearly-cost team.yearlyCost';
  expect(await told(160)).toEqual([[warning, 'did you mean 160k?']]);
  expect(await told(low / 12 - 1)).toEqual([[warning, 'it is the full cost of a year']]);
  for (const fine of [low / 12, '160k', 0]) expect(await told(fine)).toEqual([]);
});

test('a stranger among the members of a set is told the set, elsewhere the place it is known at', () => {
  const hints = (more: string) =>
    read(scenario({ more })).problems.flatMap(({ severity, suggestion }) => (severity === 'error' ? suggestion : []));
  expect(hints('preferences: {weights: {cost: 3, team: 1}}')).toEqual([
    'fields here: volume, sensitivity, capability, team, latency',
  ]);
  expect(hints('team: {perDay: 3}')).toEqual(['it belongs in workload.bursts']);
});

describe('what acts only together with something else is a warning where that is missing', () => {
  const told = (text: string) =>
    read(text).problems.map(({ severity, code, path, suggestion }) => ({
      told: `${severity} ${code} ${path}`,
      suggestion,
    }));

  test.each(cases.alone)('$path: $workload $tasks $more', ({ path, suggestion, ...parts }) => {
    const problems = told(scenario(parts));
    const paths = [path].flat();
    expect(problems.map(({ told }) => told)).toEqual(paths.map((one) => `warning no-effect ${one}`));
    const last = problems.at(-1)?.suggestion ?? null;
    if (suggestion === null) expect(last).toBeNull();
    else expect(last).toContain(suggestion);
    expect(places(scenario(parts)).at(-1)).toBe(marks(scenario(parts)).at(-1));
  });

  test.each(cases.none)('none: $workload $tasks $more', (parts) => expect(told(scenario(parts))).toEqual([]));
});

describe('names the tables do not have', () => {
  test.each(cases.names)('$problem: $workload $tasks $more', ({ problem, suggestion, ...parts }) => {
    expect(found(scenario(parts))).toEqual([`error ${problem}`]);
    expect(places(scenario(parts))).toEqual(marks(scenario(parts)));
    expect(read(scenario(parts)).problems[0]?.suggestion).toBe(suggestion);
  });

  test('a part of a name is taken for the names that hold it; of many names a command lists all', async () => {
    const hint = async (more: string) => (await onShipped({ more })).problems.map(({ suggestion }) => suggestion);
    // One form that makes up most of the offers is read as meant; of others none is.
    const having = (accelerator: string) => onShipped({ more: `existing: [{accelerator: ${accelerator}, count: 1}]` });
    expect((await having('H100')).problems.map(({ message }) => message)).toEqual([
      '`H100` is read as `h100-sxm-80gb`',
    ]);
    const { scenario: read } = await having('H100 80GB');
    expect(read?.scenario.existing).toMatchObject([{ accelerator: 'h100-sxm-80gb' }]);
    expect((await having('V100')).problems.map(({ suggestion }) => suggestion)).toEqual([
      'did you mean `v100-sxm-16gb`, `v100-sxm-32gb`, `v100-pcie-16gb`, `v100-pcie-32gb`?',
    ]);
    expect(await hint('data: {residency: [atlantis]}')).toEqual([expect.stringMatching(/^write `eea`/)]);
    expect(await hint('devices: {count: 5, classes: {foo: 10%}}')).toEqual([
      'deploy-advisor hardware (any kind but datacenter) lists what there is',
    ]);
  });

  test('what something costs or takes of people may be nothing; what is divided by may not', async () => {
    const errors = async (assumptions: string) => (await assuming(assumptions)).map(({ code }) => code);
    expect(await errors('fteApi: 0, fteOwnWeightsBase: 0, setupEffortManagedHosting: 0, loadBalancer: 0')).toEqual([]);
    for (const divisor of ['hoursPerMonth', 'highestLoad', 'depreciationYearsGpu', 'setupMachinesFrom'])
      expect(await errors(`${divisor}: 0`), divisor).toEqual(['bad-value']);
    expect(await errors('loadBalancer: -1')).toEqual(['bad-value']);
  });

  test('a former name of an assumption is read as the new one, which wins where both are given', async () => {
    const told = async (parts: Parts) =>
      (await onShipped(parts)).problems.map(({ severity, code, path, suggestion }) => [
        `${severity} ${code} ${path.replace('assumptions.', '')}`,
        suggestion,
      ]);
    const more = 'assumptions: {buyingReturn: 40%}';
    const readAs = ['warning read-as buyingReturn', 'write `atRisk`'];
    const noEffect = (name: string) => [`warning no-effect ${name}`, 'leave it out'];
    expect(await told({ more })).toEqual([readAs]);
    expect(await told({ more: 'assumptions: {ownedFirstSaving: 20%, ownedFirstUsd: 50}' })).toEqual([
      ['warning read-as ownedFirstSaving', 'write `ownedShare`'],
      ['warning read-as ownedFirstUsd', 'write `ownedUsd`'],
    ]);
    expect(await told({ more: 'assumptions: {buyingReturn: 40%, atRisk: 30%}' })).toEqual([noEffect('buyingReturn')]);
    for (const other of [
      { more, tasks: '{name: a, type: faq-chat}, {name: b, type: faq-chat}' },
      task('easy: {share: 50%, told: before}', more),
      { more: `${more}\npreferences: {objective: cost}` },
    ])
      expect(await told(other)).toEqual([readAs]);
    expect(await told({ more: 'assumptions: {atRisk: 30%}' })).toEqual([]);
    expect(await told({ more: 'assumptions: {tieBand: 5%, flipDecisions: 9}' })).toEqual(
      ['tieBand', 'flipDecisions'].map(noEffect),
    );
  });

  test('what is counted has no part, be it a number or an end of a range; its mean may have one', async () => {
    const messages = async (assumptions: string) => (await assuming(assumptions)).map(({ message }) => message);
    const refused = (written: string, instead: string) => [
      `\`${written}\` is no whole number of replicas: write ${instead}`,
    ];
    expect(await messages('minReplicas: 1.5')).toEqual(refused('1.5', '2'));
    expect(await messages('spareReplicas: 0.5..2')).toEqual(refused('0.5..2', '1'));
    expect(
      await messages('fleetBandSmallGpus: 4.5, flipSteps: 2.5, drawCount: 400.5, paybackMonths: 10.5'),
    ).toHaveLength(4);
    expect(await messages('minReplicas: 1..2, spareReplicas: {mean: 2, cv: 0.4}, retrievalChunkTokens: 200.5')).toEqual(
      [],
    );
    expect(await messages('minReplicas: 2, horizonMonths: 2 years')).toEqual([]);
  });

  test('assumptions are read in the unit of their parameter', () => {
    const more = 'assumptions: {idleTimeout: 5 min, retryRate: 1..3%}';
    const { assumptions } = read(scenario({ more })).scenario?.scenario ?? {};
    expect(assumptions?.idleTimeout).toEqual({ likely: 300, range: null });
    expect(assumptions?.retryRate?.range).toMatchObject({ low: 0.01, high: 0.03 });
  });

  describe('wishes that nothing answers to are told, each at its place', async () => {
    const tables = await shippedTables();
    const warned = (more: string) =>
      readScenario(unmarked(scenario({ more })), { file: 'x.yaml', tables }).problems.map(
        ({ severity, code, line, column, suggestion }) => ({ told: `${severity} ${code}`, line, column, suggestion }),
      );
    test.each([
      ['preferences: {only: [^clod-api]}', 'unknown-wish', 'did you mean `cloud-api`?'],
      ['preferences: {only: [^overflow]}', 'no-effect', null],
      ['preferences: {exclude: [on-demand, ^spots]}', 'no-effect', 'did you mean `spot`?'],
      ['preferences: {exclude: [^zebra]}', 'no-effect', `deployment types: ${kinds.join(', ')}`],
      ['preferences: {include: [^reserved-1y]}', 'no-effect', 'known: marketplace, spot'],
      ['today: {option: ^cloud-api/opnai/gpt-4o}', 'unknown-option', 'did you mean `openai`?'],
      ['today: {option: ^cloud-api/openai/gpt-4oo}', 'unknown-option', 'did you mean `gpt-4o`?'],
      ['expect: {shape: ^zebra}', 'unknown-shape', `known: ${shapes.join(', ')}`],
    ])('%s', (more, code, suggestion) => {
      const [place] = marks(scenario({ more }));
      expect(warned(more).map(({ line, column, ...rest }) => ({ ...rest, at: `${line}:${column}` }))).toEqual([
        { told: `${code === 'unknown-wish' ? 'error' : 'warning'} ${code}`, suggestion, at: place },
      ]);
    });

    test.each([
      'data: {sensitivity: public}\npreferences: {only: [cloud-api, openai], exclude: [spot, failover], include: [marketplace]}',
      'today: {option: cloud-api/openai/gpt-4o}',
      'today: {option: self-hosted-cloud/verda/qwen3.5-4b@int4-awq/1xrtx-a6000-48gb/eu/spot}',
      'today: {option: on-prem/anybody/qwen3.5-4b}',
      ...shapes.map((shape) => `expect: {shape: ${shape}}`),
    ])('%s: none', (more) => expect(warned(more)).toEqual([]));

    test('a vendor of the prices beside them answers', () => {
      const model = '{provider: our-vendor, model: tuned, like: qwen3-8b, input: 1, output: 2}';
      const more = `preferences: {only: [our-vendor]}\nprices: {name: ours, models: [${model}]}`;
      expect(warned(more).map(({ told }) => told)).toEqual(['warning new-provider']);
      const provider = '{provider: our-vendor, operator: de, agreements: [dpa]}';
      expect(warned(more.replace(/}$/, `, providers: [${provider}]}`))).toEqual([]);
    });
  });

  // A wrong value of a key that its map cannot do without, or of one that nothing else hangs on: names are checked all the same.
  test.each(cases.hiding)('$more hides no other mistake', ({ more }) => {
    const text = scenario({ tasks: '{type: ^faq-chta}', more });
    const at = places(text);
    expect(at).toEqual(expect.arrayContaining(text.split('\n').flatMap((line, index) => columnsOf(line, index + 1))));
    expect(found(text)).toContain('error unknown-task-type');
    expect(found(text).length).toBeGreaterThan(1);
  });
});

test('a word far from all has no near miss', () => {
  expect(nearest('zebra', ['volume', 'turns'])).toBeNull();
  expect(nearest('GPT4O', ['gpt-4o', 'gpt-4o-mini'])).toBe('gpt-4o');
});

test('tasks without a name go by their type, each by its own', () => {
  expect(taskNames([{ type: 'a' }, { name: 'a-2', type: 'b' }, { type: 'a' }, { name: 'c', type: 'a' }])).toEqual([
    'a',
    'a-2',
    'a-3',
    'c',
  ]);
});
