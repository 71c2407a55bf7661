/**
 * Random scenarios that follow from a seed alone. `node test/oracle/random.mjs --coverage [--root .] [--seeds 500]` tells how
 * many reach each field of the schema, and that a built library reads all of them; `--seed 7` prints one.
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as names from './names.mjs';

/** Numbers from 0 to 1 that follow from a text (FNV-1a, then mulberry32). */
export function randomOf(text) {
  let state = 0x811c9dc5;
  for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is drawn from one stream of random numbers. */
function drawsOf(random) {
  const chance = (p) => random() < p;
  const oneOf = (list) => list[Math.floor(random() * list.length)];
  const between = (low, high) => low + (high - low) * random();
  /** As likely between 1 and 10 as between 10 and 100. */
  const scaled = (low, high) => low * (high / low) ** random();
  const whole = (low, high) => Math.round(between(low, high));
  const round = (x, digits = 3) => Number(x.toPrecision(digits));
  /** The fields of a map that are drawn, each with its own chance; what is undefined is left out. */
  const some = (fields) =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([key, [p, make]]) => {
        const value = chance(p) ? make() : undefined;
        return value === undefined ? [] : [[key, value]];
      }),
    );
  /** A number with its unit, three times in ten as a range in one of the forms there are. */
  const ranged = (
    x,
    { suffix = '', unit = '', most = Number.POSITIVE_INFINITY, rounded = (y) => round(y), p = 0.3 } = {},
  ) => {
    const written = (y) => (suffix + unit === '' ? rounded(y) : `${rounded(y)}${suffix}${unit}`);
    if (!chance(p)) return written(x);
    const [low, high] = [x * between(0.4, 0.9), Math.min(most, x * between(1.1, 2.5))];
    switch (oneOf(['text', 'text', 'three', 'two', 'spread'])) {
      case 'text':
        return `${rounded(low)}${suffix}..${rounded(high)}${suffix}${unit}`;
      case 'three':
        return { low: written(low), likely: written(x), high: written(high) };
      case 'two':
        return { low: written(low), high: written(high) };
      default:
        return { mean: written(x), cv: round(between(0.1, 0.8), 2) };
    }
  };
  const share = (low, high, options) =>
    ranged(between(low, high) * 100, { unit: '%', most: 95, rounded: (x) => round(x, 2), ...options });
  return { random, chance, oneOf, between, scaled, whole, round, some, ranged, share };
}

/** The scenario of a seed: plain data that the reader takes without an error. */
export function randomScenario(seed) {
  const draws = drawsOf(randomOf(`scenario ${seed}`));
  const { chance, oneOf, some, round, between } = draws;
  const onDevices = chance(0.06);
  const tasks = tasksOf(draws, onDevices);
  const workload = workloadOf(draws, tasks);
  const data = onDevices && chance(0.5) ? { sensitivity: 'device-only' } : chance(0.75) ? dataOf(draws) : undefined;
  const needsOf = {
    rag: [0.5, () => (chance(0.3) ? chance(0.5) : documentsOf(draws))],
    fineTuning: [0.2, () => chance(0.6)],
    offline: [0.2, () => chance(0.4)],
    availability: [0.4, () => availabilityOf(draws)],
  };
  const scenario = {
    version: 1,
    ...some({ name: [0.9, () => `Random ${seed}`] }),
    workload,
    tasks,
    ...(data && { data }),
    ...some({
      needs: [0.25, () => some(needsOf)],
      development: [0.14, () => developmentOf(draws)],
      team: [0.35, () => teamOf(draws)],
      today: [0.12, () => todayOf(draws, tasks)],
      existing: [0.12, () => existingOf(draws)],
      measured: [0.08, () => measuredOf(draws)],
      devices: [onDevices ? 1 : 0.08, () => devicesOf(draws)],
      budget: [0.25, () => some({ monthly: [0.9, () => budgetOf(draws)], upfront: [0.4, () => budgetOf(draws)] })],
    }),
  };
  const other = chance(0.25);
  const preferences = { ...(other && objectiveOf(draws)), ...(chance(0.25) && wishesOf(draws)) };
  return {
    ...scenario,
    ...(Object.keys(preferences).length > 0 && { preferences }),
    ...some({
      prices: [0.25, () => pricesOf(draws)],
      assumptions: [0.25, () => assumptionsOf(draws)],
      expect: [
        0.12,
        () =>
          some({
            kinds: [0.6, () => [oneOf(names.placementKinds)]],
            maxMonthlyCost: [0.6, () => round(between(100, 50_000), 4)],
            plan: [0.4, () => oneOf(names.optionIds)],
            shape: [0.5, () => oneOf(names.shapes)],
          }),
      ],
    }),
  };
}

