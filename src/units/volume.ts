import { accept, type Reader, type Reading, readAmounts, refuse, show } from './amount.js';
import { monthsPerYear } from './month.js';
import { nearest } from './problem.js';
import { timeUnit } from './readers.js';
import { type NumberKind, toUncertain, type Uncertain } from './uncertain.js';

type Period = 'second' | 'minute' | 'hour' | 'day' | 'workday' | 'week' | 'month' | 'year';

/** An amount of work as written; not converted, as a month's length is an assumption. */
export type Volume = {
  amount: Uncertain;
  of: 'requests' | 'tokens' | 'conversations' | 'users';
  /** null for users, and for a one-off job. A workday is one of 5 days in a week of 7. */
  per: Period | null;
  /** The amount is that of the busiest hour, not the mean. */
  atPeak: boolean;
  /** The everyday word that was counted (`notes`, `calls`), if the scenario defines it. */
  noun?: string;
};

const workdaysOfWeek = 5 / 7;

/** How often a period is in a day, where a month has so many. */
export const timesPerDay = (per: Period, daysPerMonth: number): number =>
  ({
    second: 86_400,
    minute: 1440,
    hour: 24,
    day: 1,
    workday: workdaysOfWeek,
    week: 1 / 7,
    month: 1 / daysPerMonth,
    year: 1 / (monthsPerYear * daysPerMonth),
  })[per];

const namesOf = <Meaning extends string>(names: Record<Meaning, string>): ReadonlyMap<string, Meaning> =>
  new Map(
    (Object.entries(names) as [Meaning, string][]).flatMap(([meaning, words]) =>
      words.split(', ').map((word) => [word, meaning] as const),
    ),
  );

const things = namesOf<Volume['of']>({
  requests: 'request, requests, req, reqs, query, queries',
  tokens: 'token, tokens',
  conversations: 'conversation, conversations, chat, chats',
  users: 'user, users',
});
const periods = namesOf<Period>({
  second: 's, sec, second',
  minute: 'min, minute',
  hour: 'h, hr, hour',
  day: 'd, day, night, morning, evening',
  workday: 'workday, weekday, work day, working day, business day',
  week: 'wk, week',
  month: 'mo, month',
  year: 'y, yr, year',
});
/** Rates that are one word. */
const rates = new Map([
  ['rps', 'requests/s'],
  ['qps', 'requests/s'],
  ['rpm', 'requests/min'],
  ['tpm', 'tokens/min'],
]);

/** People of an organization: so many of them, each with requests of its own. */
const roles = new Set(
  [
    'employees, employee, staff, developers, developer, engineers, engineer, agents, agent, nurses, nurse, doctors, doctor',
    'clinicians, teachers, students, workers, people, persons, seats, colleagues, analysts, lawyers, clerks, members',
    'programmers, operators, technicians, researchers, advisers, advisors, salespeople, subscribers',
  ].flatMap((words) => words.split(', ')),
);
/** What may be one answer of the model, or a conversation of many. */
const dialogs = new Set(
  [
    'call, calls, session, sessions, ticket, tickets, dialog, dialogs, dialogue, dialogues, case, cases, thread, threads',
    'visit, visits, interview, interviews, customer, customers, visitor, visitors, patient, patients, caller, callers',
    'guest, guests, client, clients, consultation, consultations, incident, incidents',
  ].flatMap((words) => words.split(', ')),
);
/** Measures of something else, and numbers: no work is counted in them. */
const measures = new Set(
  [
    'byte, bytes, bit, bits, kilobytes, megabytes, gigabytes, terabytes, word, words, character, characters, chars',
    'gpu, gpus, card, cards, machine, machines, server, servers, device, devices, watt, watts, kwh, percent, flops, tps',
    'usd, dollar, dollars, eur, euro, euros, cents, thousands, millions, billions, mio, mln, lakh, crore, hundred, dozen',
  ].flatMap((words) => words.split(', ')),
);

const lastWord = (noun: string): string => noun.split(/[ -]/).at(-1) ?? '';

/** Whether one of these may be a conversation of several requests: `calls`, `support tickets`. */
export const mayBeConversation = (noun: string): boolean => dialogs.has(lastWord(noun));

/** Whether these are people who each have requests of their own: `developers`. */
export const areUsers = (noun: string): boolean => roles.has(lastWord(noun));

const isMeasure = (noun: string): boolean =>
  noun.length < leastNoun ||
  !/[aeiouy]/.test(noun) ||
  timeUnit(noun) !== null ||
  measures.has(noun) ||
  measures.has(lastWord(noun));
const leastNoun = 3;

const volumeForm =
  /^(?<thing>[a-z -]*?) ?(?:(?:\/|\b(?:per|an?|each|every) ) ?(?<period>[a-z ]+?))?(?<peak> at peak)?$/;
