import type { Readable, Writable } from 'node:stream';
import { intro, multiselect, select, text } from '@clack/prompts';
import type { Tables } from '../tables/tables.js';
import { readScenario } from '../workload/read.js';
import { type Answer, type Answers, askedWith, type Question, scenarioOf, writtenBy } from './questions.js';

/** Where the questions are shown and answered. */
export type Terminal = { input: Readable; output: Writable };

/** Asks the questions in turn; `esc` goes back. Null: stopped with Ctrl-C, or `esc` at the first. */
export async function ask(tables: Tables, terminal: Terminal): Promise<Answers | null> {
  let lastKey: string | undefined;
  const note = (_: unknown, key?: { name?: string }) => {
    lastKey = key?.name;
  };
  terminal.input.on('keypress', note);
  try {
    intro('A first scenario. enter takes what is shown, esc goes back, ctrl-c stops', terminal);
    const answers: Answers = {};
    const asked: Question[] = [];
    for (;;) {
      const [next] = askedWith(answers).filter((question) => !asked.includes(question));
      if (next === undefined) return answers;
      const given = await one(next, answers, tables, terminal);
      if (typeof given !== 'symbol') {
        answers[next.key] = given;
        asked.push(next);
        continue;
      }
      const before = lastKey === 'escape' ? asked.pop() : undefined;
      if (before === undefined) return null;
      delete answers[before.key];
    }
  } finally {
    terminal.input.off('keypress', note);
  }
}

function one(question: Question, answers: Answers, tables: Tables, terminal: Terminal): Promise<Answer | symbol> {
  const { asks, choices, several, optional, initial, placeholder } = question;
  const shared = { message: asks, ...terminal };
  if (choices) {
    const options = choices(tables);
    const list = { ...shared, options, maxItems: 12 };
    return several
      ? multiselect({
          ...list,
          required: !optional,
          initialValues: initial === '' ? [] : initial.split(', '),
        })
      : select({ ...list, ...(initial !== '' && { initialValue: initial }) });
  }
  return text({
    ...shared,
    ...(placeholder !== '' && { placeholder }),
    ...(initial !== '' && { initialValue: initial }),
    validate: (written = '') => {
      if (written.trim() === '') return optional ? undefined : 'write an answer';
      return wrongIn(question, written, answers, tables) ?? undefined;
    },
  });
}

/** The error of an answer alone, not of earlier ones; null: none. */
function wrongIn(question: Question, written: Answer, answers: Answers, tables: Tables): string | null {
  const paths = Object.keys(writtenBy(question, { ...answers, [question.key]: written }));
  const tree = scenarioOf({ volume: '1 requests/day', ...answers, [question.key]: written });
  const { problems } = readScenario(JSON.stringify(tree), { file: 'scenario.yaml', tables });
  const own = problems.find(
    ({ severity, path }) =>
      severity === 'error' &&
      paths.some((each) => path.split('.').at(-1) === each.split('.').at(-1) || path.startsWith(each)),
  );
  return own === undefined ? null : [own.message, own.suggestion].filter((part) => part !== null).join(': ');
}
