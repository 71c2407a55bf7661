import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { targetNames } from '../../src/export/own-places.js';
import { asOf } from '../support/committed.js';
import { cliHere } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const docs = readFileSync('docs/deploy.md', 'utf8');
const folder = newFolder();

test('the commands of docs/deploy.md run as they stand there', async () => {
  const given = ['two-providers.yaml', 'regulated-hybrid.yaml', 'support-chatbot.yaml', 'actuals/support-chatbot.csv'];
  for (const name of given) copyFileSync(`scenarios/${name}`, path.join(folder, path.basename(name)));
  const lines = [...docs.matchAll(/<!-- deploy -->\n```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  expect(lines.length).toBeGreaterThan(7);
  for (const line of lines) {
    const [, ...words] = line.split(' ');
    const { code, err } = await cliHere([...words, '--as-of', asOf], { cwd: folder });
    // Of all targets the plan comes with the decision, of one it is decided alone.
    if (line.includes('--target all')) {
      const alone = await cliHere(['export', words[1] ?? '', 'litellm', '--as-of', asOf], { cwd: folder });
      expect(readFileSync(path.join(folder, 'deploy/litellm.yaml'), 'utf8')).toBe(alone.out);
    }
    expect({ code, err: err.replace(/^warning .*\n/gm, '') }, line).toEqual({ code: 0, err: '' });
  }
});

test('the excerpt is what is written of that plan', async () => {
  const excerpt = /<!-- deploy: excerpt -->\n```yaml\n([\s\S]*?)```/.exec(docs)?.[1]?.trimEnd().split('\n') ?? [];
  const plan =
    'support.main=cloud-api/aws-bedrock/anthropic.claude-sonnet-5;support.standby=cloud-api/anthropic/claude-sonnet-5';
  const { out } = await cliHere(`export scenarios/two-providers.yaml litellm --option ${plan} --as-of ${asOf}`);
  const lines = out.split('\n');
  expect(excerpt.length).toBeGreaterThan(5);
  expect(excerpt.filter((line) => !lines.includes(line))).toEqual([]);
});

test('the table of targets has all of them, in the order of the program', () => {
  const listed = [...docs.matchAll(/^\| `([\w-]+)` \| /gm)].map(([, name]) => name);
  expect(listed).toEqual([...targetNames, 'all']);
});
