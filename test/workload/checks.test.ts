import { describe, expect, test } from 'vitest';
import { kinds } from '../../src/tables/column.js';
import { editDistance, nearest } from '../../src/units/problem.js';
import { readScenario } from '../../src/workload/read.js';
import { taskNames } from '../../src/workload/set.js';
import { shapes } from '../../src/workload/workload.js';
import { shippedTables } from '../support/load.js';
import { fewTables } from '../support/scenario-tables.js';

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
const scenario = ({ workload = 'volume: 500', tasks = '{type: faq-chat}', more = '' }) =>
  `workload: {${workload}}\n${tasks.startsWith('^^') ? '^' : ''}tasks: [${tasks.replace('^^', '')}]\n${more}\nversion: 1\n`;

/** The same with one task that has some fields. */
const task = (fields: string, more = '') => ({ tasks: `{type: faq-chat, ${fields}}`, more });

/** What is said by all that is shipped, of a scenario with so much more. */
const onShipped = async (parts: Parameters<typeof scenario>[0]) =>
  readScenario(scenario(parts), { file: 'x.yaml', tables: await shippedTables() });
const assuming = async (assumptions: string) => (await onShipped({ more: `assumptions: {${assumptions}}` })).problems;

describe('contradictions are errors', () => {
  const two = (one: string, other: string) => `{name: a, type: faq-chat${one}}, {name: b, type: faq-chat${other}}`;
  test.each([
    ['shares that sum to 110 %', { tasks: `^^${two(', share: 90%', ', share: 20%')}` }, 'shares-sum'],
    ['a rest of nothing', { tasks: `^^${two(', share: 100%', '')}` }, 'shares-sum'],
    ['two without a share', { tasks: `^^${two(', share: 10%', '')}, {type: faq-chat}` }, 'missing-share'],
    ['share and volume', { tasks: two(', share: 10%, volume: ^5', '') }, 'share-and-volume'],
    ['the same name twice', { tasks: '{name: a, type: faq-chat}, {name: ^a, type: faq-chat}' }, 'duplicate-task-name'],
    ['users without requests', { workload: 'volume: ^300 users' }, 'missing-requests-per-user'],
    ['a budget of 0', { more: 'budget: {monthly: ^$0}' }, 'bad-value'],
    ['pii going anywhere', { more: 'data: {sensitivity: pii, boundary: ^anywhere}' }, 'boundary-contradiction'],
    [
      'device-only, yet on premises',
      { more: 'data: {sensitivity: device-only, boundary: ^own-premises}' },
      'boundary-contradiction',
    ],
    ['a prefix over the input', task('tokens: {input: 10, cacheablePrefix: ^11}'), 'prefix-over-input'],
    [
      'more of a session than may be cached',
      task('tokens: {cacheablePrefix: 60%, sessionPrefix: ^70%}'),
      'session-over-prefix',
    ],
    ['a first token after the last', task('latency: {ttftP95: 2s, totalP95: ^1s}'), 'latency-contradiction'],
    [
      'a thinking mode that must not think',
      task('thinking: forbidden, capability: {atLeast: ^deep-1+thinking}'),
      'thinking-contradiction',
    ],
    [
      'devices above 100 %',
      { more: 'devices: {count: 5, ^classes: {apple-m3-24gb: 60%, apple-a17-pro-8gb: 60%}}' },
      'shares-sum',
    ],
    [
      'one thing measured twice',
      {
        more: 'measured: [{model: qwen3.5-4b, accelerator: apple-m3-24gb, ofPredicted: 80%}, ^{model: qwen3.5-4b, accelerator: apple-m3-24gb, ofPredicted: 1.2}]',
      },
      'measured-twice',
    ],
    ['only and excluded', { more: 'preferences: {only: [spot], exclude: [^spot]}' }, 'preference-contradiction'],
  ])('%s', (_, parts, problem) => {
    expect(found(scenario(parts))).toEqual([`error ${problem}`]);
    expect(places(scenario(parts))).toEqual(marks(scenario(parts)));
  });

  test.each([
    ['all shares', two(', share: 60%', ', share: 40%')],
    ['one takes the rest', two(', share: 60%', '')],
    ['equal shares', two('', '')],
    ['own volumes stay out of the sum', two(', share: 100%', ', volume: 20')],
  ])('%s: fine', (_, tasks) => expect(found(scenario({ tasks }))).toEqual([]));

  test('a value that cannot be read is not counted against the others', () => {
    expect(found(scenario({ tasks: two(', share: 60%', ', share: 4O%') }))).toEqual(['error bad-value']);
  });
});

