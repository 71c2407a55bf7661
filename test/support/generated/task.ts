import fc from 'fast-check';
import { enums } from '../../../src/workload/words.js';
import { dataRules } from './data.js';
import {
  type Block,
  between,
  fields,
  logUniform,
  maybe,
  oneOf,
  oneWay,
  ranged,
  seldom,
  share,
  someOf,
  text,
} from './draws.js';
import type { Names } from './names.js';
import type { Light } from './spots.js';

const floors = fc.integer({ min: 5, max: 75 });

/** Each way to say how capable a model must be. */
const capabilities = (names: Names): fc.Arbitrary<Block>[] => [
  fc.constantFrom(...names.models).map((atLeast) => ({ atLeast })),
  ...enums.tier.map((tier) => fc.constant({ tier })),
  ranged(floors, { most: 100 }).map((minIndex) => ({ minIndex })),
  share(40, 95).map((relative) => ({ relative })),
];

/** Tokens of a request: none of its parts is longer than the whole, nor its longest one shorter than the mean. */
function tokens(light: Light): fc.Arbitrary<Block | undefined> {
  const [turn, images] = [light('tokens'), light('images')];
  const percent = fc.integer({ min: 5, max: 95 });
  const lengths = fc.record({
    length: maybe(turn, logUniform(50, 150_000), 0.7),
    longest: maybe(turn, between(1.6, 2.5), 0.2),
    prefix: maybe(turn, percent, 0.3),
    session: maybe(turn, percent, 0.3),
    inTokens: fc.boolean(),
  });
  const others = fields({
    output: maybe(turn, ranged(logUniform(5, 9000)), 0.6),
    reasoning: maybe(turn, ranged(logUniform(50, 4000)), 0.15),
    cacheHitRate: maybe(turn, share(5, 98), 0.15),
    images: maybe(images, fc.integer({ min: 0, max: 8 }), 0.06),
    imageSize: maybe(images, oneOf(images, enums.imageSize), 0.06),
    audioSeconds: maybe(images, between(2, 300), 0.03),
  });
  const ofInput = lengths.chain(({ length, longest, prefix, session, inTokens }) => {
    const part = (percent: number): unknown =>
      length !== undefined && inTokens ? Math.max(1, Math.floor((length * percent) / 100)) : `${percent}%`;
    const own = prefix !== undefined && session !== undefined ? Math.floor((prefix * session) / 100) : undefined;
    return fields({
      input: length === undefined ? fc.constant(undefined) : ranged(fc.constant(length)),
      maxInput: fc.constant(length && longest && Math.round(length * longest)),
      cacheablePrefix: fc.constant(prefix && part(prefix)),
      sessionPrefix: fc.constant(own === undefined ? undefined : part(own)),
    });
  });
  return fc.tuple(ofInput, others).map(([input, more]) => {
    const all = { ...input, ...more };
    return Object.keys(all).length === 0 ? undefined : all;
  });
}

/** Targets for one answer: the whole takes no less than its first token. */
function latency(light: Light): fc.Arbitrary<Block | undefined> {
  const turn = light('latency');
  return fc
    .tuple(
      maybe(turn, oneWay(turn, [logUniform(400, 20_000), fc.constant('any')]), 0.6),
      maybe(turn, text(fc.integer({ min: 5, max: 80 }), ' tokens/s'), 0.3),
      maybe(turn, logUniform(4000, 240_000), 0.3),
    )
    .map(([ttft, tokensPerSecond, answer]) => {
      const first = typeof ttft === 'number' ? ttft : 0;
      const latency = {
        ...(ttft !== undefined && { ttftP95: ttft === 'any' ? ttft : `${ttft}ms` }),
        ...(tokensPerSecond !== undefined && { tokensPerSecond }),
        ...(answer !== undefined && { totalP95: `${first + answer}ms` }),
      };
      return Object.keys(latency).length === 0 ? undefined : latency;
    });
}