function workloadOf(draws, tasks) {
  const { chance, oneOf, scaled, whole, round, between, some, ranged } = draws;
  const users = chance(0.12) || tasks.some(({ volume }) => String(volume).includes('users'));
  const turns = chance(0.12);
  return {
    volume: users ? `${whole(20, 20_000)} users` : volumeOf(draws, turns),
    ...((users || chance(0.01)) && { requestsPerUser: ranged(scaled(1, 60), { rounded: (x) => round(x, 2) }) }),
    ...(turns && { turns: ranged(between(2, 8), { rounded: (x) => round(x, 2) }) }),
    ...some({
      profile: [0.6, () => profileOf(draws)],
      growth: [
        0.25,
        () => (chance(0.1) ? '-2% per month' : ranged(between(0.2, 8), { unit: oneOf(['% per month', '% per year']) })),
      ],
      horizon: [0.4, () => oneOf(['6 months', '12 months', '18 months', '24 months', '3 years', 48])],
      sites: [0.06, () => whole(2, 8)],
    }),
  };
}

function volumeOf({ chance, oneOf, scaled, ranged, round }, turns = false) {
  const rounded = (x) => round(x);
  if (turns && chance(0.7)) return ranged(scaled(100, 60_000), { unit: ' conversations/day', rounded });
  switch (oneOf(['day', 'day', 'day', 'day', 'bare', 'month', 'tokens', 'peak', 'hour'])) {
    case 'bare':
      return ranged(scaled(200, 2_000_000));
    case 'month':
      return ranged(scaled(0.01, 30), { suffix: 'M', unit: ' requests/month' });
    case 'tokens':
      return ranged(scaled(1, 3000), { suffix: 'M', unit: ' tokens/day' });
    case 'peak':
      return ranged(scaled(0.05, 40), { unit: ' requests/s at peak' });
    case 'hour':
      return ranged(scaled(20, 50_000), { unit: ' requests per hour' });
    default:
      return ranged(scaled(200, 2_000_000), { unit: ' requests/day' });
  }
}

function profileOf({ chance, oneOf, random, between, round }) {
  if (chance(0.7)) return oneOf(names.profiles);
  if (chance(0.5)) return { peakToMean: round(between(1, 12), 2) };
  const hours = chance(0.7) ? 24 : 168;
  return Array.from({ length: hours }, (_, hour) => {
    const busy = hour % 24 >= 8 && hour % 24 < 18;
    return round((busy ? 1 : 0.2) * (0.5 + random()), 2);
  });
}

function tasksOf(draws, onDevices) {
  const { random, oneOf, chance, round } = draws;
  const at = random();
  const size = [0.5, 0.76, 0.9, 0.95, 0.98].filter((limit) => at >= limit).length + 1;
  const all = onDevices ? names.smallTypes : Object.keys(names.types);
  const chosen = Array.from({ length: size }, () => oneOf(all));
  const own = chosen.map((_, index) => (index === 0 ? chance(0.02) : chance(0.2)));
  const sharing = own.filter((is) => !is).length;
  const sizes = own.map((is) => (is ? 0 : 0.2 + random()));
  const sum = sizes.reduce((total, one) => total + one, 0);
  const shares = sizes.map((one) => (sum === 0 ? 0 : Math.floor((one / sum) * 100)));
  const last = own.lastIndexOf(false);
  if (last >= 0) shares[last] += 100 - shares.reduce((total, one) => total + one, 0);
  const how = oneOf(['all', 'all', 'all-but-one', 'none']);
  return chosen.map((type, index) => {
    const given = !own[index] && sharing > 1 && how !== 'none' && !(how === 'all-but-one' && index === last);
    const users = own[index] && chance(0.1);
    const volume = users ? `${round(20 + 2000 * random(), 2)} users` : volumeOf(draws);
    return {
      ...((size > 1 || chance(0.6)) && { name: `task-${index + 1}` }),
      type,
      ...(given && { share: `${shares[index]}%` }),
      ...(own[index] && { volume }),
      ...taskFields(draws, type, size, onDevices),
    };
  });
}

