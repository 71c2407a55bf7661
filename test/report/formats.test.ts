import { parse } from 'csv-parse/sync';
import { marked, type Tokens } from 'marked';
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/decide/decision.js';
import { csv, csvHead, markdown } from '../../src/report/assess.js';
import { onPage, separated, type View } from '../../src/report/document.js';
import { sections } from '../../src/report/first-screen.js';
import { renderText } from '../../src/report/text.js';
import { hybrid, infeasible, onFleet } from '../support/report-decisions.js';

const decisions = Object.entries({ hybrid, fleet: onFleet, infeasible });
const plain: View = { color: false, width: 80, detail: null };
const hostile = 'Bot | "x" <script> @team #1 `rm` </td></details>\u001b]0;x\u0007\n# Title';
const named = (name: string): Decision => ({ ...hybrid, scenario: { ...hybrid.scenario, name } });

describe('Markdown', () => {
  test.each(decisions)('%s reads as agreed', async (name, decision) => {
    await expect(markdown(decision, plain)).toMatchFileSnapshot(`../golden/report-${name}.md`);
  });

  /** What a reader sees, without the layout. */
  const wordsOf = (html: string): string =>
    html
      .replaceAll(/<\/?span>/g, '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
      .replaceAll(/\s+/g, ' ');

  test.each(decisions)('%s says every word of the sections that a terminal prints', async (_, decision) => {
    const seen = wordsOf(await marked.parse(markdown(decision, plain)));
    const screen = renderText(separated(sections(decision, onPage)), { color: false, width: 10_000 });
    const words = screen
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== 'infra');
    expect(words.filter((word) => !seen.toLowerCase().includes(word))).toEqual([]);
  });

  test.each(decisions)(
    '%s has tables whose rows have as many cells as their heads, and nothing a parser takes apart',
    (_, decision) => {
      const tokens = marked.lexer(markdown(decision, { ...plain, detail: 'full' }));
      const tables = tokens.filter((token): token is Tokens.Table => token.type === 'table');
      for (const one of tables) {
        for (const row of one.rows) expect(row).toHaveLength(one.header.length);
      }
      expect(tokens.filter(({ type }) => !/^(heading|paragraph|space|table|html)$/.test(type))).toEqual([]);
    },
  );

  test('a name that means harm stays text', async () => {
    const html = await marked.parse(markdown(named(hostile), { ...plain, detail: 'inputs' }));
    expect(html).not.toMatch(/<script|<h1|<\/td><\/details>|\p{Cc}(?<!\n)/u);
    // Hosts look for calls in what stands between two tags.
    expect(html.split(/<[^>]*>/).filter((part) => /@team|#1/.test(part))).toEqual([]);
    expect(wordsOf(html)).toContain('Bot | "x" <script> @team #1 `rm` </td></details>\\u001b]0;x\\u0007 # Title');
  });
});

describe('CSV', () => {
  const rowsOf = (decision: Decision) => parse(csvHead + csv(decision), { columns: true }) as Record<string, string>[];

  test.each(decisions)('%s: a row for each option, with the figures that JSON has', (_, decision) => {
    const rows = rowsOf(decision);
    const figure = (text: string | undefined): number | null => (text === '' ? null : Number(text));
    expect(rows.map((row) => [row.option, figure(row.alone_monthly_cost_usd), row.feasible])).toEqual(
      decision.options.map(({ id, monthlyCost, feasible }) => [id, monthlyCost, String(feasible)]),
    );
    for (const row of rows) {
      const served = decision.recommendation.assignments.filter(({ option }) => option === row.option);
      expect(row.tasks_advised).toBe([...new Set(served.map(({ task }) => task))].join(';'));
    }
    expect(new Set(rows.map(({ scenario }) => scenario))).toEqual(new Set([decision.scenario.name]));
  });

  test('a name with everything that CSV uses stays one cell, and moves no terminal', () => {
    const [row] = rowsOf(named(hostile));
    expect(row?.scenario).toBe('Bot | "x" <script> @team #1 `rm` </td></details>\\u001b]0;x\\u0007 # Title');
  });

  test.each(['=HYPERLINK("x")', '+1', '-cmd', '@SUM(A1)'])(
    'a name that is a formula to a spreadsheet is a text: %s',
    (name) => {
      expect(rowsOf(named(name))[0]?.scenario).toBe(`'${name}`);
      expect(rowsOf(named(`a${name}`))[0]?.scenario).toBe(`a${name}`);
    },
  );
});
