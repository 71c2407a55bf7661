import { indented } from '../../report/document.js';
import { renderText } from '../../report/text.js';
import { fileProblem, type Io, packagePath } from '../io.js';
import { renderProblems } from '../problems.js';

/** `glossary [word]`: what the words of reports mean, or those about one word. */
export async function runGlossary(io: Io, word: string | undefined): Promise<void> {
  const { text, problem } = await io.readText(packagePath('docs/glossary.md'));
  const rows = [...(text ?? '').matchAll(/^\| (?!word \|)([^|]+?) \| (.+) \|$/gm)].map(([, name = '', means = '']) => ({
    name,
    means: means.replaceAll('`', ''),
  }));
  const asked = word?.toLowerCase() ?? '';
  const named = rows.filter(({ name }) => name.toLowerCase().includes(asked));
  const found = named.length > 0 ? named : rows.filter(({ means }) => means.toLowerCase().includes(asked));
  const failed =
    problem ??
    (found.length === 0
      ? fileProblem('usage', '', `no word of reports is or explains "${word}"`, 'glossary lists them all')
      : null);
  if (failed !== null) {
    io.err(renderProblems([failed], { color: io.stderr.color }));
    return io.setExitCode(2);
  }
  const view = { color: io.stdout.color, width: io.stdout.columns ?? 80 };
  io.out(
    renderText(
      found.flatMap(({ name, means }) => [indented(name, 0, { tone: 'title' }), indented(means, 4, { hang: 0 })]),
      view,
    ),
  );
}