function taskFields(draws, type, size, onDevices) {
  const { chance, oneOf, some, whole } = draws;
  const parts = size > 3 ? 0.3 : 1;
  const capability = chance(onDevices ? 0.1 : 0.35) ? capabilityOf(draws) : undefined;
  const thinks = type === 'complex-reasoning' || capability?.atLeast?.endsWith('+thinking') === true;
  return some({
    deadline: [0.14, () => oneOf(['24h', '48h', '1 week', 30, '4h', '30 minutes'])],
    tokens: [0.45, () => tokensOf(draws, type)],
    capability: [1, () => capability],
    latency: [
      0.25,
      () => {
        const ttft = oneOf(['600ms', '1500ms', '2s', '3s', '5s', 8000]);
        const total = oneOf(['10s', '20s', '30s', '60s', '2 minutes']);
        return some({
          ttftP95: [0.7, () => ttft],
          tokensPerSecond: [0.4, () => oneOf([10, '20 tokens/s', 30, whole(5, 60)])],
          totalP95: [0.35, () => total],
        });
      },
    ],
    thinking: [0.12, () => (thinks || chance(0.5) ? 'allowed' : 'forbidden')],
    needs: [0.1, () => oneOf([['tools'], ['vision'], ['tools', 'vision'], ['fine-tuning'], []])],
    availability: [0.08, () => availabilityOf(draws)],
    easy: [0.16 * parts, () => easyOf(draws)],
    sensitive: [0.2 * parts, () => sensitiveOf(draws)],
    tuned: [0.16 * parts, () => tunedOf(draws)],
    data: [onDevices ? 0 : 0.16, () => dataOf(draws)],
  });
}

function tokensOf(draws, type) {
  const { chance, some, scaled, ranged, share, between, round } = draws;
  const [input, output] = names.types[type].map((usual) => scaled(usual * 0.4, usual * 2));
  const count = (x, options) => ranged(x, { rounded: (y) => Math.max(1, Math.round(y)), ...options });
  // Beside an input that is a range, a part of it is told as a share: tokens might be more than the least of it.
  const inputIs = chance(0.8);
  const asTokens = chance(0.4);
  return some({
    input: [inputIs ? 1 : 0, () => count(input, { unit: chance(0.3) ? ' tokens' : '', p: asTokens ? 0 : 0.3 })],
    output: [0.8, () => count(output)],
    cacheablePrefix: [
      0.35,
      () => (asTokens && inputIs ? count(between(0.1, 0.8) * input, { p: 0.2, most: input * 0.9 }) : share(0.1, 0.9)),
    ],
    reasoning: [0.12, () => count(scaled(100, 3000))],
    cacheHitRate: [0.2, () => (chance(0.5) ? round(between(0.1, 0.9), 2) : share(0.1, 0.8))],
  });
}

function capabilityOf({ oneOf, between, ranged, round, share }, most = 1) {
  const upTo = Math.max(1, Math.round(names.yardsticks.length * most));
  switch (oneOf(['atLeast', 'atLeast', 'tier', 'minIndex', 'relative'])) {
    case 'atLeast':
      return { atLeast: oneOf(names.yardsticks.slice(0, upTo)) };
    case 'tier':
      return { tier: oneOf(['basic', 'general', 'strong', 'frontier'].slice(0, Math.max(2, Math.round(4 * most)))) };
    case 'minIndex':
      return { minIndex: ranged(between(15, 85 * most), { most: 95, rounded: (x) => round(x) }) };
    default:
      return { relative: share(0.4, 0.98 * most, { most: 99 }) };
  }
}

const availabilityOf = ({ oneOf }) => oneOf(['95%', '99%', '99%', '99.5%', '99.9%', '99.95%', 0.98]);

const easyOf = (draws) => ({
  share: draws.share(0.3, 0.9),
  ...draws.some({
    capability: [0.75, () => capabilityOf(draws, 0.4)],
    told: [0.6, () => draws.oneOf(['before', 'after'])],
  }),
});

const tunedOf = (draws) =>
  draws.some({
    capability: [0.8, () => capabilityOf(draws, 0.5)],
    cost: [0.6, () => draws.ranged(draws.scaled(500, 30_000), { rounded: (x) => draws.round(x, 2) })],
  });

const sensitiveOf = (draws) => ({
  share: draws.share(0.05, 0.6),
  ...draws.some({
    rest: [0.7, () => dataOf(draws, ['public', 'internal', 'internal', 'pii'])],
    redaction: [
      0.65,
      () => ({
        type: draws.oneOf(['personal-data-redaction', 'personal-data-redaction', 'extraction']),
        ...draws.some({ leaves: [0.75, () => dataOf(draws, ['public', 'internal', 'internal', 'pii'])] }),
      }),
    ],
  }),
});

