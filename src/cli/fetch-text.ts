import { isUtf8 } from 'node:buffer';
import { fileProblem, type ReadText } from './io.js';

type FetchLimits = { maxBytes: number; timeoutMs: number; maxRedirects: number };

/** Whether a source is an address of the network rather than a file. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/** An address without what may be secret in it: user, password, query and fragment. */
export function publicUrl(address: string): string {
  if (!URL.canParse(address)) return address.replace(/[?#].*$/, '');
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

/**
 * The whole text at an address: within a total time, at most `maxBytes` after decompression, over at most
 * `maxRedirects` redirects, with status 200, the announced length, and in UTF-8. Else the problem; no retries.
 */
export async function fetchText(address: string, limits: FetchLimits): Promise<ReadText> {
  const shown = publicUrl(address);
  const refuse = (code: string, message: string, suggestion: string | null = null): ReadText => ({
    text: null,
    problem: fileProblem(code, shown, message, suggestion),
  });
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await followed(address, limits.maxRedirects, signal);
    if ('refused' in response) return refuse('not-fetched', response.refused);
    if (response.status !== 200) {
      void response.body?.cancel();
      return refuse('not-fetched', `the server answered ${response.status} ${response.statusText}`.trimEnd());
    }
    const bytes = await body(response, limits.maxBytes);
    if (bytes === null) return refuse('file-too-large', `larger than ${limits.maxBytes} bytes`);
    if (bytes.includes(0) || !isUtf8(bytes)) return refuse('not-utf8', 'not text in UTF-8');
    return { text: new TextDecoder().decode(bytes), problem: null };
  } catch (error) {
    if (signal.aborted) return refuse('not-fetched', `no whole answer within ${limits.timeoutMs / 1000} s`);
    return refuse('not-fetched', `cannot fetch this: ${reason(error)}`, 'download it and import the file');
  }
}

async function followed(
  address: string,
  maxRedirects: number,
  signal: AbortSignal,
): Promise<Response | { refused: string }> {
  let url = new URL(address);
  for (let redirects = 0; ; redirects++) {
    if (!isUrl(url.href)) return { refused: `redirected to ${url.protocol}, which is not followed` };
    const response = await fetch(url, { redirect: 'manual', signal, credentials: 'omit' });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    void response.body?.cancel();
    if (redirects === maxRedirects) return { refused: `more than ${maxRedirects} redirects` };
    url = new URL(location, url);
  }
}

/** The bytes of a body; null as soon as there are too many. */
async function body(response: Response, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Node wraps what happened ("fetch failed"); the cause says it. */
function reason(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}
