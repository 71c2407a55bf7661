import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { fetchText, isUrl, publicUrl } from '../../src/cli/commands/pricing-import.js';
import { casesIn } from '../support/cases.js';

const { refused } = casesIn('import-fetch', { refused: { path: z.string(), code: z.string(), message: z.string() } });
const limits = { maxBytes: 100_000, timeoutMs: 2000, maxRedirects: 3 };
const json = '{"a":1}';

/** One answer for each path of a server on the loopback address. */
const answers: Record<string, RequestListener> = {
  '/ok': (_, reply) => reply.end(json),
  '/bom': (_, reply) => reply.end(`\ufeff${json}`),
  '/gzip': (_, reply) => reply.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(json)),
  '/empty': (_, reply) => reply.end(),
  '/missing': (_, reply) => reply.writeHead(404).end('not here'),
  '/broken': (_, reply) => reply.writeHead(500).end(json),
  '/none': (_, reply) => reply.writeHead(204).end(),
  '/half': (_, reply) => {
    reply.writeHead(200, { 'content-length': 1000 });
    reply.write(json, () => reply.destroy());
  },
  '/half-chunked': (_, reply) => {
    reply.write(json, () => setTimeout(() => reply.destroy(), 20));
  },
  '/cut': (_, reply) => void reply.destroy(),
  '/silent': () => undefined,
  '/slow': (_, reply) => {
    reply.write('{');
    const drip = setInterval(() => reply.write(' '), 20);
    reply.on('close', () => clearInterval(drip));
  },
  '/large': (_, reply) => reply.end('x'.repeat(limits.maxBytes + 1)),
  '/largest': (_, reply) => reply.end('x'.repeat(limits.maxBytes)),
  '/endless': (_, reply) => {
    const more = (): void => {
      while (!reply.destroyed && reply.write('x'.repeat(10_000)));
      if (!reply.destroyed) reply.once('drain', more);
    };
    more();
  },
  '/bomb': (_, reply) => reply.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(10_000_000))),
  '/latin1': (_, reply) => reply.end(Buffer.from('{"a":"\xe9"}', 'latin1')),
  '/utf16': (_, reply) => reply.end(Buffer.from(`\ufeff${json}`, 'utf16le')),
  '/binary': (_, reply) => reply.end(Buffer.from([0x7b, 0, 0x7d])),
  '/once': (_, reply) => reply.writeHead(302, { location: '/ok' }).end(),
  '/3': (_, reply) => reply.writeHead(301, { location: '/2' }).end(),
  '/2': (_, reply) => reply.writeHead(307, { location: '/1' }).end(),
  '/1': (_, reply) => reply.writeHead(308, { location: '/ok' }).end(),
  '/4': (_, reply) => reply.writeHead(302, { location: '/3' }).end(),
  '/loop': (_, reply) => reply.writeHead(302, { location: '/loop' }).end(),
  '/to-file': (_, reply) => reply.writeHead(302, { location: 'file:///etc/hostname' }).end(),
  '/to-nowhere': (_, reply) => reply.writeHead(302, { location: 'http://[' }).end(),
};

let server: Server;
let base = '';
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, reply) => {
    seen.push(request.url ?? '');
    const answer = answers[new URL(request.url ?? '/', 'http://x').pathname];
    if (answer) answer(request, reply);
    else reply.writeHead(410).end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.for([
  ['/ok', json],
  ['/bom', json],
  ['/gzip', json],
  ['/empty', ''],
  ['/largest', 'x'.repeat(limits.maxBytes)],
  ['/once', json],
  ['/3', json],
])('%s: the text', async ([path, text]) => {
  expect(await fetchText(base + path, limits)).toEqual({ text, problem: null });
});

test.each(refused)('$path: $code', async ({ path, code, message }) => {
  const { text, problem } = await fetchText(`${base}${path}?token=secret`, limits);
  expect(text).toBeNull();
  expect(problem).toMatchObject({ severity: 'error', code, file: base + path });
  expect(problem?.message.startsWith(message)).toBe(true);
  expect(JSON.stringify(problem)).not.toContain('secret');
});

test.for(['/silent', '/slow'])('%s: the time is for everything together', async (path) => {
  const start = Date.now();
  const { problem } = await fetchText(base + path, { ...limits, timeoutMs: 300 });
  expect(problem?.message).toBe('no whole answer within 0.3 s');
  expect(Date.now() - start).toBeLessThan(1500);
});

test('nobody answers, or there is no such address', async () => {
  const { problem } = await fetchText('http://127.0.0.1:1/x', limits);
  expect(problem).toMatchObject({ code: 'not-fetched', file: 'http://127.0.0.1:1/x' });
  const { problem: bad } = await fetchText('http://', limits);
  expect(bad?.code).toBe('not-fetched');
});

test('nothing is asked twice', async () => {
  seen.length = 0;
  await fetchText(`${base}/broken`, limits);
  expect(seen).toEqual(['/broken']);
});

test('what counts as an address, and what of it may be shown', () => {
  expect(['http://a', 'HTTPS://a/b', 'prices.json', './http:', 'file:///a', 'ftp://a'].map(isUrl)).toEqual([
    ...[true, true],
    ...[false, false, false, false],
  ]);
  expect(publicUrl('https://user:password@example.com/a.json?token=1#x')).toBe('https://example.com/a.json');
});
