import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** From the lowest folder to the highest. */
const layers = `units tables workload formula capacity calibration cost places rules core several decide analyses report
  usage export cli`.split(/\s+/);
const src = fileURLToPath(new URL('../../src/', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(path.join(src, name), 'utf8') }));

const layerOf = (name: string): number => layers.indexOf(name.split('/')[0] ?? '');
/** All of `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`. */
const imported = (text: string): string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier ?? '');

const edges = files.flatMap(({ name, text }) =>
  imported(text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from: name, to: path.posix.join(path.posix.dirname(name), specifier) })),
);

test('every file lies in a layer; only the public API stands above them', () => {
  expect(files.filter(({ name }) => layerOf(name) < 0).map(({ name }) => name)).toEqual(['index.ts']);
});

test('an import goes up the list of folders or stays', () => {
  const downTheList = edges.filter(({ from, to }) => from !== 'index.ts' && layerOf(to) > layerOf(from));
  expect(downTheList).toEqual([]);
  expect(edges.filter(({ to }) => to === 'index.js')).toEqual([]);
  // A rule that sees nothing would pass on everything.
  for (const layer of layers.filter((each) => files.some(({ name }) => name.startsWith(`${each}/`)))) {
    expect(edges.some(({ from, to }) => from.startsWith(`${layer}/`) || to.startsWith(`${layer}/`))).toBe(true);
  }
  expect(edges.filter(({ from, to }) => layerOf(to) < layerOf(from)).length).toBeGreaterThan(10);
});

test('imports go in no circle, not even for types', () => {
  const left = (all: typeof edges): typeof edges => {
    const importers = new Set(all.map(({ from }) => from.replace(/\.ts$/, '.js')));
    const rest = all.filter(({ to }) => importers.has(to));
    return rest.length === all.length ? rest : left(rest);
  };
  expect(left(edges)).toEqual([]);
  const planted = [...edges, { from: 'units/memo.ts', to: 'cli/main.js' }];
  expect(left(planted)).not.toEqual([]);
});

test('the placement kinds do not know each other', () => {
  const kinds = files.filter(({ name, text }) => /^places\//.test(name) && /: Placement = \{/.test(text));
  const names = kinds.map(({ name }) => name.replace(/\.ts$/, '.js'));
  expect(edges.filter(({ from, to }) => names.includes(from.replace(/\.ts$/, '.js')) && names.includes(to))).toEqual(
    [],
  );
});

const banned = [
  { what: 'the clock', pattern: /\bnew Date\b|\bDate\.now\b|\bDate\(|\bperformance\./ },
  { what: 'chance', pattern: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/ },
  { what: 'the environment', pattern: /\bprocess\.|\bglobalThis\b|\bconsole\./ },
  {
    what: 'files and the network',
    pattern:
      /\b(?:from|import)\s*\(?\s*['"](?:node:|(?:fs|path|os|net|https?|crypto|child_process)['"/])|\bfetch\(|\bimport\.meta\b/,
  },
  { what: 'the locale', pattern: /\bIntl\.|\.toLocale|\.localeCompare\b/ },
];

test.each(banned)('$what is out of reach left of cli', ({ pattern }) => {
  const pure = files.filter(({ name }) => name !== 'index.ts' && !name.startsWith('cli/'));
  expect(pure.length).toBeGreaterThan(0);
  expect(pure.filter(({ text }) => pattern.test(withoutComments(text))).map(({ name }) => name)).toEqual([]);
});

test('the bans find what they ban', () => {
  const planted = ['new Date()', 'Math.random()', 'process.env', "import fs from 'node:fs'", 'n.toLocaleString()'];
  expect(planted.map((text, index) => banned[index]?.pattern.test(text))).toEqual(planted.map(() => true));
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