const boundaries = ['device', 'own-premises', 'own-account', 'under-contract', 'anywhere'];

/** Rules for data; the names of one or two regimes with what lets most places through them. */
function dataOf({ oneOf, chance, some }, sensitivities = null) {
  const usual = ['public', 'public', 'internal', 'internal', 'internal', 'pii', 'pii', 'pii', 'regulated'];
  const sensitivity = oneOf(sensitivities ?? usual);
  const bound = sensitivity === 'public' ? 4 : 3;
  const regime = oneOf(Object.keys(names.regimes));
  const { kinds, signed, canSign, declared } = names.regimes[regime];
  const protectedData = sensitivity === 'pii' || sensitivity === 'regulated';
  const p = protectedData ? 0.75 : 0.35;
  const agreements = () => {
    if (chance(0.3)) return [...signed, ...canSign];
    return { ...(chance(0.75) && { signed }), ...(chance(0.75) && { canSign: [...canSign, ...signed] }) };
  };
  const told = protectedData || chance(0.85);
  return {
    ...(told && { sensitivity }),
    ...some({
      boundary: [told ? 0.24 : 0, () => boundaries[bound - oneOf([0, 0, 1, 1, 2])]],
      kinds: [p, () => (chance(0.15) ? [...kinds, 'customer-data'] : kinds)],
      regimes: [p, () => [regime]],
      residency: [0.25, () => [oneOf(names.regions)]],
      agreements: [p + 0.15, agreements],
      declared: [p, () => declared],
    }),
  };
}

const documentsOf = ({ some, scaled, ranged, whole, chance }) => ({
  documents: ranged(scaled(1, 2000), { suffix: 'M', unit: ' tokens' }),
  ...some({ retrieved: [0.7, () => (chance(0.7) ? whole(500, 6000) : '1000..4000')] }),
});

const developmentOf = (draws) => ({
  share: draws.share(0.01, 0.2),
  ...draws.some({ data: [0.8, () => dataOf(draws)] }),
});

function teamOf({ some, oneOf, chance, ranged, between, scaled, round }) {
  const people = (low, high) =>
    ranged(between(low, high), { unit: chance(0.5) ? ' FTE' : '', rounded: (x) => round(x, 2) });
  return some({
    devops: [0.8, () => people(0.5, 5)],
    mlInfra: [0.6, () => people(0.2, 3)],
    free: [0.4, () => people(0.2, 2)],
    yearlyCost: [0.4, () => ranged(scaled(50, 250), { suffix: 'k', rounded: (x) => round(x, 2) })],
    mayHire: [0.5, () => chance(0.5)],
    launchWithin: [0.3, () => oneOf([4, '8 weeks', '3 months', '26 weeks', '2 weeks'])],
  });
}

function todayOf({ some, oneOf, scaled, ranged }, tasks) {
  const named = tasks.every(({ name }) => name !== undefined) && tasks.length > 1;
  const plan = tasks.map(({ name }) => `${name}=${oneOf(names.optionIds)}`).join(';');
  return {
    option: named && plan.length <= 200 ? plan : oneOf(names.optionIds),
    ...some({ bill: [0.7, () => ranged(scaled(100, 60_000), { unit: oneOf(['', '/month', ' USD/month']) })] }),
  };
}

const existingOf = ({ chance, oneOf, whole }) =>
  [oneOf(names.ownable), ...(chance(0.2) ? [oneOf(names.ownable)] : [])]
    .filter((name, index, all) => all.indexOf(name) === index)
    .map((accelerator) => ({ accelerator, count: whole(1, 6) }));

const measuredOf = ({ oneOf, between, ranged, round, chance }) => [
  {
    model: oneOf(names.openModels),
    accelerator: oneOf(names.cards),
    ofPredicted: chance(0.5)
      ? `${Math.round(between(60, 130))}%`
      : ranged(between(0.6, 1.2), { rounded: (x) => round(x, 2) }),
  },
];

function devicesOf({ some, scaled, ranged, oneOf, whole }) {
  const first = whole(20, 70);
  const [one, other] = [oneOf(names.devices.slice(0, 2)), oneOf(names.devices.slice(2))];
  return {
    count: ranged(scaled(100, 200_000), { rounded: (x) => Math.round(x) }),
    ...some({ classes: [0.8, () => ({ [one]: `${first}%`, [other]: `${whole(5, 100 - first)}%` })] }),
  };
}

