import type { Tables } from '../../tables/tables.js';
import { areUsers, mayBeConversation, readVolume } from '../../units/volume.js';
import { setIn } from '../../workload/source.js';
import { enums } from '../../workload/words.js';

export type Answer = string | readonly string[];
export type Answers = Record<string, Answer>;
export type Choice = { value: string; label: string; hint?: string };

/** A question of `init`, its answer in the form that a file of answers has too. */
export type Question = {
  key: string;
  asks: string;
  /** What may be chosen; absent: free text. */
  choices?: (tables: Tables) => Choice[];
  several?: true;
  /** Free text or no choice may stay empty: nothing is written then. */
  optional?: true;
  /** What is there at the beginning. */
  initial?: Answer;
  placeholder?: string;
  /** Whether it is asked after these answers. Default: always. */
  when?: (answers: Answers) => boolean;
  /** What an answer writes, by path. */
  writes: (answer: Answer, answers: Answers) => Record<string, unknown>;
};

const text = (answer: Answer | undefined): string => (typeof answer === 'string' ? answer : (answer?.[0] ?? '')).trim();
const list = (answer: Answer | undefined): string[] =>
  (typeof answer === 'string' ? answer.split(',') : [...(answer ?? [])]).map((each) => each.trim()).filter(Boolean);
const at = (path: string) => (answer: Answer) => ({ [path]: text(answer) });
const listAt = (path: string) => (answer: Answer) => ({ [path]: list(answer) });
/** Whether a volume counts these, or may. */
const isOf = (volume: Answer | undefined, of: 'users' | 'conversations'): boolean => {
  const read = readVolume(text(volume));
  if (!read.ok) return false;
  const { noun = '' } = read.value;
  return read.value.of === of || (of === 'users' ? areUsers(noun) : mayBeConversation(noun));
};
const usual = 'usual';
const orUsual = (path: string) => (answer: Answer) => (text(answer) === usual ? {} : { [path]: text(answer) });
/** The same for every task. */
const ofEach = (key: string, value: unknown, answers: Answers): Record<string, unknown> =>
  Object.fromEntries(list(answers.tasks).map((_, index) => [`tasks.${index}.${key}`, value]));
const protectedData = ({ sensitivity }: Answers): boolean => ['pii', 'regulated'].includes(text(sensitivity));
const onDevices = ({ sensitivity, boundary }: Answers): boolean =>
  text(sensitivity) === 'device-only' || text(boundary) === 'device';
const words = (all: readonly string[], hints: Readonly<Record<string, string>> = {}): Choice[] =>
  all.map((value) => ({ value, label: hints[value] ?? value, ...(hints[value] && { hint: value }) }));
const usualOr = (label: string, all: Choice[]): Choice[] => [{ value: usual, label }, ...all];

