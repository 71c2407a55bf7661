import { expect, test } from 'vitest';
import { readScenario } from '../../src/workload/read.js';
import { shippedTables } from '../support/load.js';

/** A quality below what is usual for the type of a task: pricing/catalog/tasks.csv, tiers.csv and capability.csv. */

const tables = await shippedTables();
const told = (type: string, capability: string) =>
  readScenario(`version: 1\nworkload: {volume: 500}\ntasks: [{type: ${type}, capability: ${capability}}]\n`, {
    file: 'x.yaml',
    tables,
  }).problems.map(({ severity, code, line, message }) => [severity, code, line, message]);

test.each([
  [
    'creative-writing',
    '{tier: general}',
    '`tier: general` asks for a quality of 34, and 52 is usual for creative-writing',
  ],
  ['code-agent', '{tier: strong}', '`tier: strong` asks for a quality of 67, and 78 is usual for code-agent'],
  ['creative-writing', '{minIndex: 40}', 'this asks for a quality of 40, and 52 is usual for creative-writing'],
  [
    'rag-answering',
    '{atLeast: gpt-3.5-turbo}',
    '`atLeast: gpt-3.5-turbo` asks for a quality of 30, and 42 is usual for rag-answering',
  ],
])('%s at %s is told with both numbers', (type, capability, message) => {
  expect(told(type, capability)).toEqual([['warning', 'below-usual', 3, message]]);
});

test.each([
  ['creative-writing', '{tier: strong}'],
  ['faq-chat', '{minIndex: 34}'],
  ['rag-answering', '{atLeast: gpt-4o}'],
  ['summarization', '{relative: 95%}'],
])('%s at %s is not', (type, capability) => expect(told(type, capability)).toEqual([]));
