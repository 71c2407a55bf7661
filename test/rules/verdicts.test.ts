import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Option } from '../../src/places/option.js';
import type { Context, TaskService } from '../../src/places/placement.js';
import { placements } from '../../src/places/registry.js';
import { gates } from '../../src/rules/registry.js';
import type { Verdict } from '../../src/rules/rule.js';
import type { TaskPart } from '../../src/workload/workload.js';
import { casesIn } from '../support/cases.js';
import { caseOf, tablesWith } from '../support/scenario.js';

const cells = z.record(z.string(), z.unknown());
const { verdicts: rows } = casesIn('verdicts', {
  verdicts: {
    gate: z.string(),
    state: z.enum(['passed', 'failed', 'condition', 'unknown']),
    why: z.string(),
    of: z.string(),
    ...z
      .object({
        /** Of the option. */
        change: cells,
        /** Of its provider. */
        provider: cells,
        /** Of its rows on tuning. */
        tuning: cells,
        unknownParameter: z.string(),
        task: cells,
        with: cells,
        /** What users see; null: nothing. */
        sees: cells.nullable(),
      })
      .partial().shape,
  },
});
type Row = (typeof rows)[number];
const seen = { tokensPerSecond: 50, totalP95Ms: 5000, unitRequestsPerS: null, limitedBy: null };

async function ask({ gate, of, change, task, sees, ...row }: Row): Promise<Verdict> {
  const tasks = [{ name: 'only', type: 'faq-chat', ...task }];
  const context = changed(await caseOf({ workload: { volume: 1000 }, tasks, ...row.with }), of, row);
  const [taskPart] = context.workload.taskParts as [TaskPart];
  const check = gates.find(({ id }) => id === gate);
  if (check === undefined) throw new Error(`no gate ${gate}`);
  for (const placement of placements) {
    const found = placement.lookUp(of, context);
    if (found === null) continue;
    const service = placement.service(found, taskPart, context);
    const own = 'unpriced' in service ? null : service;
    const told = sees === undefined ? own : sees && ({ ...seen, ...sees } as TaskService);
    return check.check({ ...found, ...change } as Option, taskPart, context, told);
  }
  throw new Error(`no option ${of}`);
}

/** The case with another row of the option's provider, or without a parameter. */
function changed(
  context: Context,
  option: string,
  { provider, tuning: stated, unknownParameter }: Partial<Row>,
): Context {
  const { tables } = context;
  const name = option.split('/')[1] ?? '';
  const row = tables.providerOf.get(name);
  const providerOf = new Map(tables.providerOf);
  if (row !== undefined) providerOf.set(name, { ...row, ...provider });
  const parameterOf = new Map([...tables.parameterOf].filter(([parameter]) => parameter !== unknownParameter));
  const tuning = tables.tuning.map((row) => (row.provider === name ? { ...row, ...stated } : row));
  return { ...context, tables: tablesWith(tables, { providerOf, parameterOf, tuning }) };
}

test.each(rows)('$gate $state: $of, $why', async (row) => {
  const verdict = await ask(row);
  expect(verdict.state).toBe(row.state);
  const { need, reason, todos } = verdict.why();
  if (row.state !== 'passed')
    expect(
      [need, reason].every((text) => text.length > 3),
      `${need}: ${reason}`,
    ).toBe(true);
  expect(todos.length === 0).toBe(row.state !== 'condition');
});

test('what each of them says: need, what there is, why, what is to do, and where it would turn', async () => {
  const told = [];
  for (const row of rows) {
    const { need, have, reason, todos, warning, turnsAt, figures } = (await ask(row)).why();
    told.push(
      `${row.gate}: ${row.state}, ${row.why}`,
      ...(need === '' && have === '' ? [] : [`  ${need} / ${have}`]),
      ...new Set([reason, ...todos].filter((text) => text !== '').map((text) => `  ${text}`)),
      ...(warning ? [`  warning ${warning.code}: ${warning.message}`] : []),
      ...(turnsAt ? [`  turns at ${turnsAt.path}=${turnsAt.value}`] : []),
      ...(Object.keys(figures).length === 0 ? [] : [`  ${JSON.stringify(figures)}`]),
    );
  }
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('../golden/verdicts.txt');
});

/** The states that a gate's source can bring about: those whose makers it calls. */
function statesOf(source: string): string[] {
  const makers: Record<string, RegExp> = {
    failed: /\bfailed\(|\bbyTruth\(/,
    condition: /\bcondition\(|\bbyTruth\(/,
    unknown: /\bunknown\(|\bbyTruth\(/,
  };
  return ['passed', ...Object.keys(makers).filter((state) => makers[state]?.test(source))].sort();
}

/** Declarations of the files with rules by name, each with its text. */
const declared = new Map(
  readdirSync(new URL('../../src/rules/', import.meta.url)).flatMap((file) =>
    readFileSync(new URL(`../../src/rules/${file}`, import.meta.url), 'utf8')
      .split(/^(?=(?:export )?(?:const|function) )/m)
      .map((code): [string, string] => [/(?:const|function) (\w+)/.exec(code)?.[1] ?? '', code]),
  ),
);

/** The code of a rule with all of the same folder that it calls, but for the makers of verdicts. */
function sourceOf(name: string, seen: Set<string> = new Set()): string {
  const code = declared.get(name) ?? '';
  if (seen.has(name) || /^(failed|condition|unknown|byTruth|passed)$/.test(name)) return '';
  seen.add(name);
  const called = [...code.matchAll(/\b(\w+)\(/g)].flatMap(([, other = '']) => (declared.has(other) ? other : []));
  return [code, ...called.map((other) => sourceOf(other, seen))].join('\n');
}

test('every state that a gate can have has a row here', () => {
  for (const { id } of gates) {
    const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const seen = new Set(rows.filter(({ gate }) => gate === id).map(({ state }) => state));
    expect([...seen].sort(), id).toEqual(statesOf(sourceOf(name)));
  }
});
