import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kindNames, kinds } from '../../src/tables/column.js';
import { readScenario } from '../../src/workload/read.js';
import { enums } from '../../src/workload/words.js';
import { guessesOf, wordMeant } from '../../src/workload/wrong-guesses.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';

const cases = casesIn('forgiving', {
  read: { more: z.string() },
  hints: { more: z.string(), hint: z.string() },
  types: { type: z.string(), meant: z.string() },
});

/** Names as people write them, and guesses that are answered by what to write. */

const tables = await shippedTables();
const read = (text: string) => readScenario(`version: 1\n${text}`, { file: 'x.yaml', tables });
const task = 'workload: {volume: 500}\ntasks: [{type: faq-chat}]\n';
const told = (more: string) => read(task + more).problems.map(({ suggestion }) => suggestion);

describe('names are compared without case, spaces, hyphens and underscores', () => {
  test.each(cases.read)('$more', ({ more }) => {
    const { scenario, problems } = read(task + more);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(problems.filter(({ message }) => /know|unknown/.test(message))).toEqual([]);
    expect(scenario).not.toBeNull();
  });

  test('they are read as the tables spell them', () => {
    const { scenario } = read(
      'workload: {volume: 500, profile: Business Hours}\ntasks: [{type: FAQ chat, capability: {atLeast: GPT 4o}, thinking: Forbidden, needs: Vision}]\ndata: {sensitivity: PII, regimes: GDPR, residency: Eu}\n',
    );
    expect(scenario?.scenario).toMatchObject({
      workload: { profile: 'business-hours' },
      tasks: [{ type: 'faq-chat', capability: { atLeast: 'gpt-4o' }, thinking: 'forbidden', needs: ['vision'] }],
      data: { sensitivity: 'pii', regimes: ['gdpr'], residency: ['eea'] },
    });
  });
});