const examples =
  '50k conversations/day, 1M requests per month, 4k notes/day, 2M tokens/day, 12 requests/s at peak, 300 users, 40k..60k requests/day';
const forms = `${examples}; a bare number is requests/day`;
const hint = `write ${forms}`;

/** Every form of a volume, in a sentence for one who looks them up. */
export const volumeForms =
  `${forms}; a number, a range low..high or {low, likely, high}, of requests, conversations (with turns), tokens, users (with ` +
  'requestsPerUser) or any noun, per second, minute, hour, day, night, workday, week, month or year, the busiest hour with at ' +
  'peak; 1M requests alone with once: true';

const noun = '[A-Za-z]+(?:(?:-| )[A-Za-z]+){0,3}';
const unit = `(?:(?:${noun})? ?(?:/|per|an|a|each|every) ?(?:${[...periods.keys()].join('|')})|${[...rates.keys()].join('|')})(?: at peak)?|${noun}`;
const amountKind: NumberKind = {
  ...{ what: 'a volume', forms, unit, toUnit: ({ value }) => value },
  ...{ least: 0, aboveZero: true },
};

/**
 * Reads a volume: `50k conversations/day`, `4k notes/night`, `12 requests/s at peak`, `300 users`; a bare number is
 * requests a day. Any other noun is work, kept for the scenario to define.
 */
export const readVolume: Reader<Volume> = Object.assign(readVolumeIn, {
  written: { title: 'a volume; a bare number is requests/day', unit, least: 0, aboveZero: true },
});

/** `4,000 notes` and `1,000,000/day`, but no bare number, and neither `1,5 notes` nor `1,00 notes`. */
const thousands = /(?<![\d.,])\d{1,3}(?:,\d{3})+(?= ?[A-Za-z/])/g;

function readVolumeIn(value: unknown): Reading<Volume> {
  // Work is counted: what stands behind a comma is no fraction of a request.
  const amounts = readAmounts(
    typeof value === 'string' ? value.replace(thousands, (digits) => digits.replaceAll(',', '')) : value,
  );
  if (!amounts.ok) return refuse(`${amounts.message} (${hint})`);
  const { all } = amounts.value;
  const { unit } = all[0];
  if (all.some((part) => part.unit !== unit))
    return refuse(`${show(value)} mixes units: give every number the same one`);
  if (all.some(({ dollars }) => dollars)) return refuse(`${show(value)} is money, not a volume (${hint})`);
  const meaning = readUnit(unit);
  if (!meaning.ok) return refuse(`${show(value)}: ${meaning.message}`);
  const amount = toUncertain(amounts.value, amountKind, value);
  return amount.ok ? accept({ amount: amount.value, ...meaning.value }) : amount;
}

/** What is counted: one of the words of the format, or a noun; or why it is neither. */
function readThing(thing: string): Reading<Pick<Volume, 'of' | 'noun'>> {
  if (thing === '') return accept({ of: 'requests' });
  const of = things.get(thing);
  if (of !== undefined) return accept({ of });
  // A slip of the pen in one of these would change what is counted.
  const near = nearest(thing, ['tokens', 'conversations', 'users']);
  if (near !== null) return refuse(`${show(thing)} is not a unit of volume: did you mean \`${near}\`?`);
  if (isMeasure(thing)) return refuse(`${show(thing)} is not a unit of volume (${hint})`);
  return accept({ of: 'requests', noun: thing });
}

function readUnit(written: string): Reading<Omit<Volume, 'amount'>> {
  if (written === '') return accept({ of: 'requests', per: 'day', atPeak: false });
  const plain = written.toLowerCase().replace(/^[a-z]+/, (word) => rates.get(word) ?? word);
  const found = volumeForm.exec(plain)?.groups;
  if (!found) return refuse(`${show(written)} is not a unit of volume (${hint})`);
  const thing = readThing((found.thing ?? '').trim());
  if (!thing.ok) return thing;
  const isPeople = thing.value.of === 'users' || areUsers(thing.value.noun ?? '');
  const atPeak = found.peak !== undefined;
  if (isPeople && (found.period !== undefined || atPeak))
    return refuse(
      `people have no period: say how many there are, as in \`300 users\`, and how much each does in requestsPerUser`,
    );
  if (found.period === undefined && !atPeak) return accept({ ...thing.value, per: null, atPeak: false });
  if (found.period === undefined) return refuse(`say how often, as in /day or per month (${hint})`);
  const per = periods.get(found.period);
  if (per === undefined) return refuse(`${show(found.period)} is not a period of volume (${hint})`);
  if (atPeak && !['second', 'minute', 'hour'].includes(per)) {
    return refuse(`at peak means the busiest hour: give it per second, minute or hour (${hint})`);
  }
  return accept({ ...thing.value, per, atPeak });
}