describe('suspicious values are warnings', () => {
  test.each([
    ['volume', { workload: 'volume: ^13k requests/s' }, 'huge-volume'],
    ['growth', { workload: 'volume: 5, growth: ^80% per month' }, 'steep-growth'],
    ['input', task('tokens: {input: ^2M}'), 'huge-input'],
    ['output', task('tokens: {input: 10, output: ^501}'), 'long-output'],
    ['share', { tasks: '{type: faq-chat, share: ^0.0009}, {type: faq-chat}' }, 'tiny-share'],
    ['share of nothing', { tasks: '{type: faq-chat, share: ^0%}, {type: faq-chat}' }, 'tiny-share'],
    ['availability', { more: 'needs: {availability: ^99.99999%}' }, 'extreme-availability'],
    ['latency', task('latency: {ttftP95: ^2}'), 'tight-latency'],
    ['regulated data without a regime', { more: 'data: {sensitivity: ^regulated}' }, 'regime-not-named'],
    [
      'a first token soon of work that may wait',
      task('deadline: ^24h, latency: {ttftP95: 1s}'),
      'deadline-and-latency',
    ],
    ['nobody', { more: '^team: {devops: 0, mlInfra: 0, mayHire: false}' }, 'nobody'],
    ['more free than there is', { more: 'team: {devops: 1, free: ^2}' }, 'free-over-team'],
    ['a volume nobody uses', { workload: 'volume: ^500', tasks: '{type: faq-chat, volume: 5}' }, 'unused-volume'],
    ['a fact that no figure takes', { more: 'assumptions: {^spotNotice: 60 s}' }, 'no-effect'],
    ['an agreement nobody offers', { more: 'data: {sensitivity: pii, agreements: [^baaa]}' }, 'no-effect'],
    [
      'what was measured of a model without weights',
      { more: 'measured: [{model: ^gpt-4o, accelerator: apple-m3-24gb, ofPredicted: 80%}]' },
      'no-effect',
    ],
    ['a declaration nobody asks for', { more: 'data: {declared: [^dpai]}' }, 'no-effect'],
  ])('%s', (_, parts, problem) => {
    expect(found(scenario(parts))).toEqual([`warning ${problem}`]);
    expect(places(scenario(parts))).toEqual(marks(scenario(parts)));
    expect(read(scenario(parts)).scenario).not.toBeNull();
  });

  test.each([
    ['volume', { workload: 'volume: 11k requests/s' }],
    ['growth', { workload: 'volume: 5, growth: 50% per month' }],
    ['output', task('tokens: {input: 10, output: 500}')],
    ['share', { tasks: '{type: faq-chat, share: 0.001}, {type: faq-chat}' }],
    ['availability', { more: 'needs: {availability: 99.99%}' }],
    ['latency', task('latency: {ttftP95: 50}')],
    ['a speed for work that may wait', task('deadline: 24h, latency: {tokensPerSecond: 9}')],
    ['regulated data with a regime', { more: 'data: {sensitivity: regulated, regimes: [hipaa]}' }],
    ['nobody yet', { more: 'team: {devops: 0, mlInfra: 0, mayHire: true}' }],
    ['agreements by vendor', { more: 'data: {sensitivity: pii, agreements: {signed: [baa:host-a], canSign: [scc]}}' }],
  ])('%s just inside: none', (_, parts) => expect(found(scenario(parts))).toEqual([]));
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

  test.each([
    [{ workload: 'volume: 500, ^requestsPerUser: 5' }, 'workload.requestsPerUser', 'volume: 300 users'],
    [{ workload: 'volume: 500, horizon: 1 month, ^growth: 3% per month' }, 'workload.growth', 'a longer horizon'],
    [{ more: 'data: {sensitivity: public, kinds: [^phi]}' }, 'data.kinds.0', 'regimes that have one: hipaa'],
    [{ more: 'data: {regimes: [gdpr], kinds: [personal, ^phi]}' }, 'data.kinds.1', 'regimes that have one: hipaa'],
    [{ more: 'data: {regimes: [hipaa], declared: [^dpia]}' }, 'data.declared.0', 'regimes that have one: gdpr'],
    [{ more: 'data: {^agreements: [baa]}' }, 'data.agreements', '(sensitivity: pii)'],
    [
      task('data: {regimes: [gdpr]}', 'data: {regimes: [hipaa], kinds: [^phi]}'),
      ['data.regimes', 'data.kinds.0'],
      'regimes that have one: hipaa',
    ],
    [task('data: {kinds: [personal], regimes: [gdpr]}', 'data: {^kinds: [phi]}'), 'data.kinds', null],
    [
      task('sensitive: {share: 5%, rest: {kinds: [^phi]}}, data: {regimes: [hipaa]}'),
      'tasks.faq-chat.sensitive.rest.kinds.0',
      'regimes that have one: hipaa',
    ],
    [task('data: {residency: [eu]}, sensitive: {share: 5%}', 'data: {^residency: [us]}'), 'data.residency', null],
    [task('availability: 99%', 'needs: {^availability: 95%}'), 'needs.availability', null],
    [task('thinking: forbidden, tokens: {^reasoning: 300}'), 'tasks.faq-chat.tokens.reasoning', 'thinking: allowed'],
    [
      task('tokens: {input: 9, cacheablePrefix: 0, ^cacheHitRate: 30%}'),
      'tasks.faq-chat.tokens.cacheHitRate',
      'a cacheablePrefix above 0',
    ],
    [task('deadline: ^59 min'), 'tasks.faq-chat.deadline', 'a bare number is in hours'],
    [{ more: 'preferences: {^weights: {team: 2}}' }, 'preferences.weights', 'leave them out'],
    [{ more: 'preferences: {include: [^marketplace]}' }, 'preferences.include.0', 'sensitivity: public'],
  ])('%j', (parts, path, suggestion) => {
    const problems = told(scenario(parts));
    const paths = [path].flat();
    expect(problems.map(({ told }) => told)).toEqual(paths.map((one) => `warning no-effect ${one}`));
    const last = problems.at(-1)?.suggestion ?? null;
    if (suggestion === null) expect(last).toBeNull();
    else expect(last).toContain(suggestion);
    expect(places(scenario(parts)).at(-1)).toBe(marks(scenario(parts)).at(-1));
  });

  test.each([
    { workload: 'volume: 30 users, requestsPerUser: 5' },
    {
      workload: 'volume: 500, requestsPerUser: 5',
      tasks: '{name: a, type: faq-chat}, {type: faq-chat, volume: 9 users}',
    },
    { workload: 'volume: 500, horizon: 1 month, growth: 0' },
    { more: 'data: {regimes: [gdpr, hipaa], kinds: [phi], declared: [dpia]}' },
    task('data: {regimes: [hipaa]}', 'data: {kinds: [phi], agreements: [baa]}'),
    {
      tasks: '{name: a, type: faq-chat}, {name: b, type: faq-chat, data: {regimes: [hipaa]}}',
      more: 'data: {kinds: [phi]}',
    },
    { more: 'data: {sensitivity: pii, agreements: [dpa]}' },
    task('data: {declared: [dpia]}, sensitive: {share: 5%, rest: {regimes: [gdpr]}}'),
    { tasks: '{type: faq-chat}, {name: b, type: faq-chat, availability: 9%}', more: 'needs: {availability: 95%}' },
    task('tokens: {reasoning: 0}, thinking: forbidden'),
    { workload: 'volume: 500, turns: 3', ...task('tokens: {input: 9, cacheablePrefix: 0, cacheHitRate: 30%}') },
    task('deadline: 60 min'),
    task('data: {sensitivity: public}', 'preferences: {include: [marketplace]}'),
  ])('%j: none', (parts) => expect(told(scenario(parts))).toEqual([]));
});

