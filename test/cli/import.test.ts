import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runPricingImport } from '../../src/cli/commands/pricing-import.js';
import { type Io, nodeIo } from '../../src/cli/io.js';
import type { ImportFormatName } from '../../src/tables/importers/import-prices.js';
import { fixtures } from '../support/import-order.js';
import { told } from '../support/recording-io.js';
import { newFolder } from '../support/temporary-folder.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/import/${name}`, import.meta.url));
const files: Record<ImportFormatName, string> = {
  litellm: fixture('litellm.json'),
  'genai-prices': fixture('genai-prices.json'),
  skypilot: fixture('aws/vms.csv'),
};

const today = () => '2026-08-21';
const importing = (format: ImportFormatName, source: string | undefined, values: object, change?: Partial<Io>) =>
  told((io) => runPricingImport(io, { source, ...values } as never, format), { today, ...change });

let server: Server;
let base = '';
beforeAll(async () => {
  server = createServer((request, reply) => {
    if (request.url?.startsWith('/aws/vms.csv')) reply.end(fixtures.skypilot);
    else if (request.url === '/page') reply.end('<!doctype html><title>moved</title>');
    else reply.writeHead(503).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
afterEach(() => {
  process.exitCode = 0;
});

test('the date is today’s unless it is given, and stands in snapshot.yaml with the source and the coverage', async () => {
  const folder = join(newFolder(), 'a');
  await importing('litellm', files.litellm, { output: folder });
  const manifest = readFileSync(join(folder, 'snapshot.yaml'), 'utf8');
  expect(manifest).toContain('date: 2026-08-21\n');
  expect(manifest).toContain('imported from litellm.json');
  expect(manifest).toContain('"api: 5 rows of 5 providers"');
  expect(manifest).toContain('"rental: the source has none"');
  const other = join(newFolder(), 'b');
  await importing('skypilot', files.skypilot, { output: other, date: '2026-03-31' });
  expect(readFileSync(join(other, 'rental.csv'), 'utf8')).toContain('\n2026-03-31,aws,p5.48xlarge,');
});

test('an address is fetched; the provider is the folder in it, and what may be secret in it is not kept', async () => {
  const folder = join(newFolder(), 'a');
  const made = await importing('skypilot', `${base}/aws/vms.csv?token=secret`, { output: folder });
  expect(made.exit).toEqual([]);
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(texts.join('')).toContain(`${base}/aws/vms.csv`);
  expect(texts.join('') + made.out + made.err).not.toContain('secret');
});

test.for<[what: string, source: () => string, message: string]>([
  ['a server that refuses', () => `${base}/x`, 'the server answered 503'],
  ['not JSON', () => `${base}/page`, '/page:1:1  error  not-json'],
])('%s: exit 2 with a message, and nothing is written', async ([, source, message]) => {
  const folder = join(newFolder(), 'a');
  const made = await importing('litellm', source(), { output: folder });
  expect([made.exit, made.out, existsSync(folder)]).toEqual([[2], '', false]);
  expect(made.err).toContain(message);
  expect(made.err).not.toMatch(/\n\s+at /);
});

test('a file that does not say whose prices it holds needs one provider', async () => {
  const stdin: Partial<Io> = {
    readText: async (file) => (file === '-' ? { text: fixtures.skypilot, problem: null } : nodeIo().readText(file)),
  };
  const folder = join(newFolder(), 'a');
  const unnamed = await importing('skypilot', '-', { output: folder }, stdin);
  expect([unnamed.exit, unnamed.err]).toEqual([[2], expect.stringContaining('<stdin>  error  usage')]);
  const two = await importing('skypilot', '-', { output: folder, provider: ['aws', 'gcp'] }, stdin);
  expect([two.exit, existsSync(folder)]).toEqual([[2], false]);
  const named = await importing('skypilot', '-', { output: folder, provider: ['aws'] }, stdin);
  expect(named.exit).toEqual([]);
});

test('a file that cannot be written, leaves nothing behind', async () => {
  const parent = newFolder();

  const { openText } = nodeIo();
  const full: Io['openText'] = (file) => ({
    ...openText(file),
    ...(file.endsWith('snapshot.yaml') && {
      write: () => ({
        ...{ severity: 'error' as const, code: 'not-writable', file, line: null, column: null, path: '' },
        ...{ message: 'cannot write this file: the disk is full', suggestion: null, excerpt: null },
      }),
    }),
  });
  const made = await importing('litellm', files.litellm, { output: join(parent, 'b', 'c') }, { openText: full });
  expect([made.exit, made.out, readdirSync(parent)]).toEqual([[2], '', []]);

  mkdirSync(join(parent, 'd'));
  await importing('litellm', files.litellm, { output: join(parent, 'd') }, { openText: full });
  expect(readdirSync(join(parent, 'd'))).toEqual([]);
});
