import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/cli-process.js';
import { cliHere } from '../support/recording-io.js';
import { long } from '../support/sample.js';
import { newFolder } from '../support/temporary-folder.js';

/** Debian's browser; without one there is nothing to look with. */
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => existsSync(file));
const folder = newFolder();
const day = ['--as-of', '2026-11-20', '--pricing', '2026-11-10'];
const nothingFits = path.join(folder, 'nothing-fits.yaml');
writeFileSync(
  nothingFits,
  'version: 1\nname: Nothing fits\nworkload: {volume: 200k requests/day}\ntasks: [{name: review, type: office-work-agent, capability: {minIndex: 95}}]\ndata: {sensitivity: device-only}\n',
);
const committed = (name: string): string => path.join(root, `scenarios/${name}.yaml`);
const scenarios = long
  ? [...['support-chatbot', 'voice-assistant', 'small-team-documents', 'regulated-hybrid'].map(committed), nothingFits]
  : [committed('support-chatbot'), nothingFits];
/** Changes of inputs of each scenario. */
const changes = long ? 10 : 3;

describe.skipIf(executablePath === undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(scenarios.map((file) => ({ name: path.basename(file, '.yaml'), file })))('$name', ({ name, file }) => {
    const page = path.join(folder, `${name}.html`);
    const told: string[] = [];
    const opened = async (options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
      const shown = await browser.newPage(options);
      shown.on('console', (message) => told.push(message.text()));
      shown.on('pageerror', ({ message }) => told.push(message));
      shown.on('request', (request) => /^(?:blob|file|data):/.test(request.url()) || told.push(request.url()));
      await shown.goto(`file://${page}`);
      return shown;
    };
    beforeAll(async () => {
      const { code } = await cliHere(['assess', file, ...day, '-f', 'html', '-q', '-o', page]);
      expect([0, 3]).toContain(code);
    }, 600_000);

    test.each([
      { width: 1280, colorScheme: 'light' },
      { width: 1280, colorScheme: 'dark' },
      { width: 400, colorScheme: 'light' },
      { width: 400, colorScheme: 'dark' },
    ] as const)('$colorScheme at $width px: nothing overlaps, all can be read', async ({ width, colorScheme }) => {
      const shown = await opened({ viewport: { width, height: 900 }, colorScheme });
      expect(await shown.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await shown.evaluate(overlaps)).toEqual([]);
      await shown.evaluate(() => {
        for (const one of document.querySelectorAll('details')) one.open = true;
      });
      expect(await shown.evaluate(faint)).toEqual([]);
      await shown.close();
      expect(told).toEqual([]);
    });

    test('a keyboard reaches everything, and every chart is told in words', async () => {
      const shown = await opened();
      const wanted = await shown.evaluate(
        () =>
          [...document.querySelectorAll<HTMLElement>('a[href], button, summary, input, select, [tabindex="0"]')].filter(
            (one) => one.checkVisibility(),
          ).length,
      );
      const reached = new Set<string>();
      for (let i = 0; i < wanted + 5; i++) {
        await shown.keyboard.press('Tab');
        reached.add(
          await shown.evaluate(() => {
            const all = [...document.querySelectorAll('*')];
            return String(all.indexOf(document.activeElement as Element));
          }),
        );
      }
      // The body, between the last and the first.
      expect(reached.size).toBeGreaterThanOrEqual(wanted);
      const images = await shown.locator('svg[role=img]:visible').all();
      const tree = await shown.locator('body').ariaSnapshot();
      expect(tree).toContain('heading');
      for (const image of images) expect(tree).toContain(`img "${(await image.locator('title').textContent()) ?? '?'}`);
      await shown.close();
    });

    test('without script it is whole', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const shown = await context.newPage();
      await shown.goto(`file://${page}`);
      expect(await shown.locator('section h2').allTextContents()).toEqual(
        expect.arrayContaining(
          name === 'nothing-fits'
            ? ['Nothing fits', 'Options']
            : ['Recommendation', 'Confidence', 'Other ways to run it', 'Options'],
        ),
      );
      expect(await shown.locator('#what-if form').isVisible()).toBe(false);
      await context.close();
    });

    test('options can be sorted', async () => {
      const shown = await opened();
      const costs = async (): Promise<number[]> =>
        await shown
          .locator('#options tbody tr > td:nth-child(3) > data')
          .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-value'))));
      const head = shown.locator('#options th').nth(2);
      await head.locator('button').click();
      expect(await head.getAttribute('aria-sort')).toBe('ascending');
      const up = await costs();
      expect(up).toEqual([...up].sort((a, b) => a - b));
      await head.locator('button').click();
      expect(await costs()).toEqual(up.toReversed());
      await shown.close();
    });

    test('what-if answers as the command line, to the cent', async () => {
      const shown = await opened();
      const controls = await shown.locator('#what-if [data-set]').all();
      expect(controls.length).toBeGreaterThan(5);
      const answer = shown.locator('#what-if .answer');
      for (let i = 0; i < changes; i++) {
        const control = controls[(i * 5) % controls.length];
        if (control === undefined) throw new Error('no control');
        const asked = await answer.getAttribute('data-asked');
        await control.evaluate(move, i);
        await shown
          .locator(`#what-if .answer:not([data-asked="${asked ?? ''}"]):not([aria-busy])`)
          .waitFor({ timeout: 60_000 });
        const command = (await answer.locator('code').textContent()) ?? '';
        const set = [...command.matchAll(/--set '([^']*)'/g)].map(([, one]) => one ?? '');
        expect(set.length).toBeGreaterThan(0);
        const sets = set.flatMap((one) => ['--set', one]);
        const { out } = await cliHere(['assess', file, ...day, '--point', '-f', 'json', '-q', ...sets]);
        const { monthlyCost, plan } = JSON.parse(out).recommendation;
        const answered = [await answer.getAttribute('data-value'), await answer.getAttribute('data-plan')];
        expect([set, ...answered]).toEqual([set, String(monthlyCost ?? ''), plan ?? '']);
      }
      await shown.close();
      expect(told).toEqual([]);
    });
  });
});

