import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { nodeIo } from '../../src/cli/io.js';
import { scenarioFiles } from '../../src/cli/read-workload.js';
import { newFolder } from '../support/temporary-folder.js';

/** Which files a folder stands for. */

const folder = newFolder();
beforeAll(() => {
  for (const name of ['eu/west', 'empty', 'json', '.hidden', 'node_modules/tool', 'named.yaml'])
    mkdirSync(path.join(folder, name), { recursive: true });
  const files = 'a.yaml b.yml c.json notes.md eu/d.yaml eu/kept.json eu/west/e.yml json/kept.json'.split(' ');
  const others = ['.hidden/f.yaml', 'node_modules/tool/g.yaml', 'named.yaml/h.yaml'];
  for (const name of [...files, ...others]) writeFileSync(path.join(folder, name), '');
  symlinkSync('..', path.join(folder, 'eu/up'));
});

const found = (...named: string[]) => {
  const { files, problems } = scenarioFiles(
    nodeIo(),
    named.map((name) => path.join(folder, name)),
  );
  return { files: files.map((file) => path.relative(folder, file)), problems: problems.map(({ code }) => code) };
};

test('the YAML in a folder and below it, the JSON in it; not what belongs to tools, and no link round and round', () => {
  const files = ['a.yaml', 'b.yml', 'c.json', 'eu/d.yaml', 'eu/west/e.yml', 'named.yaml/h.yaml'];
  expect(found('')).toEqual({ files, problems: [] });
  expect(found('eu')).toMatchObject({ files: expect.arrayContaining(['eu/d.yaml', 'eu/kept.json', 'eu/west/e.yml']) });
});

test.skipIf(process.platform === 'win32')(
  'a pipe in a folder is not waited for; a link that leads nowhere is told',
  () => {
    const inside = path.join(folder, 'special');
    mkdirSync(inside);
    writeFileSync(path.join(inside, 'a.yaml'), '');
    symlinkSync('lost.yaml', path.join(inside, 'link.yaml'));
    symlinkSync('round.yaml', path.join(inside, 'round.yaml'));
    expect(spawnSync('mkfifo', [path.join(inside, 'pipe.yaml')]).status).toBe(0);
    expect(found('special').files).toEqual(['special/a.yaml', 'special/link.yaml', 'special/round.yaml']);
    expect(found('special/pipe.yaml').files).toEqual(['special/pipe.yaml']);
    rmSync(inside, { recursive: true });
  },
);

test('a folder of results kept has no scenario; a scenario may have any name', () => {
  const inside = path.join(folder, 'results');
  mkdirSync(inside);
  writeFileSync(path.join(inside, 'kept.json'), '\uFEFF{\n  "schemaVersion": "1.1.0"}');
  writeFileSync(path.join(inside, 'alerts.json'), '{"$schema": "https://json.schemastore.org/sarif-2.1.0.json"}');
  expect(found('results')).toEqual({ files: [], problems: ['no-scenarios'] });
  expect(found('results/kept.json').files).toEqual(['results/kept.json']);
  writeFileSync(path.join(inside, 'baseline.json'), '{"$schema": "schema/scenario.json", "version": 1}');
  expect(found('results').files).toEqual(['results/baseline.json']);
  rmSync(inside, { recursive: true });
});
