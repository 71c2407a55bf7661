import type { Decision, NearestMiss } from '../decide/decision.js';
import { boundary } from '../rules/data.js';
import { devices } from '../rules/place.js';
import { type Document, gap, indented, section } from './document.js';
import { counted, grouped, money, seconds } from './numbers.js';
import { findOption, markOfPlans, per, planName, sentence } from './plan-words.js';

/** No plan meets the hard rules: which rules exclude options, the nearest misses and remedies. */
export function nothingFits(decision: Decision): Document {
  const why = `None of ${counted(decision.considered.total, 'option')} keeps every hard rule.`;
  const reasons = [...decision.recommendation.reasons, ...rejections(decision), ...fitAlone(decision)];
  const help = changes(decision);
  return [
    section('NOTHING FITS', '', 'bad'),
    ...[why, ...reasons.map(sentence)].map((text) => indented(text, 2, { hang: 0 })),
    ...nearest(decision),
    ...(help.length === 0 ? [] : [gap, section('WHAT WOULD HELP'), ...help.map((text) => indented(sentence(text), 2))]),
  ];
}

/** How many options each rule excluded, in words, the strictest first. */
export function rejections({ considered }: Decision): string[] {
  const counts = Object.entries(considered.rejectedBy).filter(([, count]) => count > 0);
  if (counts.length === 0) return [];
  // Sorting is stable, so rules with equal counts keep their order.
  const texts = counts
    .sort(([, a], [, b]) => b - a)
    .map(([gate, count]) => `${grouped(count)} ${wordsOf(gate).turnedDown}`);
  return [`excluded: ${texts.join(', ')}`];
}

/** Options within all rules of their own: rules on whole plans, on people or a budget, exclude their plans. */
function fitAlone({ considered: { feasible, rejectedBy } }: Decision): string[] {
  if (feasible === 0) return [];
  // The speed of machines is known only for those that may be cheap enough.
  if (Object.entries(rejectedBy).some(([gate, count]) => count > 0 && wordsOf(gate).ofSpeed))
    return [
      `${grouped(feasible)} keep every rule but those on latency, as far as it is told before machines are sized`,
    ];
  return [`${grouped(feasible)} would do by themselves, but no plan of them keeps what is asked of plans as a whole`];
}

/** Misses beyond the data boundary, which nobody may loosen, only where there are no others. */
function withinData({ nearestMisses }: Decision): NearestMiss[] {
  const inside = nearestMisses.filter(({ gate }) => gate !== boundary.id);
  return inside.length === 0 ? nearestMisses : inside;
}

function nearest(decision: Decision): Document {
  const misses = withinData(decision);
  if (misses.length === 0) return [];
  const rows = misses.flatMap((miss) => {
    const price =
      miss.monthlyCost === null
        ? 'no price'
        : `${money(miss.monthlyCost)}${markOfPlans(decision, miss.option)}${per(decision)}`;
    const asked = wordsOf(miss.gate).ofSpeed ? ` (asked: ${miss.need.replace(/^.*(?=[<>]=)/, '')})` : '';
    const details = [
      `${miss.task}${miss.have === 'unknown' ? ` needs ${miss.need}, which is unknown` : `: ${wordsOf(miss.gate).turnedDown}`}${miss.reason === '' ? '' : `: ${miss.reason}${asked}`}`,
      onSomeDevices(decision, miss),
      alsoTurnedDown(miss),
    ];
    return [
      indented(`${planName(decision, miss.option)}, ${price}`, 2),
      ...details.filter((text) => text !== '').map((text) => indented(sentence(text), 4, { hang: 0 })),
    ];
  });
  return [gap, section('CLOSEST OPTIONS'), ...rows];
}

/** What those devices see that do run it. */
function onSomeDevices(decision: Decision, { gate, have, option }: NearestMiss): string {
  if (gate !== devices.id || !/^[1-9]/.test(have)) return '';
  const waits = findOption(decision, option)?.ttftP95Ms ?? null;
  return `${have} run it${waits === null ? '' : `; answers start within ${seconds(waits)} there, in 95 of 100 requests`}`;
}

/** A speed as in a scenario, rounded to the slower side: milliseconds up, tokens a second down. */
const speedText = (path: string, value: number): string =>
  path.endsWith('tokensPerSecond') ? `${Math.floor(value)} tokens/s` : `${grouped(Math.ceil(value))} ms`;

/** The rules that a near miss would still miss. */
function alsoTurnedDown({ task, stillFails }: NearestMiss): string {
  if (stillFails.length === 0) return '';
  const names = stillFails.map((one) =>
    one.task === task || one.task === 'all' ? one.gate : `${one.gate} for ${one.task}`,
  );
  return `it misses ${[...new Set(names)].join(', ')} too`;
}

/** What is written there follows from what was signed or done. */
const signs: readonly { path: RegExp; how: string }[] = [
  { path: /\.agreements$/, how: 'if you can sign these' },
  { path: /\.declared$/, how: 'once these are done' },
];