describe('guesses', () => {
  test.each(cases.hints)('$more is answered by $hint', ({ more, hint }) => expect(told(more).join()).toContain(hint));

  test.each(cases.types)('a task of type $type is a $meant', ({ type, meant }) => {
    const { scenario, problems } = read(`workload: {volume: 500}\ntasks: [{type: ${type}}]\n`);
    expect(scenario?.scenario.tasks[0]?.type).toBe(meant);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'read-as', path: `tasks.${meant}.type` }]);
    expect(problems[0]?.message).toBe(`\`${type}\` is read as \`${meant}\``);
  });

  test.each(['balanced', 'Quality'])(
    'an objective of %s is read as advice, and what to write is told at its place',
    (word) => {
      const { scenario, problems } = read(`${task}preferences: {objective: ${word}}\n`);
      expect(scenario?.scenario.preferences?.objective).toBe('advice');
      expect(problems).toEqual([
        expect.objectContaining({
          severity: 'warning',
          code: 'read-as',
          message: `\`${word}\` is read as \`advice\``,
          suggestion: 'plans are no longer ranked by scores: write `advice`, or `cost` for the least cost alone',
          path: 'preferences.objective',
          line: 4,
          column: 26,
        }),
      ]);
    },
  );

  test('a word of several meanings is no type, and a strange one is answered by all types with a word each', () => {
    const [agent] = read('workload: {volume: 500}\ntasks: [{type: agent}]\n').problems;
    expect(agent).toMatchObject({ severity: 'error', suggestion: expect.stringContaining('`function-calling`') });
    const [strange] = read('workload: {volume: 500}\ntasks: [{type: zebra}]\n').problems;
    for (const type of tables.taskOf.keys()) expect(strange?.suggestion).toContain(type);
    expect(strange?.suggestion).toContain('rag-answering (rag)');
  });

  test('deployment types may be named as a report names them, or as somebody else does', () => {
    for (const kind of kinds)
      for (const name of [kindNames[kind], kindNames[kind].toUpperCase().replaceAll(' ', '-')]) {
        const { scenario, problems } = read(`${task}preferences: {only: [${name}], include: []}\n`);
        expect(problems.map(({ message }) => message)).toEqual([]);
        expect(scenario?.scenario.preferences?.only).toEqual([kind]);
      }
    const { scenario, problems } = read(`${task}preferences: {exclude: [Serverless, cloud GPUs]}\n`);
    expect(scenario?.scenario.preferences?.exclude).toEqual(['serverless-gpu', 'self-hosted-cloud']);
    expect(problems.map(({ code }) => code)).toEqual(['read-as', 'read-as']);
    expect(read(`${task}preferences: {only: [api]}\n`).problems[0]?.suggestion).toContain('`open-model-api`');
  });

  test('a kind of data in everyday words is that of a regime that is named, or is told with its regime', () => {
    const kindsOf = (data: string) => read(`${task}data: {sensitivity: regulated, ${data}}\n`);
    expect(kindsOf('kinds: [financial], regimes: [DORA]').scenario?.scenario.data?.kinds).toEqual(['financial-eu']);
    expect(kindsOf('kinds: health data, regimes: [gdpr]').scenario?.scenario.data?.kinds).toEqual(['special-category']);
    expect(kindsOf('kinds: [patient], regimes: [hipaa]').scenario?.scenario.data?.kinds).toEqual(['phi']);
    expect(kindsOf('kinds: [financial], regimes: [gdpr]').problems).toMatchObject([
      {
        severity: 'error',
        suggestion: expect.stringMatching(/`financial-eu` with `regimes: \[dora\]`.*`financial-us` with/),
      },
    ]);
  });

  test('every hint names what there is', () => {
    const known = new Set([
      ...tables.taskOf.keys(),
      ...tables.profileOf.keys(),
      ...tables.acceleratorOf.keys(),
      ...Object.values(enums).flat(),
    ]);
    const guessed = guessesOf('word').flatMap(({ at, guesses, says }) =>
      guesses.map((word) => [at, word, says] as const),
    );
    for (const [key, word, hint] of guessed) {
      expect(wordMeant([key], word), word).not.toBeNull();
      for (const [, name = ''] of hint.matchAll(/(?:type|profile|boundary|tier): ([a-z0-9-]+)/g))
        expect(known, hint).toContain(name);
      // What is known is no wrong guess.
      const own: readonly string[] = (enums as Record<string, readonly string[]>)[key] ?? [];
      expect(own.includes(word), `${key} ${word}`).toBe(false);
    }
  });

  test('what a hint says to write for a field can be written', () => {
    for (const { says: hint } of guessesOf('field')) {
      const inTask = hint.includes('in the task') || hint.includes('`capability:');
      for (const [, written = ''] of hint
        .replace('PROVIDER/MODEL', 'openai/gpt-4o')
        .replace('MODEL', 'gpt-4o')
        .replace('NAME', 'a100-sxm-80gb')
        .matchAll(/`(\w+: (?:\{.*?\}+|\[.*?\]|[^`]*))`/g)) {
        if (/^(?:needs: \[|deadline:|capability:|tokens:|latency:)/.test(written)) {
          expect(
            read(`workload: {volume: 500}\ntasks: [{type: faq-chat, ${written}}]\n`).scenario,
            written,
          ).not.toBeNull();
        } else if (!inTask && /^(?:data|needs|workload|budget|team|devices|today|preferences|existing)/.test(written)) {
          const text = written.startsWith('workload')
            ? written.replace(/\{(?!.*volume)/, '{volume: 500, ')
            : `workload: {volume: 500}\n${written}`;
          expect(read(`${text}\ntasks: [{type: faq-chat}]\n`).scenario, written).not.toBeNull();
        }
      }
    }
  });
});

describe('sizes and documents', () => {
  test('documents are documents, tokens are tokens', () => {
    const rag = (written: string) => read(`${task}needs: {rag: ${written}}\n`);
    const tokens = (written: string) => {
      const needs = rag(written).scenario?.scenario.needs;
      return typeof needs?.rag === 'object' ? needs.rag.documents : null;
    };
    expect(tokens('{documents: 20k, tokensPerDocument: 1500}')).toEqual({ likely: 30e6, range: null });
    expect(tokens('{documents: 10k..30k documents, tokensPerDocument: 1k}')).toMatchObject({
      likely: 20e6,
      range: { low: 10e6, high: 30e6 },
    });
    expect(tokens('{documents: 200M tokens}')).toEqual({ likely: 200e6, range: null });
    // Of a size that nobody gave: tokens only where they are called so.
    for (const counted of ['20k', '20000', '20k documents']) {
      expect(rag(`{documents: ${counted}}`).problems).toEqual([]);
      expect(tokens(`{documents: ${counted}}`)).toEqual({ likely: 20e3, range: null });
    }
    expect(rag('{documents: 20k pages}').problems[0]?.message).toContain('is not a number of documents');
  });

  test.each([
    ['workload: {volume: 1e15 requests/day}\ntasks: [{type: faq-chat}]', 'impossible-size'],
    ['workload: {volume: 500}\ntasks: [{type: faq-chat, tokens: {input: 10M}}]', 'impossible-size'],
  ])('%s is beyond sense', (text, code) => expect(read(text).problems.map((problem) => problem.code)).toContain(code));
});
