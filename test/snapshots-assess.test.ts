import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assess } from '../src/decide/assess.js';
import { readScenario } from '../src/scenario/read.js';
import { loadTables, readTables } from '../src/tables/load.js';
import type { Tables } from '../src/tables/tables.js';
import { shippedFiles } from './load.js';

const pricing = new URL('../pricing/', import.meta.url);
const scenarios = new URL('../scenarios/', import.meta.url);
const dates = readdirSync(pricing).filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
// An article retold changes prices of rows by name, and rows of today are not in an old snapshot.
const names = readdirSync(scenarios).filter((name) => name.endsWith('.yaml') && !name.endsWith('-as-published.yaml'));
const tool = { name: 'deploy-advisor', version: '0.0.0' };
const slow = 300_000;

const loaded = new Map<string, Tables>();
function tablesOf(date: string): Tables {
  const tables = loaded.get(date) ?? loadTables(shippedFiles(date)).tables;
  if (!tables) throw new Error(`${date} does not load`);
  loaded.set(date, tables);
  return tables;
}

/** The earliest release of every model family and accelerator, read from the catalog whole. */
function firstReleases(): Map<string, string> {
  const { parsed } = readTables(shippedFiles());
  const first = new Map<string, string>();
  const note = (name: string, released: string | null): void => {
    if (released !== null && released < (first.get(name) ?? '9999')) first.set(name, released);
  };
  for (const { family, released } of [...(parsed.models?.rows ?? []), ...(parsed.capability?.rows ?? [])])
    note(family, released);
  for (const { accelerator, released } of parsed.accelerators?.rows ?? []) note(accelerator, released);
  return first;
}

test.each(dates)(
  '%s: every scenario is read and decided, and nothing of later is in the answer',
  (date) => {
    const tables = tablesOf(date);
    const first = firstReleases();
    const familyOf = new Map(tables.api.map(({ provider, modelId, family }) => [`${provider}/${modelId}`, family]));
    for (const name of names) {
      const text = readFileSync(new URL(name, scenarios), 'utf8');
      const { scenario, problems } = readScenario(text, { file: name, tables });
      const errors = problems.filter(({ severity }) => severity === 'error');
      expect(errors, `${name} on ${date}`).toEqual([]);
      if (scenario === null) throw new Error(name);
      const prose = () => ({ source: '', date: '', note: '' });
      const decision = assess(scenario, tables, { asOf: date, point: true, include: [], prose, tool });
      const { status } = decision.recommendation;
      expect(['recommended', 'infeasible']).toContain(status);
      // Where nothing fits, the reader is told what came closest and why it does not.
      if (status === 'infeasible') expect(decision.nearestMisses.length, name).toBeGreaterThan(0);
      for (const { provider, model, hardware } of decision.options) {
        const used = [model, familyOf.get(`${provider}/${model}`) ?? model, hardware ?? ''];
        const later = used.filter((each) => (first.get(each) ?? '').slice(0, 7) > date.slice(0, 7));
        expect(later, `${name} on ${date}`).toEqual([]);
      }
    }
  },
  slow,
);
