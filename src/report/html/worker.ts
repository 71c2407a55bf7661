/// <reference lib="dom" />
import { assess } from '../../analyses/assess.js';
import { type CompiledSnapshot, type CompiledTables, decodeTables } from '../../tables/compiled.js';
import { applyPriceBook } from '../../tables/price-book/apply-price-book.js';
import type { Tables } from '../../tables/tables.js';
import { readPriceBook } from '../../workload/document.js';
import { readScenario } from '../../workload/read.js';
import { kindsText } from '../plan-words.js';
import type { Question, WorkerAnswer } from './what-if.js';
import { summary } from './what-if.js';

/** The engine within a page: gets a question once, and answers changes as `assess --point --set`. */
let asked: { question: Question; tables: Tables } | null = null;
const prose = () => ({ source: '', date: '', note: '' });
const tool = { name: '', version: '' };

self.onmessage = ({ data }: MessageEvent<Question | { id: number; set: string[] }>) => {
  if ('text' in data) asked = { question: data, tables: tablesOf(data) };
  else if (asked !== null) self.postMessage(answer(data, asked.question, asked.tables));
};

function tablesOf({ tables: compiled, book, asOf }: Question): Tables {
  const tables = decodeTables(compiled as CompiledSnapshot, compiled as CompiledTables);
  const read = book === null ? null : readPriceBook(book.text, book.file).read;
  return read === null ? tables : applyPriceBook(tables, prose, read.book, asOf).tables;
}

function answer({ id, set }: { id: number; set: string[] }, question: Question, tables: Tables): WorkerAnswer {
  const { text, file, asOf } = question;
  const { scenario, problems } = readScenario(text, { file, set: [...question.set, ...set], tables, asOf });
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (scenario === null || errors.length > 0)
    return { id, problems: errors, html: '', monthlyCost: null, plan: null, type: '' };
  const decision = assess(scenario, tables, { asOf, point: true, prose, tool });
  const { monthlyCost, plan, kinds } = decision.recommendation;
  return { id, problems: [], html: summary(decision).text, monthlyCost, plan, type: kindsText(kinds) };
}
