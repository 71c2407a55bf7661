import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Ended, main } from '../support/cli-process.js';
import { newFolder } from '../support/temporary-folder.js';

/** The shell lines of docs/ci.md and of action.yml, run in a repository with two commits between which a price changes. */

const docs = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8');
const block = (name: string): unknown =>
  parse(new RegExp(`<!-- ci: ${name} -->\\n\`\`\`yaml\\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1] ?? '');

const folder = newFolder();
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
  // npx --yes deploy-advisor@VERSION check …; what it is asked for is kept.
  writeFileSync(
    path.join(bin, 'npx'),
    `#!/bin/sh\necho "$1 $2" >> "${folder}/npx"\nshift 3\nexec "${process.execPath}" "${main}" check --as-of 2026-11-20 "$@"\n`,
  );
  // gh has no comment of ours yet, until one is made.
  writeFileSync(
    path.join(bin, 'gh'),
    `#!/bin/sh\necho "$*" >> "${folder}/gh"\ncase "$*" in *--jq*) cat "${folder}/comments" 2>/dev/null || true;; *) echo 42 > "${folder}/comments";; esac\n`,
  );
  for (const name of ['deploy-advisor', 'npx', 'gh']) chmodSync(path.join(bin, name), 0o755);
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
  if (schema !== 'pre-commit-hooks')
    ajv.addSchema({ definitions }, 'https://json.schemastore.org/pre-commit-hooks.json');
  return ajv.validate(schemaOf(schema), document);
}

