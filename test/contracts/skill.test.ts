import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';
import { long } from '../support/sample.js';
import { newFolder } from '../support/temporary-folder.js';

/** Skills that are shipped, by the format of agent skills: a folder with SKILL.md, which begins with front matter. */
const skills = readdirSync(path.join(root, 'skills'));

test.each(skills)('%s: the front matter keeps the limits of the format', (name) => {
  const text = readFileSync(path.join(root, 'skills', name, 'SKILL.md'), 'utf8');
  const [, front = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const head = parse(front) as Record<string, string>;
  const known = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'];
  expect(Object.keys(head).filter((key) => !known.includes(key))).toEqual([]);
  expect(head.name).toBe(name);
  expect(name).toMatch(/^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/);
  expect(head.description?.length).toBeGreaterThan(100);
  expect(head.description?.length).toBeLessThanOrEqual(1024);
  expect(head.description).not.toMatch(/[<>]/);
  expect(head.compatibility?.length).toBeLessThanOrEqual(500);
  expect(body.split('\n').length).toBeLessThan(500);
});

describe('what the skill tells an agent to do', () => {
  const text = readFileSync(path.join(root, 'skills/deploy-advisor/SKILL.md'), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language, code = '']) => ({
    language,
    code,
  }));
  const folder = newFolder();
  writeFileSync(path.join(folder, 'scenario.yaml'), blocks.find(({ language }) => language === 'yaml')?.code ?? '');
  const lines = blocks.filter(({ language }) => language === '').flatMap(({ code }) => code.trim().split('\n'));
  // A whole decision takes long.
  const isQuick = (line: string): boolean => !/assess(?!.*--point)|breakeven/.test(line);

  test('it has commands, all of them of deploy-advisor', () => {
    expect(lines.length).toBeGreaterThan(6);
    expect(lines.filter((line) => !line.startsWith('deploy-advisor '))).toEqual([]);
  });

  test.each(lines.filter((line) => long || isQuick(line)))('%s', async (line) => {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(1);
    const { code, err } = await cliHere(words, { cwd: folder, env: { DEPLOY_ADVISOR_PRICING: '' } });
    expect({ code, errors: /^.*\berror\b.*$/m.exec(err)?.[0] }).toEqual({ code: 0, errors: undefined });
  });

  test('the keys of a result that it names are there', async () => {
    const schema = JSON.parse(readFileSync(path.join(root, 'schema/result.json'), 'utf8'));
    const [, named = ''] = /In `result\.json`: ([\s\S]*?)\n\n/.exec(text) ?? [];
    const { recommendation } = schema.properties;
    const keys = [...named.matchAll(/`(?:recommendation)?\.(\w+)`/g)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(6);
    expect(Object.keys(recommendation.properties)).toEqual(expect.arrayContaining(keys));
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['scorecard', 'scenario', 'tables']));
  });
});
