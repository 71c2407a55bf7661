import table from '../../pricing/catalog/questions.tsv';
import type { Tables } from '../tables/tables.js';
import { madeOnce } from '../units/memo.js';
import { areUsers, mayBeConversation, readVolume } from '../units/volume.js';
import { setIn } from '../workload/source.js';

export type Answer = string | readonly string[];
export type Answers = Record<string, Answer>;
export type Choice = { value: string; label: string; hint?: string };

/**
 * A question of `init`, a row of `pricing/catalog/questions.tsv`; answers have the form of a file of answers. `when`:
 * one of `conditions`; `choices`: `value=label` and so on, or one of `lists`; `writes`: a path, with `#` for each
 * answer in turn, `*` for every task, `[]` for a list, `?` for yes as true, and `$=` for a map of the answer.
 */
export type Question = {
  key: string;
  asks: string;
  /** How an answer looks in a file of answers. */
  answers: string;
  /** What may be chosen; absent: free text. */
  choices?: (tables: Tables) => Choice[];
  several: boolean;
  /** Free text or no choice may stay empty: nothing is written then. */
  optional: boolean;
  /** What is there at the beginning. */
  initial: string;
  placeholder: string;
  when: string;
  writes: string;
};

const text = (answer: Answer | undefined): string => (typeof answer === 'string' ? answer : (answer?.[0] ?? '')).trim();
const list = (answer: Answer | undefined): string[] =>
  (typeof answer === 'string' ? answer.split(',') : [...(answer ?? [])]).map((each) => each.trim()).filter(Boolean);

/** Whether a volume counts these, or may. */
function isOf(volume: Answer | undefined, of: 'users' | 'conversations'): boolean {
  const read = readVolume(text(volume));
  if (!read.ok) return false;
  const { noun = '' } = read.value;
  return read.value.of === of || (of === 'users' ? areUsers(noun) : mayBeConversation(noun));
}

/** Whether a question follows from some answers. */
const conditions: Readonly<Record<string, (answers: Answers) => boolean>> = {
  'several tasks': ({ tasks }) => list(tasks).length > 1,
  users: ({ volume }) => isOf(volume, 'users'),
  conversations: ({ volume }) => isOf(volume, 'conversations'),
  documents: ({ tasks }) => list(tasks).includes('rag-answering'),
  protected: ({ sensitivity }) => ['pii', 'regulated'].includes(text(sensitivity)),
  company: ({ sensitivity }) => text(sensitivity) !== 'device-only',
  devices: ({ sensitivity, boundary }) => text(sensitivity) === 'device-only' || text(boundary) === 'device',
  today: ({ today }) => text(today) !== '',
};

const named = (all: readonly string[]): Choice[] => all.map((value) => ({ value, label: value }));

/** Choices that the tables have. */
const lists: Readonly<Record<string, (tables: Tables) => Choice[]>> = {
  tasks: ({ tasks }) =>
    tasks.map(({ task, inputTokens, outputTokens }) => ({
      value: task,
      label: task.replaceAll('-', ' '),
      hint: `usually ${inputTokens} tokens in, ${outputTokens} out`,
    })),
  regimes: ({ regimes }) => named([...new Set(regimes.map(({ regime }) => regime))].filter((name) => name !== 'none')),
  chips: ({ accelerators }) =>
    named(accelerators.filter(({ kind }) => kind === 'phone' || kind === 'soc').map(({ accelerator }) => accelerator)),
  profiles: ({ profiles }) => named(profiles.map(({ profile }) => profile)),
};

/** The answer that writes nothing. */
const usual = 'usual';

function written(choices: string): Choice[] {
  return choices.split('; ').map((one) => {
    const [value = '', label] = one.split('=');
    return label === undefined ? { value, label: value } : { value, label, ...(value !== usual && { hint: value }) };
  });
}

/** In the order of what excludes most, money later. */
export const questions = madeOnce((): readonly Question[] =>
  table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const cells = line.split('\t');
      const [key = '', asks = '', answers = '', initial = '', placeholder = ''] = cells;
      const [is = '', when = '', choices = '', writes = ''] = cells.slice(5);
      return {
        ...{ key, asks, answers, initial, placeholder, when, writes },
        several: is.includes('several'),
        optional: is.includes('optional'),
        ...(choices !== '' && { choices: lists[choices] ?? (() => written(choices)) }),
      };
    }),
);

/** Whether a question is answered by nothing. */
const isEmpty = (answer: Answer | undefined): boolean => list(answer).length === 0;

/** The questions that come up with these answers. */
export const askedWith = (answers: Answers): Question[] =>
  questions().filter(({ when }) => when === '' || conditions[when]?.(answers));

/**
 * The scenario of answers, as plain data, without unanswered keys.
 *
 * @param those the questions: at a terminal only those shown have effect, from a file all answers
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
export function writtenBy({ key, writes }: Question, answers: Answers): Record<string, unknown> {
  const answer = answers[key];
  const value = text(answer);
  if (answer === undefined || isEmpty(answer) || value === usual) return {};
  if (writes.includes('#'))
    return Object.fromEntries(list(answer).map((one, index) => [writes.replace('#', String(index)), one]));
  if (writes.includes('*')) {
    // A wait of a day or more is a deadline.
    const [first = '', other = first] = writes.split(', ');
    const path = /\d\s*(?:h|hours?|d|days?)\s*$/.test(value) ? first : other;
    return Object.fromEntries(list(answers.tasks).map((_, index) => [path.replace('*', String(index)), value]));
  }
  if (writes.endsWith('[]')) return { [writes.slice(0, -2)]: list(answer) };
  if (writes.endsWith('?')) return value === 'yes' ? { [writes.slice(0, -1)]: true } : {};
  if (writes.includes('.$=')) {
    const [map = '', held] = writes.split('.$=');
    return { [map]: { [value]: held } };
  }
  if (writes !== 'existing.0') return { [writes]: value };
  const [, count = '1', accelerator = value] = /^(\d+)\s*(?:x|×)?\s+(.*)$/.exec(value) ?? [];
  return { 'existing.0.accelerator': accelerator, 'existing.0.count': Number(count) };
}

/** Digits alone are a number, not a text. */
const plainNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