/** Moves an input to another value, a different one each time. */
function move(control: Element, turn: number): void {
  if (control instanceof HTMLSelectElement)
    control.selectedIndex = (control.selectedIndex + 1) % control.options.length;
  else if (control instanceof HTMLInputElement) {
    const [low, high] = [Number(control.min), Number(control.max)];
    control.value = String(low + (high - low) * (((turn * 0.37) % 0.8) + 0.1));
  }
  control.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Texts of charts and cells of tables whose boxes lie over one another. */
function overlaps(): string[] {
  const groups = [...document.querySelectorAll('svg, .facts, header, thead')].filter((one) => one.checkVisibility());
  return groups.flatMap((group) => {
    const boxes = [...group.querySelectorAll('text, b, span, th, h1, p')]
      .filter((one) => one.checkVisibility() && one.textContent?.trim() !== '')
      .map((one) => ({ text: one.textContent ?? '', box: one.getBoundingClientRect() }));
    return boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(
          ({ box }) =>
            a.box.left < box.right - 1 &&
            box.left < a.box.right - 1 &&
            a.box.top < box.bottom - 2 &&
            box.top < a.box.bottom - 2,
        )
        .filter((b) => !a.text.includes(b.text) || group.tagName === 'svg')
        .map((b) => `${a.text} / ${b.text}`),
    );
  });
}

/** Texts whose contrast with what is behind them is below 4.5. */
function faint(): string[] {
  const rgb = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const light = (color: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = color.map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element): string => {
    for (let one: Element | null = element; one !== null; one = one.parentElement) {
      const { backgroundColor } = getComputedStyle(one);
      if ((rgb(backgroundColor)[3] ?? 1) > 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.body.querySelectorAll('*')]
    .filter(
      (one) =>
        one.checkVisibility() &&
        [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== ''),
    )
    .filter((one) => !['SCRIPT', 'STYLE', 'TITLE', 'DESC', 'title', 'desc'].includes(one.tagName))
    .flatMap((one) => {
      const style = getComputedStyle(one);
      const [a, b] = [light(rgb(one instanceof SVGElement ? style.fill : style.color)), light(rgb(behind(one)))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return ratio < 4.5 ? [`${one.tagName} ${one.textContent?.slice(0, 40)} ${ratio.toFixed(2)}`] : [];
    });
}