const budgetOf = ({ scaled, round, oneOf }) => oneOf([(x) => x, (x) => `$${x}`])(round(scaled(300, 120_000), 2));

function objectiveOf({ oneOf, chance, some, round, between }) {
  const weight = () => round(between(0, 5), 2);
  const weights = () => ({
    ...some({ sensitivity: [0.6, weight], capability: [0.7, weight], team: [0.6, weight], latency: [0.6, weight] }),
    volume: round(between(0.5, 5), 2),
  });
  return { objective: oneOf(['balanced', 'balanced', 'quality']), ...(chance(0.7) && { weights: weights() }) };
}

function wishesOf({ oneOf, chance, some, whole }) {
  const only = () =>
    oneOf([
      ['cloud-api'],
      ['cloud-api', 'open-model-api'],
      ['self-hosted-cloud', 'on-demand'],
      ['self-hosted-cloud', 'on-prem', 'cloud-api'],
      ['aws', 'aws-bedrock', 'azure'],
      ['serverless-gpu', 'managed-hosting'],
      ['on-prem', 'colocation'],
    ]);
  const exclude = () =>
    oneOf([['spot'], ['spot', 'reserved-3y'], ['edge'], ['failover', 'overflow'], ['vast', 'runpod'], ['own-room']]);
  const first = chance(0.35);
  return some({
    only: [first ? 1 : 0, only],
    exclude: [first ? 0 : 0.6, exclude],
    include: [0.35, () => ['marketplace']],
    maxDeployments: [0.35, () => whole(1, 4)],
    objective: [0.1, () => 'cost'],
  });
}

