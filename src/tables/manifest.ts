import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import type { Problem } from '../units/problem.js';

const Manifest = z.strictObject({
  date: z.iso.date().describe('The day the facts hold for.'),
  sources: z.array(z.string().min(1)).min(1).describe('Where the facts come from, in one line each.'),
  coverage: z.array(z.string().min(1)).default([]).describe('What each table has, and what no source has.'),
  notes: z.array(z.string().min(1)).default([]).describe('What a reader should know before using them.'),
  unrated: z
    .array(z.string().min(1))
    .default([])
    .describe('Families with a price whose capability no source has measured: known to be unknown.'),
  files: z
    .record(
      z.string(),
      z.strictObject({
        rows: z.int().nonnegative().optional().describe('How many rows the file has.'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional()
          .describe('What sha256sum prints for the file.'),
      }),
    )
    .default({})
    .describe('What the files held when they were released.'),
});

/** snapshot.yaml or catalog.yaml: the date, sources and notes of the files beside it, and what they held. */
export type Manifest = z.infer<typeof Manifest>;

/** Reads a manifest; problems name the line of the key they are about. */
export function readManifest(file: string, text: string): { manifest: Manifest | null; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problem = (offset: number | null, path: string, code: string, message: string): Problem => {
    const at = offset === null ? null : lines.linePos(offset);
    return {
      severity: 'error',
      code,
      file,
      line: at?.line ?? null,
      column: at?.col ?? null,
      path,
      message: path === '' ? message : `${path}: ${message}`,
      suggestion: null,
      excerpt: at ? (text.split(/\r\n|\n|\r/)[at.line - 1] ?? null) : null,
    };
  };
  if (document.errors.length > 0)
    return {
      manifest: null,
      problems: document.errors.map(({ pos, message }) =>
        problem(pos[0], '', 'bad-yaml', message.split('\n')[0] ?? message),
      ),
    };
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { manifest: null, problems: [problem(0, '', 'bad-yaml', 'aliases are not accepted here')] };
  }
  const result = Manifest.safeParse(content);
  if (result.success) return { manifest: result.data, problems: [] };
  return {
    manifest: null,
    problems: result.error.issues.map(({ path, message }) =>
      problem(offsetOf(document, path), path.join('.'), 'bad-manifest', message),
    ),
  };
}

/** Offset of the value at a path, or of its nearest parent that exists. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}
