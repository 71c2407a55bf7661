import { Document, isNode } from 'yaml';
import { plainText } from '../report/plain-text.js';
import { commented } from './target.js';

/** What to say before a part of a document: where it stands, and the lines. */
export type Remark = { at: readonly (string | number)[]; lines: readonly string[] };

/**
 * A value as YAML under its head, that readers of YAML 1.1 take for the same: words such as `no` in quotes, and numbers with a
 * dot before the exponent, which are texts there otherwise.
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
