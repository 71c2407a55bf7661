import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Ended, main } from '../support/cli-process.js';

/** The shell lines of docs/ci.md, run in a repository with two commits between which a price changes. */

const docs = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8');
const block = (name: string): unknown =>
  parse(new RegExp(`<!-- ci: ${name} -->\\n\`\`\`yaml\\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1] ?? '');
const slow = 120_000;

const folder = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-ci-'));
const bin = path.join(folder, 'bin');
const repository = path.join(folder, 'repository');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: repository, encoding: 'utf8' });

const scenario = `version: 1
name: Chatbot
workload: {volume: 50k conversations/day}
tasks:
  - {name: support, type: faq-chat, tokens: {input: 1500, output: 500}}
preferences: {only: [cloud-api, open-model-api]}
prices:
  name: contract
  discounts:
    - {provider: google, percent: 1}
expect: {kinds: [open-model-api]}
`;

beforeAll(() => {
  for (const each of [bin, repository, path.join(repository, 'scenarios')]) mkdirSync(each);
  writeFileSync(
    path.join(bin, 'deploy-advisor'),
    `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@" --as-of 2026-11-20\n`,
  );
  chmodSync(path.join(bin, 'deploy-advisor'), 0o755);
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'team@example.com');
  git('config', 'user.name', 'Team');
  const file = path.join(repository, 'scenarios/chatbot.yaml');
  writeFileSync(file, scenario);
  git('add', '-A');
  git('commit', '-qm', 'Baseline');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('checkout', '-qb', 'discount');
  // A price that flips the advice: Google gives nearly everything away.
  writeFileSync(file, scenario.replace('percent: 1', 'percent: 99'));
  git('commit', '-qam', 'Sign a contract');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shell(script: string, env: NodeJS.ProcessEnv = {}): Ended {
  const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...inherited, PATH: `${bin}:${process.env.PATH}`, ...env },
  });
  return { code: status, out: stdout, err: stderr };
}

const schemaOf = (name: string): { $id?: string } =>
  JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`schemastore/schemas/json/${name}.json`), 'utf8'));

function valid(schema: string, document: unknown): boolean {
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
  const { definitions } = schemaOf('pre-commit-hooks') as { definitions?: object };
  ajv.addSchema({ definitions }, 'https://json.schemastore.org/pre-commit-hooks.json');
  return ajv.validate(schemaOf(schema), document);
}

test(
  'the workflow of GitHub Actions comments, annotates, and fails on the flip',
  () => {
    type Step = { id?: string; run?: string };
    const workflow = block('github') as { jobs: { check: { steps: Step[] } } };
    expect(valid('github-workflow', workflow)).toBe(true);
    const { run = '' } = workflow.jobs.check.steps.find(({ id }) => id === 'check') ?? {};
    const [summary, output] = [path.join(folder, 'summary.md'), path.join(folder, 'output')];
    const env = { GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output };
    const { code, out, err } = shell(run, env);
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(
      /^::error file=scenarios\/chatbot\.yaml,line=11,col=17,title=deploy-advisor%3A expect\.kinds::/m,
    );
    expect(out).toContain('title=deploy-advisor%3A flip::the advice changed: support: open-model-api -> cloud-api');
    const comment = readFileSync(path.join(repository, 'comment.md'), 'utf8');
    expect(comment).toMatch(/^<!-- deploy-advisor -->\n### deploy-advisor: 1 scenario checked: 1 failed, 1 changed\n/);
    expect(comment).toContain('<code>prices.discounts</code>');
    expect(readFileSync(summary, 'utf8')).toBe(comment);
    expect(readFileSync(output, 'utf8')).toContain('exit-code=1\nchecked=1\nfailed=1\nflips=1\n');
    // The comment of the next push is found by its first line.
    const commented = workflow.jobs.check.steps.at(-1)?.run ?? '';
    expect(commented).toContain(`startswith("${comment.split('\n')[0]}")`);
  },
  slow,
);

test(
  'the job of GitLab leaves a report and fails on the flip',
  () => {
    const { placement } = block('gitlab') as {
      placement: { script: string[]; artifacts: { reports: { junit: string } } };
    };
    const { code } = shell(placement.script.join('\n'), {
      CI_MERGE_REQUEST_DIFF_BASE_SHA: git('merge-base', 'HEAD', 'origin/main').trim(),
    });
    expect(code).toBe(1);
    const report = path.join(repository, placement.artifacts.reports.junit);
    expect(existsSync(report)).toBe(true);
    expect(readFileSync(report, 'utf8')).toMatch(/<testcase name="flip"[^>]*>\s*<failure /);
  },
  slow,
);

test(
  'the hook of pre-commit lets a commit pass that flips nothing, silently, and stops one that does',
  () => {
    const config = block('pre-commit') as { repos: { hooks: { entry: string; files: string }[] }[] };
    expect(valid('pre-commit-config', config)).toBe(true);
    const hook = config.repos[0]?.hooks[0];
    expect(new RegExp(hook?.files ?? '').test('scenarios/chatbot.yaml')).toBe(true);
    git('checkout', '-q', 'main');
    const line = `${hook?.entry} scenarios/chatbot.yaml`;
    expect(shell(line)).toEqual({ code: 0, out: '', err: '' });
    writeFileSync(path.join(repository, 'scenarios/chatbot.yaml'), scenario.replace('percent: 1', 'percent: 99'));
    const stopped = shell(line);
    expect(stopped.code).toBe(1);
    expect(stopped.out).toContain('flip: the advice changed');
    git('checkout', '-q', '--', '.');
  },
  slow,
);
