import { Document, isNode } from 'yaml';
import type { Decision } from '../decide/decision.js';
import type { Plan } from '../decide/plan.js';
import type { Context } from '../places/placement.js';
import { plainText } from '../report/printable.js';
import type { Place } from './places.js';

/** A file to write; `path` is relative to the folder of all. */
export type ExportFile = { path: string; text: string };

/** What is written down: a plan, its places, and where all of it is from. */
export type Exported = {
  plan: Plan;
  places: readonly Place[];
  context: Context;
  /** Path of the scenario as it was given. */
  file: string;
  tool: { name: string; version: string };
  /** Rules that the plan breaks, each with its task and reason; none if recommended. */
  missed: readonly string[];
  /** The whole decision, made on demand. */
  decision(): Decision;
};

/** One format. */
export type Target = {
  /** What it is, in a few words. */
  title: string;
  /** The files; none: the plan has nothing for it. */
  files(exported: Exported): ExportFile[];
};

/** The head of every file: source, that nothing was done, and what to fill in. */
export function headOf(
  title: string,
  { plan, context, file, tool, missed }: Omit<Exported, 'places' | 'decision'>,
  toFill: readonly string[],
): string[] {
  const { workload, tables } = context;
  return [
    `${title}: ${workload.name}`,
    `from ${file} by ${tool.name} ${tool.version}, prices of ${tables.snapshot.date}, judged on ${workload.asOf}`,
    `plan: ${plan.id}`,
    ...missed.map((rule) => `a rule that it does not meet: ${rule}`),
    'not applied to anything: review before use',
    ...(toFill.length === 0 ? [] : [`fill in: ${[...new Set(toFill)].join(', ')}`]),
  ];
}

/** Lines as comments, each on one line whatever it holds. */
export const commented = (lines: readonly string[]): string => lines.map((line) => `# ${plainText(line)}\n`).join('');

/** What to say before a part of a document: where it stands, and the lines. */
export type Remark = { at: readonly (string | number)[]; lines: readonly string[] };

/**
 * A value as YAML under its head, also for YAML 1.1: words such as `no` quoted, and numbers with a dot before the
 * exponent.
 */
export function yamlText(head: readonly string[], value: unknown, remarks: readonly Remark[] = []): string {
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  for (const { at, lines } of remarks) {
    const node = document.getIn(at, true);
    if (isNode(node) && lines.length > 0) node.commentBefore = lines.map((line) => ` ${plainText(line)}`).join('\n');
  }
  return commented(head) + document.toString({ lineWidth: 0 }).replace(/( -?\d+)e([-+]\d+)$/gm, '$1.0e$2');
}

/** Several documents of one file under one head. */
export const yamlDocuments = (head: readonly string[], values: readonly unknown[]): string =>
  commented(head) + values.map((value) => yamlText([], value)).join('---\n');