/** In the order of what excludes most, money later. */
export const questions: readonly Question[] = [
  {
    key: 'tasks',
    asks: 'What is it for? Choose each kind of request',
    several: true,
    choices: ({ tasks }) =>
      tasks.map(({ task, inputTokens, outputTokens }) => ({
        value: task,
        label: task.replaceAll('-', ' '),
        hint: `usually ${inputTokens} tokens in, ${outputTokens} out`,
      })),
    writes: (answer) => Object.fromEntries(list(answer).map((type, index) => [`tasks.${index}.type`, type])),
  },
  {
    key: 'shares',
    asks: 'Share of each in all requests, in that order',
    placeholder: '70%, 30%',
    when: ({ tasks }) => list(tasks).length > 1,
    writes: (answer) => Object.fromEntries(list(answer).map((share, index) => [`tasks.${index}.share`, share])),
  },
  {
    key: 'volume',
    asks: 'How much? Requests, conversations or tokens per day or month, or users',
    initial: '1000 requests/day',
    writes: at('workload.volume'),
  },
  {
    key: 'requestsPerUser',
    asks: 'Requests per user and day',
    initial: '10',
    when: ({ volume }) => isOf(volume, 'users'),
    writes: at('workload.requestsPerUser'),
  },
  {
    key: 'turns',
    asks: 'Requests per conversation',
    initial: '4',
    when: ({ volume }) => isOf(volume, 'conversations'),
    writes: at('workload.turns'),
  },
  {
    key: 'documents',
    asks: 'How many documents are searched? Empty: not known',
    placeholder: '20k',
    optional: true,
    when: ({ tasks }) => list(tasks).includes('rag-answering'),
    writes: (answer) => ({ 'needs.rag': { documents: text(answer) } }),
  },
  {
    key: 'sensitivity',
    asks: 'What data are in the requests?',
    initial: 'internal',
    choices: () =>
      words(enums.sensitivity, {
        public: 'what anybody may read',
        internal: 'of the company, nothing about people',
        pii: 'about people: names, addresses, mail',
        regulated: 'a law or contract decides: health, payment, criminal justice',
        'device-only': 'must not leave the device',
      }),
    writes: at('data.sensitivity'),
  },
  {
    key: 'regimes',
    asks: 'Which laws and standards apply?',
    several: true,
    optional: true,
    when: protectedData,
    choices: ({ regimes }) =>
      words([...new Set(regimes.map(({ regime }) => regime))].filter((name) => name !== 'none')),
    writes: listAt('data.regimes'),
  },
  {
    key: 'residency',
    asks: 'Where must data stay?',
    initial: usual,
    when: protectedData,
    choices: () =>
      usualOr('anywhere that the laws allow', words(['eea', 'us', 'uk', 'ch', 'ca', 'jp', 'au', 'in', 'br', 'kr'])),
    writes: (answer) => (text(answer) === usual ? {} : { 'data.residency': list(answer) }),
  },
  {
    key: 'agreements',
    asks: 'Which agreements are signed, or would you sign, with a provider?',
    several: true,
    optional: true,
    initial: ['dpa'],
    when: protectedData,
    choices: () =>
      words(['dpa', 'baa', 'scc'], {
        dpa: 'data processing agreement',
        baa: 'business associate agreement (health, US)',
        scc: 'standard contractual clauses (EU)',
      }),
    writes: (answer) => ({ 'data.agreements': { canSign: list(answer) } }),
  },
  {
    key: 'boundary',
    asks: 'How far may data go?',
    initial: usual,
    when: (answers) => text(answers.sensitivity) !== 'device-only',
    choices: () =>
      usualOr(
        'as is usual for such data',
        words(enums.boundary, {
          'own-premises': 'only to machines of your own',
          'own-account': 'to your own cloud account',
          'under-contract': 'to providers under contract',
        }),
      ),
    writes: orUsual('data.boundary'),
  },
  {
    key: 'offline',
    asks: 'Must it work without a network?',
    initial: 'no',
    choices: () => words(['no', 'yes']),
    writes: (answer) => (text(answer) === 'yes' ? { 'needs.offline': true } : {}),
  },
  {
    key: 'devices',
    asks: 'How many devices are there?',
    placeholder: '20k',
    when: onDevices,
    writes: at('devices.count'),
  },
  {
    key: 'chip',
    asks: 'What chip do most of them have?',
    when: onDevices,
    choices: ({ accelerators }) =>
      words(
        accelerators.filter(({ kind }) => kind === 'phone' || kind === 'soc').map(({ accelerator }) => accelerator),
      ),
    writes: (answer) => ({ 'devices.classes': { [text(answer)]: '100%' } }),
  },
  {
    key: 'quality',
    asks: 'How good must answers be?',
    initial: usual,
    choices: () => usualOr('as is usual for the task', words(enums.tier)),
    writes: (answer, answers) => (text(answer) === usual ? {} : ofEach('capability', { tier: text(answer) }, answers)),
  },
  {
    key: 'wait',
    asks: 'How long may an answer take to begin? Empty: as is usual; a day or more: nobody waits',
    placeholder: '800ms, 2s or 24h',
    optional: true,
    writes: (answer, answers) =>
      /\d\s*(?:h|hours?|d|days?)\s*$/.test(text(answer))
        ? ofEach('deadline', text(answer), answers)
        : ofEach('latency', { ttftP95: text(answer) }, answers),
  },
  {
    key: 'profile',
    asks: 'When is the load?',
    initial: 'business-hours',
    choices: ({ profiles }) => words(profiles.map(({ profile }) => profile)),
    writes: at('workload.profile'),
  },
  {
    key: 'growth',
    asks: 'How does it grow? Empty: not',
    placeholder: '5% per month',
    optional: true,
    writes: at('workload.growth'),
  },
  { key: 'horizon', asks: 'How far to look?', initial: '12 months', writes: at('workload.horizon') },
  {
    key: 'devops',
    asks: 'Who runs it: people who run services, in full-time people. Empty: not said',
    placeholder: '1',
    optional: true,
    writes: at('team.devops'),
  },
  {
    key: 'mlInfra',
    asks: 'And people who run GPUs and model servers? Empty: not said',
    placeholder: '0.5',
    optional: true,
    writes: at('team.mlInfra'),
  },
  {
    key: 'today',
    asks: 'What is in use today? Empty: nothing',
    placeholder: 'cloud-api/PROVIDER/MODEL',
    optional: true,
    writes: at('today.option'),
  },
  {
    key: 'bill',
    asks: 'What does that cost? Empty: not said',
    placeholder: '9000/month',
    optional: true,
    when: ({ today }) => text(today) !== '',
    writes: at('today.bill'),
  },
  {
    key: 'budget',
    asks: 'The most it may cost a month, in USD. Empty: no limit',
    placeholder: '5000',
    optional: true,
    writes: at('budget.monthly'),
  },
  {
    key: 'owned',
    asks: 'Cards that you own. Empty: none',
    placeholder: '8 x CARD',
    optional: true,
    writes: (answer) => {
      const [, count = '1', accelerator = text(answer)] = /^(\d+)\s*(?:x|×)?\s+(.*)$/.exec(text(answer)) ?? [];
      return { 'existing.0.accelerator': accelerator, 'existing.0.count': Number(count) };
    },
  },
];

/** Whether a question is answered by nothing. */
const isEmpty = (answer: Answer | undefined): boolean => list(answer).length === 0;

/** The questions that come up with these answers. */
export const askedWith = (answers: Answers): Question[] => questions.filter(({ when }) => when?.(answers) ?? true);

/**
 * The scenario that answers say, as plain data; what has no answer is not written.
 *
 * @param those the questions: at a terminal what was not asked has no effect, and of a file each answer is meant
 */
export function scenarioOf(answers: Answers, those: readonly Question[] = askedWith(answers)): Record<string, unknown> {
  const tree: Record<string, unknown> = { version: 1, workload: {}, tasks: [] };
  for (const question of those)
    for (const [path, value] of Object.entries(writtenBy(question, answers))) {
      const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
      const list = steps[0] as string;
      if (steps[1] === 0) tree[list] ??= [];
      setIn(tree, steps, plainNumber(value));
    }
  return tree;
}

/** What the answer to a question writes, by path. */
export const writtenBy = ({ key, writes }: Question, answers: Answers): Record<string, unknown> => {
  const answer = answers[key];
  return answer === undefined || isEmpty(answer) ? {} : writes(answer, answers);
};

/** Digits alone are a number, not a text. */
const plainNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
