import type { Around, Complaint } from './parse.js';
import {
  factsAsked,
  factsOf,
  figureForms,
  placeholderForm,
  placeholdersOf,
  startForm,
  stepKeys,
} from './playbook-words.js';
import type { PlaybookRow } from './rows.js';

const reference = (header: string, message: string): Complaint => ({ header, code: 'unknown-reference', message });

/** Names of parameters that a row may speak of as of facts that are numbers. */
const isParameter = (name: string, { rows }: Around): boolean =>
  [...rows.owning, ...rows.latency, ...rows.assumptions].some((row) => row.name === name);

const isNumber = (name: string, row: PlaybookRow, around: Around): boolean =>
  factsOf(row.each).get(name) === 'number' || isParameter(name, around);

function applies(row: PlaybookRow): Complaint[] {
  const known = factsOf(row.each);
  const form = /^\s*(!?\s*[a-zA-Z]+\s*([&|]\s*!?\s*[a-zA-Z]+\s*)*)?$/;
  if (!form.test(row.applies))
    return [{ header: 'applies', code: 'bad-expression', message: 'must be facts joined by & and |, ! before one' }];
  return factsAsked(row.applies)
    .filter((name) => !known.has(name))
    .map((name) => reference('applies', `"${name}" is not a fact of a plan`));
}

/** A figure comes from a fact, so that it is a number of the result; and every fact is one that there is. */
function texts(row: PlaybookRow, around: Around): Complaint[] {
  const known = factsOf(row.each);
  const columns = { text: row.text, trigger: row.trigger ?? '' };
  return Object.entries(columns).flatMap(([header, text]) => [
    ...(/[\d{}]/.test(text.replace(placeholderForm, ''))
      ? [{ header, code: 'figure-in-text', message: 'a figure or brace stands outside a fact in braces' }]
      : []),
    ...placeholdersOf(text).flatMap(({ name, form }) => placeholder(header, name, form)),
  ]);

  function placeholder(header: string, name: string, form: string | null): Complaint[] {
    if (isNumber(name, row, around))
      return figureForms.some((known) => known === form)
        ? []
        : [{ header, code: 'bad-form', message: `{${name}} is a number: write {${name}:${figureForms.join('|')}}` }];
    const type = known.get(name);
    if (type === undefined) return [reference(header, `{${name}} is no fact of a plan and no parameter`)];
    if (type === 'flag' || form !== null)
      return [{ header, code: 'bad-form', message: `{${name}} is ${type === 'flag' ? 'a flag' : 'no number'}` }];
    return [];
  }
}

function dating(row: PlaybookRow, around: Around): Complaint[] {
  const [, , , name] = startForm.exec(row.starts) ?? [];
  if (!startForm.test(row.starts))
    return [
      {
        header: 'starts',
        code: 'unknown-value',
        message: `"${row.starts}" is none of today, next, with, ready, after:<date>, on:<date>`,
      },
    ];
  return [
    ...(name !== undefined && factsOf(row.each).get(name) !== 'date'
      ? [reference('starts', `"${name}" is not a date of a plan`)]
      : []),
    ...(row.takes !== null && !isNumber(row.takes, row, around)
      ? [reference('takes', `"${row.takes}" is neither a number of a plan nor a parameter`)]
      : []),
  ];
}

function figures(row: PlaybookRow, around: Around): Complaint[] {
  return row.figures.flatMap((text): Complaint[] => {
    const [key = '', name = ''] = text.split('=');
    if (!stepKeys.some((known) => known === key))
      return [{ header: 'figures', code: 'unknown-value', message: `"${key}" is none of ${stepKeys.join(', ')}` }];
    return isNumber(name, row, around) ? [] : [reference('figures', `"${name}" is not a number of a plan`)];
  });
}

/** Shares of the requests rise from row to row, and the last one moves the rest. */
function shares(row: PlaybookRow, { rows }: Around): Complaint[] {
  if (row.toShare === null) return [];
  const all = rows.playbook.flatMap(({ toShare }) => toShare ?? []);
  const rising = all.every((share, at) => at === 0 || share > (all[at - 1] as number));
  if (rising && all.at(-1) === 1) return [];
  return [{ header: 'to_share', code: 'range-order', message: `shares must rise to 1: ${all.join(', ')}` }];
}

/** What must hold within a row of playbook.csv. */
export const playbookRules: ((row: PlaybookRow, around: Around) => Complaint[])[] = [
  applies,
  texts,
  dating,
  figures,
  shares,
];