/** One suggestion per rule and task, nearest miss first. Where one suffices alone, insufficient ones are left out. */
function changes(decision: Decision): string[] {
  const { why } = decision.recommendation;
  const nearestMisses = withinData(decision);
  const sufficing = nearestMisses.filter(({ stillFails }) => stillFails.length === 0);
  const told = sufficing.length > 0 || why.length > 0 ? sufficing : nearestMisses;
  const texts = told.map((miss) => `${miss.task}: ${changeFor(miss)}${advisedThen(miss, decision)}`);
  const alone =
    told === sufficing || told.length === 0 ? [] : ['none of these suffices by itself: see what each misses too'];
  return [...new Set(texts), ...alone];
}

function changeFor({ gate, turnsAt }: NearestMiss): string {
  const { change, otherwise = change, ofSpeed } = wordsOf(gate);
  if (turnsAt === null) return otherwise;
  const { path, value } = turnsAt;
  if (ofSpeed && typeof value === 'number') return `${change} to ${speedText(path, value)}`;
  if (path.startsWith('budget.') && typeof value === 'number') return `raise ${path} to ${money(value)}`;
  // A word or list to write is shown; the distance of a number is shown above.
  if (typeof value !== 'string') return change;
  const sign = signs.find((one) => one.path.test(path));
  return sign === undefined ? `set ${path} to ${value}` : `write ${path}: ${value}, ${sign.how}`;
}

/** What is advised where a change is made. */
const advisedThen = ({ advised }: NearestMiss, decision: Decision): string =>
  advised === null ? '' : `; then ${advised.label} costs ${money(advised.monthlyCost)}${per(decision)}`;

/**
 * Texts for a hard rule: what an excluded option is, and what would allow one, with a field's value or without.
 * `ofSpeed`: known for machines only after sizing.
 */
type GateWords = { turnedDown: string; change: string; otherwise?: string; ofSpeed?: true };

const gateWords: Readonly<Record<string, GateWords>> = {
  preferences: { turnedDown: 'not wanted', change: 'widen preferences.only, or exclude less' },
  'model-wishes': { turnedDown: 'of models that are not wanted', change: 'widen preferences.only, or exclude less' },
  available: { turnedDown: 'not on sale', change: 'choose a model that is still on sale' },
  license: { turnedDown: 'not licensed for commercial use', change: 'ask the maker for a license' },
  boundary: {
    turnedDown: 'outside the data boundary',
    change:
      'name more that may run it within the boundary: devices.count and devices.classes, or machines under existing',
  },
  agreements: {
    turnedDown: 'without a contract for personal data',
    change: 'list what can be signed under data.agreements',
  },
  retention: { turnedDown: 'free to train on the data', change: 'ask the provider for terms without training' },
  regimes: {
    turnedDown: 'not allowed by the regimes',
    change: 'sign the agreements the regimes ask for',
    otherwise: 'ask for what the regimes need',
  },
  residency: {
    turnedDown: 'outside the regions asked for',
    change: 'ask providers what they process in those regions',
  },
  'fine-tuning': { turnedDown: 'unable to serve a tuned model by the token', change: 'set needs.fineTuning to false' },
  launch: { turnedDown: 'too late for the launch', change: 'allow more time under team.launchWithin' },
  modality: { turnedDown: 'unable to take or to read the input', change: 'drop one of the needs' },
  'made-for': {
    turnedDown: 'made for another purpose',
    change: 'name the model under preferences.only or capability.atLeast if you want it for this',
  },
  tools: { turnedDown: 'not known to call tools', change: 'drop the need for tools' },
  context: { turnedDown: 'with too short a context', change: 'shorten the input' },
  capability: { turnedDown: 'not capable enough', change: 'lower the capability asked for' },
  ttft: { turnedDown: 'too slow with the first token', change: 'relax latency.ttftP95', ofSpeed: true },
  speed: { turnedDown: 'too slow at writing', change: 'relax latency.tokensPerSecond', ofSpeed: true },
  'total-time': { turnedDown: 'too slow with the whole answer', change: 'relax latency.totalP95', ofSpeed: true },
  offline: { turnedDown: 'in need of a network', change: 'set needs.offline to false' },
  interruption: {
    turnedDown: 'spot machines that may be taken away while somebody waits',
    change: 'allow a deadline, or add spot to preferences.include',
  },
  availability: { turnedDown: 'down too often', change: 'ask for less availability' },
  devices: {
    turnedDown: 'too much for some of the devices',
    change: 'name all classes of devices, leave out those that cannot run it, have more of them, or shorten the input',
  },
  team: { turnedDown: 'too much work for the team', change: 'free more people, or allow hiring' },
  budget: { turnedDown: 'over the budget', change: 'raise the budget' },
  places: { turnedDown: 'in too many places', change: 'raise preferences.maxDeployments' },
  'owned-once': { turnedDown: 'in two places on the same owned machines', change: 'let one place serve both' },
};

/** The words for a gate; one we have no words for is named by its id. */
export function wordsOf(gate: string): GateWords {
  return (
    (Object.hasOwn(gateWords, gate) ? gateWords[gate] : undefined) ?? {
      turnedDown: `excluded by ${gate}`,
      change: `change what ${gate} asks for`,
    }
  );
}
