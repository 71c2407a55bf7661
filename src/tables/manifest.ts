import * as z from 'zod';
import type { Problem } from '../units/problem.js';
import { readYaml, shapeProblems } from './yaml-file.js';

/** Version 1 of snapshot.yaml: the only definition. Type, messages and the JSON Schema come from it. */
export const Manifest = z.strictObject({
  version: z.literal(1, 'write version: 1').optional().describe('Version of this format. Default: 1.'),
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
  const { yaml, problems } = readYaml(file, text);
  if (yaml === null) return { manifest: null, problems };
  const result = Manifest.safeParse(yaml.content);
  if (result.success) return { manifest: result.data, problems };
  return { manifest: null, problems: shapeProblems(yaml, result.error, 'bad-manifest', Object.keys(Manifest.shape)) };
}