/** What the user says of parts of a task, so that they may go to places of their own. */
function parts(
  names: Names,
  light: Light,
): { easy: fc.Arbitrary<unknown>; sensitive: fc.Arbitrary<unknown>; tuned: fc.Arbitrary<unknown> } {
  const [easy, sensitive, rest, leaves, tuned] = [
    light('easy'),
    light('sensitive'),
    light('sensitive.rest'),
    light('sensitive.redaction'),
    light('tuned'),
  ];
  const redaction = fields({ type: oneOf(leaves, names.redactors), leaves: maybe(leaves, dataRules(names, leaves)) });
  const isSensitive = sensitive ?? rest ?? leaves;
  return {
    easy: maybe(
      easy,
      fields({
        share: share(10, 90),
        capability: maybe(easy, oneWay(easy, capabilities(names))),
        told: maybe(easy, oneOf(easy, enums.told)),
      }),
      0.12,
    ),
    sensitive: maybe(
      isSensitive,
      fields({
        share: share(5, 80),
        rest: maybe(rest, dataRules(names, rest), 0.3),
        redaction: maybe(leaves, redaction, 0.3),
      }),
      0.08,
    ),
    tuned: maybe(
      tuned,
      fields({
        capability: maybe(tuned, oneWay(tuned, capabilities(names))),
        cost: maybe(tuned, ranged(logUniform(200, 60_000))),
      }),
      0.1,
    ),
  };
}

/** One class of requests; how much of the volume it has is for the scenario to say. */
export function task(names: Names, light: Light, isCut: boolean): fc.Arbitrary<Block> {
  const [capability, rules, data] = [light('capability'), light('task'), light('task.data')];
  return fields({
    type: fc.constantFrom(...names.types),
    deadline: maybe(rules, oneOf(rules, ['24h', '30 min', '4h', '2 days', '10 min', 48]), 0.15),
    tokens: tokens(light),
    capability: maybe(capability, oneWay(capability, capabilities(names)), 0.5),
    latency: maybe(light('latency'), latency(light), 0.3),
    thinking: maybe(rules, oneOf(rules, enums.thinking), 0.15),
    needs: maybe(rules, oneWay(rules, [someOf(rules, ['tools', 'vision']), someOf(rules, enums.needs, 3)]), 0.12),
    availability: maybe(rules, oneOf(rules, ['99%', '99.5%', '99.9%', 0.995, '99.99%']), 0.1),
    serviceTier: maybe(rules, oneOf(rules, enums.serviceTier), 0.06),
    tools: maybe(
      rules,
      between(0.1, 4).map((calls) => ({ 'web-search': calls })),
      0.04,
    ),
    fees: maybe(
      rules,
      fields({
        perRequest: between(0.0001, 0.02),
        perToolCall: between(0.001, 0.04).map((usd) => ({ 'web-search': usd })),
      }),
      0.04,
    ),
    ...(isCut && parts(names, light)),
    data: maybe(data, dataRules(names, data), 0.06),
  }).map(consistent);
}

/** Who forbids thinking asks for no model in its thinking mode. */
function consistent(task: Block): Block {
  if (task.thinking !== 'forbidden') return task;
  const capability = task.capability as { atLeast?: string } | undefined;
  const atLeast = capability?.atLeast?.replace(/\+thinking$/, '');
  return atLeast === undefined || atLeast === capability?.atLeast ? task : { ...task, thinking: 'allowed' };
}

/** How the volume is divided among several tasks: none, all or all but one with a share, or the last with a volume of its own. */
export const divided = (tasks: fc.Arbitrary<Block>[], light: Light): fc.Arbitrary<Block[]> =>
  fc
    .tuple(
      fc.tuple(...tasks),
      fc.tuple(...tasks.map(() => fc.integer({ min: 1, max: 9 }))),
      oneWay(light('task.share'), [
        fc.constant('shares'),
        fc.constant('volume'),
        fc.constant('none'),
        fc.constant('rest'),
      ]),
      light('task.share') === null ? seldom(0.5, fc.constant(true)) : fc.constant(true),
      logUniform(20, 100_000),
    )
    .map(([written, parts, how, named, volume]) => {
      const last = written.length - 1;
      const sum = parts.reduce((total, part) => total + part, 0);
      const before = parts.slice(0, -1).reduce((total, part) => total + Math.round((part * 100) / sum), 0);
      const of = (index: number): Block => {
        if (how === 'none') return {};
        if (how === 'volume') return index === last ? { volume: `${volume} requests/day` } : {};
        if (how === 'rest' && index === last) return {};
        const percent = index === last ? 100 - before : Math.round(((parts[index] ?? 0) * 100) / sum);
        return { share: `${percent}%` };
      };
      return written.map((one, index) => ({ ...(named && { name: `task-${'abcdef'[index]}` }), ...of(index), ...one }));
    });