function pricesOf(draws) {
  const { some, oneOf, chance, between, ranged, round, whole, scaled } = draws;
  const rated = (x, p = 0.35) => ranged(x, { p, rounded: (y) => round(y) });
  const factor = () => between(0.5, 1.1);
  const source = ['order form 17', 'framework contract', 'offer of November'];
  const from = { source: [0.4, () => oneOf(source)] };
  const tokenRate = () => {
    const stepped = chance(0.5);
    const [provider, model, input, output] = oneOf(stepped ? names.steppedRates : names.tokenRates);
    const pair = (one, other, p) =>
      chance(p) ? { [one]: rated(input * factor()), [other]: rated(output * factor()) } : {};
    return {
      ...{ provider, model, input: rated(input * factor()), output: rated(output * factor()) },
      ...some({
        cached: [0.4, () => rated(input * 0.1)],
        cacheWrite: [0.35, () => rated(input * 1.2)],
        until: [0.3, () => oneOf(['2027-03-31', '2027-12-31', '2026-12-31'])],
        ...from,
      }),
      ...pair('batchInput', 'batchOutput', 0.4),
      ...(stepped && pair('tierInput', 'tierOutput', 0.7)),
    };
  };
  const hours = (usd) => ({
    onDemand: rated(usd * factor()),
    ...some({
      spot: [0.4, () => rated(usd * 0.4)],
      reserved1y: [0.4, () => rated(usd * 0.6)],
      reserved3y: [0.4, () => rated(usd * 0.45)],
      ...from,
    }),
  });
  const machineRate = () => {
    const [provider, instance, region, accelerator, usd] = oneOf(names.rented.slice(0, 3));
    const which = chance(0.5) ? { instance } : { accelerator };
    return { provider, ...which, ...(chance(0.5) && { region }), ...hours(usd) };
  };
  const rates = () => {
    const made = [chance(0.65) ? tokenRate() : machineRate()];
    if (chance(0.4)) made.push('instance' in made[0] || 'accelerator' in made[0] ? tokenRate() : machineRate());
    return made;
  };
  const discount = () => {
    const percent = chance(0.4)
      ? `${whole(3, 40)}%`
      : ranged(between(5, 35), { rounded: (x) => round(x, 2), most: 60 });
    const on = oneOf([
      () => ({ provider: oneOf(names.providers) }),
      () => ({ provider: oneOf(['anthropic', 'azure', 'google']), on: 'tokens' }),
      () => ({ on: oneOf([['tokens', 'hosting'], 'rental', ['rental']]) }),
      () => ({
        model: oneOf(['claude-sonnet-5', 'gpt-5-mini', 'gemini-2.5-pro']),
        ...(chance(0.5) && { on: 'tokens' }),
      }),
    ])();
    return { ...on, percent, ...some(from) };
  };
  const contract = (currency) => {
    const [provider, instance, region, , usd] = oneOf(names.rented.slice(3));
    const price = rated(usd * between(0.3, 0.7));
    return {
      ...{ provider, instance, ...(chance(0.6) && { region }), term: oneOf(['1 year', '3 years', 1]) },
      ...(currency || chance(0.3) ? { perHour: price } : { usdPerHour: price }),
      ...some({ count: [0.6, () => whole(1, 8)], ...from }),
    };
  };
  const described = chance(0.7);
  const ownModel = () => ({
    provider: described ? 'house-inference' : oneOf(['azure', 'together']),
    model: `house-model-${whole(1, 9)}`,
    ...some({
      like: [0.9, () => oneOf(['gpt-4o', 'claude-sonnet-4-5', 'llama-3.1-8b', 'qwen3.6-35b-a3b', 'gpt-5-mini'])],
      kind: [0.5, () => oneOf(['cloud-api', 'open-model-api'])],
    }),
    input: rated(scaled(0.05, 3)),
    output: rated(scaled(0.2, 12)),
    ...some({
      cached: [0.5, () => rated(scaled(0.01, 0.3))],
      cacheWrite: [0.4, () => rated(scaled(0.1, 3))],
      context: [0.6, () => oneOf([128_000, '200k tokens', 32_768])],
      maxOutput: [0.5, () => oneOf([8192, '16k'])],
      ...from,
    }),
    ...(chance(0.45) && { batchInput: rated(scaled(0.05, 1)), batchOutput: rated(scaled(0.1, 5)) }),
  });
  const ownProvider = () => ({
    ...{ provider: 'house-inference', operator: oneOf(['de', 'us', 'fr', 'nl']) },
    ...some({
      regions: [0.85, () => oneOf([['eu'], ['us', 'eea'], ['eu?']])],
      certs: [0.7, () => ['iso-27001', 'soc2-type2']],
      agreements: [0.8, () => ['dpa', 'baa?', 'scc']],
      options: [0.8, () => ['no-training', 'zdr?', 'encrypted']],
      ...from,
    }),
  });
  const currency = chance(0.3);
  const models = chance(0.4);
  return {
    ...some({ name: [0.6, () => 'contract prices'] }),
    ...(currency && {
      currency: {
        code: oneOf(['EUR', 'GBP', 'CHF']),
        usdPerUnit: rated(between(1.05, 1.3)),
        asOf: '2026-11-02',
        ...some({ source: [0.6, () => 'reference rate of the central bank'] }),
      },
    }),
    ...some({
      discounts: [0.55, () => [discount()]],
      rates: [0.6, rates],
      reserved: [0.35, () => [contract(currency)]],
    }),
    ...(models && { models: [ownModel()], ...(described && { providers: [ownProvider()] }) }),
  };
}

function assumptionsOf({ oneOf, whole, between, ranged, round, chance }) {
  const all = Object.keys(names.assumptions);
  const chosen = new Set(Array.from({ length: whole(1, 4) }, () => oneOf(all)));
  return Object.fromEntries(
    [...chosen].map((name) => {
      const [low, high] = names.assumptions[name];
      if (names.counts.has(name)) return [name, whole(low, high)];
      if (chance(0.3)) return [name, `${low}..${high}`];
      const x = between(low, high);
      return [name, ranged(x, { most: high, p: x > 0 ? 0.2 : 0, rounded: (y) => round(y) })];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

async function main() {
  const { values } = parseArgs({
    options: {
      coverage: { type: 'boolean' },
      root: { type: 'string', default: fileURLToPath(new URL('../../', import.meta.url)) },
      seeds: { type: 'string', default: '500' },
      seed: { type: 'string' },
    },
  });
  if (values.seed !== undefined) return console.log(JSON.stringify(randomScenario(Number(values.seed)), null, 2));
  const { coverageOf } = await import('./coverage.mjs');
  const root = path.resolve(values.root);
  const library = await import(pathToFileURL(path.join(root, 'dist/lib/index.js')).href);
  const schema = path.join(root, 'schema/scenario.json');
  const scenarios = Array.from({ length: Number(values.seeds) }, (_, seed) => randomScenario(seed));
  process.exitCode = (await coverageOf(scenarios, library, schema, values.coverage === true)) ? 0 : 1;
}