describe('names the tables do not have', () => {
  test.each([
    [{ tasks: '{type: ^faq-chta}' }, 'unknown-task-type', 'did you mean `faq-chat`?'],
    [{ tasks: '{type: ^speech-to-text}' }, 'unsupported-task', null],
    [{ workload: 'volume: 5, profile: ^bussiness-hours' }, 'unknown-profile', 'did you mean `business-hours`?'],
    [task('capability: {atLeast: ^gpt4oo}'), 'unknown-model', 'did you mean `gpt-4o`?'],
    [task('capability: {atLeast: ^gpt-4o+thinking}'), 'no-index', null],
    [{ more: 'data: {regimes: [^HIPPA]}' }, 'unknown-regime', 'did you mean `hipaa`?'],
    [{ more: 'data: {kinds: [^personnal]}' }, 'unknown-data-kind', 'did you mean `personal`?'],
    [{ more: 'data: {residency: [^mars]}' }, 'unknown-region', 'known: us, eea, uk'],
    [
      { more: 'existing: [{accelerator: ^a100-sxm-80g, count: 1}]' },
      'unknown-accelerator',
      'did you mean `a100-sxm-80gb`?',
    ],
    [
      { more: 'devices: {count: 5, classes: {^fridge: 10%}}' },
      'unknown-device',
      'known: apple-a17-pro-8gb, apple-m3-24gb',
    ],
    [{ more: 'devices: {count: 5, classes: {^apple-m3-24g: 10%}}' }, 'unknown-device', 'did you mean `apple-m3-24gb`?'],
    [
      { more: 'devices: {count: 5, classes: {^a100-sxm-80gb: 10%}}' },
      'not-a-device',
      'known: apple-a17-pro-8gb, apple-m3-24gb',
    ],
    [{ more: 'assumptions: {^retryrates: 1%}' }, 'unknown-assumption', 'did you mean `retryRate`?'],
    [{ more: 'assumptions: {retryRate: ^3 hours}' }, 'bad-value', null],
  ])('%j', (parts, problem, suggestion) => {
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
    const told = async (parts: Parameters<typeof scenario>[0]) =>
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
  test.each([
    'existing: [{accelerator: ^h100, count: ^0}]',
    'existing: [5, {accelerator: h100, count: 1}]',
    'measured: [{model: qwen3.5-4b, accelerator: ^x, ofPredicted: ^62}]',
    'devices: {count: ^-1, classes: {^apple-m3-24g: 10%}}',
    'today: {bill: 5}',
    'needs: {rag: {documents: ^x}, offline: ^maybe}',
    'development: {share: ^2, data: {regimes: [^gdrp]}}',
  ])('%s hides no other mistake', (more) => {
    const text = scenario({ tasks: '{type: ^faq-chta}', more });
    const at = places(text);
    expect(at).toEqual(expect.arrayContaining(text.split('\n').flatMap((line, index) => columnsOf(line, index + 1))));
    expect(found(text)).toContain('error unknown-task-type');
    expect(found(text).length).toBeGreaterThan(1);
  });
});

test.each([
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'abcd', 1],
  ['abc', 'xbc', 1],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('%s to %s takes %d edits', (one, other, edits) => {
  expect(editDistance(one, other)).toBe(edits);
  expect(editDistance(other, one)).toBe(edits);
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