test('the workflow of GitHub Actions comments, annotates, and fails on the flip', () => {
  type Step = { id?: string; run?: string };
  const workflow = block('github') as { jobs: { check: { steps: Step[] } } };
  expect(valid('github-workflow', workflow)).toBe(true);
  const { run = '' } = workflow.jobs.check.steps.find(({ id }) => id === 'check') ?? {};
  const [summary, output] = [path.join(folder, 'summary.md'), path.join(folder, 'output')];
  const env = { GITHUB_BASE_REF: 'main', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output };
  const { code, out, err } = shell(run, env);
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatch(/^::error file=scenarios\/chatbot\.yaml,line=11,col=17,title=deploy-advisor%3A expect\.kinds::/m);
  expect(out).toContain('title=deploy-advisor%3A flip::the advice changed: support: open-model-api -> cloud-api');
  const comment = readFileSync(path.join(repository, 'comment.md'), 'utf8');
  expect(comment).toMatch(/^<!-- deploy-advisor -->\n### deploy-advisor: 1 scenario checked: 1 failed, 1 changed\n/);
  expect(comment).toContain('<code>prices.discounts</code>');
  expect(readFileSync(summary, 'utf8')).toBe(comment);
  expect(readFileSync(output, 'utf8')).toContain('exit-code=1\nchecked=1\nfailed=1\nflips=1\n');
  // The comment of the next push is found by its first line.
  const commented = workflow.jobs.check.steps.at(-1)?.run ?? '';
  expect(commented).toContain(`startswith("${comment.split('\n')[0]}")`);
});

test('the job of GitLab leaves a report and fails on the flip', () => {
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
});

test('the hook of pre-commit lets a commit pass that flips nothing, silently, and stops one that does', () => {
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
});

describe('the action', () => {
  type Step = { id?: string; if?: string; run: string; env: Record<string, string>; shell: string };
  type Action = {
    inputs: Record<string, { default: string }>;
    outputs: Record<string, { value: string }>;
    runs: { steps: [Step, Step] };
  };
  const top = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const action = parse(top('action.yml')) as Action;
  const [check, comment] = action.runs.steps;
  const summary = path.join(folder, 'action-summary.md');
  const output = path.join(folder, 'action-output');
  const log = (name: string): string[] => {
    const file = path.join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  };

  /** A step with these inputs and the defaults of the others, as a runner sets its variables. */
  function step({ run, env }: Step, inputs: Record<string, string> = {}): Ended & { outputs: Record<string, string> } {
    for (const file of [summary, output]) writeFileSync(file, '');
    const given = Object.entries(env).map(([name, value]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1];
      return [name, input === undefined ? '7' : (inputs[input] ?? String(action.inputs[input]?.default))];
    });
    const ended = shell(run, {
      ...Object.fromEntries(given),
      ...{ GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output, RUNNER_TEMP: folder, GITHUB_REPOSITORY: 'team/app' },
      ...{ GITHUB_BASE_REF: inputs.base ?? 'main', DEPLOY_ADVISOR_PRICING: '', DEPLOY_ADVISOR_NO_CORRECTIONS: '' },
    });
    const lines = readFileSync(output, 'utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '');
    return { ...ended, outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) };
  }

  beforeAll(() => {
    git('checkout', '-q', 'discount');
  });

  test('it is an action by the schema, and no input is read as a part of a script', () => {
    expect(valid('github-action', action)).toBe(true);
    expect(valid('github-action', { ...action, runs: { using: 'composite', steps: [{ run: 'true' }] } })).toBe(false);
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{');
    const workflow = block('action') as { jobs: { check: { steps: { uses?: string; with?: object }[] } } };
    expect(valid('github-workflow', workflow)).toBe(true);
    const used = workflow.jobs.check.steps.find(({ uses }) => uses?.includes('/deploy-advisor@'))?.with ?? {};
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(used)));
    const { version } = JSON.parse(top('package.json'));
    expect(action.inputs.version?.default).toBe(version);
    expect(top('docs/Dockerfile')).toContain(`deploy-advisor@${version} `);
  });

  test('in a pull request it annotates, sets its outputs and fails on the flip; the comment is that of docs/ci.md', () => {
    const { code, out, outputs } = step(check);
    expect(code).toBe(1);
    expect(out).toContain('title=deploy-advisor%3A flip::the advice changed');
    expect(outputs).toMatchObject({ 'exit-code': '1', checked: '1', flips: '1', recommended: 'cloud-api' });
    expect(Number(outputs['monthly-cost'])).toBeGreaterThan(0);
    expect(Number(outputs.margin)).toBeGreaterThan(0);
    for (const { value } of Object.values(action.outputs)) {
      const name = /^\$\{\{ steps\.check\.outputs\.([\w-]+) \}\}$/.exec(value)?.[1] ?? '';
      expect(Object.keys(outputs)).toContain(name);
    }
    const written = readFileSync(path.join(folder, 'deploy-advisor-comment.md'), 'utf8');
    const [, shown] = /<!-- output: comment -->\n([\s\S]*?)<!-- end of output -->/.exec(docs) ?? [];
    expect(shown).toBe(written);
    expect(log('npx').at(-1)).toBe(`--yes deploy-advisor@${action.inputs.version?.default}`);
  });

  test('the first push makes a comment, a later one renews it', () => {
    expect(comment.if).toContain("github.event_name == 'pull_request'");
    expect([step(comment).code, step(comment).code]).toEqual([0, 0]);
    expect(log('gh').map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'api --paginate repos/team/app/issues/7/comments',
      'pr comment 7',
      'api --paginate repos/team/app/issues/7/comments',
      'api --method PATCH',
    ]);
    expect(log('gh').at(-1)).toContain('repos/team/app/issues/comments/42 --field body=@');
  });

  test('inputs are lists of lines and never commands; without a baseline there is nothing to flip', () => {
    const evil = `scenarios/chatbot.yaml\n\nscenarios/$(touch ${folder}/pwned).yaml\n; touch ${folder}/pwned`;
    const missing = step(check, { scenarios: evil, version: '0.1.0; true' });
    expect(missing.code).toBe(2);
    expect(existsSync(path.join(folder, 'pwned'))).toBe(false);
    expect(log('npx').at(-1)).toBe('--yes deploy-advisor@0.1.0; true');
    const sarif = path.join(folder, 'found.sarif');
    const alone = step(check, { base: '', 'fail-on': 'cost>1\nwarning\n', sarif });
    expect(alone.code).toBe(1);
    expect(alone.outputs.flips).toBe('0');
    expect(JSON.parse(readFileSync(sarif, 'utf8')).version).toBe('2.1.0');
  });

  test('the hook that other repositories name is one by the schema, and that of docs/ci.md', () => {
    const hooks = parse(top('.pre-commit-hooks.yaml')) as { id: string; entry: string; files: string }[];
    expect(valid('pre-commit-hooks', hooks)).toBe(true);
    const local = block('pre-commit') as { repos: { hooks: { id: string; entry: string; files: string }[] }[] };
    const [documented] = local.repos[0]?.hooks ?? [];
    expect(hooks.map(({ id, entry, files }) => ({ id, entry, files }))).toEqual([
      { id: documented?.id, entry: documented?.entry, files: documented?.files },
    ]);
  });
});
