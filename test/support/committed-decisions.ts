import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assess } from '../../src/analyses/assess.js';
import type { Decision } from '../../src/decide/decision.js';
import { asOf, committed, readCommitted } from './committed.js';
import { fewRows } from './few-rows.js';
import { shipped } from './load.js';
import { long } from './sample.js';
import { tool } from './scenario.js';

/** Scenarios of every kind of answer that are quick to decide. */
export const quick: readonly string[] = [
  ...['browser-key-points', 'clinic-notes', 'coding-agent', 'deal-review', 'device-case-files', 'evening-peaks'],
  ...['growth-in-stages', 'nightly-calls', 'overnight-claims', 'owned-laptop', 'support-chatbot', 'two-providers'],
];

/** Scenarios that are decided with all that is told of them; in a long run all. */
export const decidedInFull: readonly string[] = long ? committed : quick;

/** `few`: on a few rows of the tables, and those with these names. */
type Asked = {
  set?: readonly string[] | undefined;
  few?: readonly string[];
  point?: boolean;
  flips?: boolean;
  draws?: boolean;
};

/** The decision on a committed scenario, made anew; flips and draws take most of its time and are left out unless asked for. */
export async function decideAnew(
  name: string,
  { set = [], few, point = false, flips = false, draws = false }: Asked = {},
): Promise<Decision> {
  const { tables, prose } = await shipped();
  return assess(await readCommitted(name, set), few === undefined ? tables : fewRows(tables, few), {
    asOf,
    prose,
    tool,
    point,
    ...(!flips && { flips: 'none' }),
    ...(!draws && { draws: 'none' }),
  });
}

const decided = new Map<string, Promise<Decision>>();

/** The same, made once in a run of the tests: workers share it by a file in the folder that goes with the run. */
export function decideCommitted(name: string, asked: Asked = {}): Promise<Decision> {
  const key = JSON.stringify([name, asked]);
  const known = decided.get(key) ?? shared(name, asked, key);
  decided.set(key, known);
  return known;
}

/** What is advised, without what else is told. */
export const adviceOn = (name: string): Promise<Decision> => decideCommitted(name, { point: true });

async function shared(name: string, asked: Asked, key: string): Promise<Decision> {
  const folder = path.join(tmpdir(), 'decisions');
  const file = path.join(folder, `${createHash('sha1').update(key).digest('hex')}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const decision = await decideAnew(name, asked);
  mkdirSync(folder, { recursive: true });
  const written = `${file}.${process.pid}`;
  writeFileSync(written, JSON.stringify(decision));
  renameSync(written, file);
  return decision;
}
