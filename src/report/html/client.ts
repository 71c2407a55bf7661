/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { money } from '../numbers.js';
import type { WorkerAnswer } from './what-if.js';

/** The script of a page: sortable tables, and the what-if form. Bundled by scripts/build.mjs. */
for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) makeSortable(table);
const form = document.querySelector<HTMLFormElement>('#what-if form');
if (form !== null) makeWhatIf(form);
openTarget();
addEventListener('hashchange', openTarget);
addEventListener('beforeprint', () => {
  for (const one of document.querySelectorAll<HTMLDetailsElement>('#details > details')) one.open = true;
});

/** What a link leads to is shown, folded or not. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

function makeSortable(table: HTMLTableElement): void {
  const [body] = table.tBodies;
  const heads = [...table.querySelectorAll('th')];
  for (const [column, head] of heads.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const keyOf = (row: HTMLTableRowElement): { number: number | null; text: string } => {
        const cell = row.cells[column];
        const value = cell?.querySelector(':scope > data')?.getAttribute('data-value');
        return { number: value == null ? null : Number(value), text: cell?.textContent ?? '' };
      };
      const rows = [...(body?.rows ?? [])].map((row) => ({ row, key: keyOf(row) }));
      rows.sort(({ key: a }, { key: b }) => {
        // Unknown values come last in both directions.
        if (head.classList.contains('n'))
          return a.number === null || b.number === null
            ? Number(a.number === null) - Number(b.number === null)
            : (a.number - b.number) * (up ? 1 : -1);
        return (a.text < b.text ? -1 : Number(a.text > b.text)) * (up ? 1 : -1);
      });
      body?.append(...rows.map(({ row }) => row));
    });
  }
}

function makeWhatIf(form: HTMLFormElement): void {
  form.parentElement?.classList.remove('noscript-hidden');
  const inputs = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[data-set]')];
  const answer = document.querySelector<HTMLElement>('#what-if .answer') as HTMLElement;
  const [lead, body, code] = ['.lead', 'div', 'code'].map((one) => answer.querySelector(one) as HTMLElement) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
  const { command = '', cost = '', plan = '', per = '' } = form.dataset;
  // A browser may round what stands in the page to a step.
  const before = new Map(inputs.map((input) => [input, input.value]));
  let worker: Promise<Worker> | null = null;
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  showValues();
  for (const kind of ['focusin', 'pointerenter']) form.addEventListener(kind, engine, { once: true });
  form.addEventListener('input', () => {
    showValues();
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
  form.addEventListener('reset', () =>
    setTimeout(() => {
      showValues();
      void ask();
    }),
  );

  /** The value of an input as `--set` takes it; null: as the scenario has it. */
  function changed(input: HTMLInputElement | HTMLSelectElement): string | null {
    if (input.value === before.get(input)) return null;
    const isLog = input.dataset.log !== undefined;
    return isLog ? String(Number((10 ** Number(input.value)).toPrecision(3))) : input.value;
  }

  function showValues(): void {
    for (const input of inputs) {
      const output = input.closest('label')?.querySelector('output');
      const value = Number(changed(input) ?? input.dataset.now);
      const digits = String(Number(value.toPrecision(6))).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
      const unit = input.dataset.unit ?? '';
      if (output) output.textContent = unit === '$' ? `$${digits}` : `${digits} ${unit}`;
    }
  }

  async function start(): Promise<Worker> {
    const packed = Uint8Array.from(atob(document.getElementById('engine')?.textContent ?? ''), (sign) =>
      sign.charCodeAt(0),
    );
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    const { code, question } = JSON.parse(await new Response(stream).text());
    const made = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    made.onerror = ({ message }) =>
      show({
        id: asked,
        problems: [message || 'the engine could not start'],
        html: '',
        monthlyCost: null,
        plan: null,
        type: '',
      });
    made.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => show(data);
    made.postMessage(question);
    return made;
  }

  async function ask(): Promise<void> {
    const set = inputs.flatMap((input) => {
      const value = changed(input);
      return value === null ? [] : [(input.dataset.set ?? '').replace('$', value)];
    });
    asked += 1;
    const id = asked;
    answer.hidden = set.length === 0;
    answer.setAttribute('aria-busy', 'true');
    code.textContent = [command, ...set.map((one) => `--set '${one.replaceAll("'", "'\\''")}'`)].join(' ');
    (await engine()).postMessage({ id, set });
  }

  /** Started when the form gets the focus, to be ready for a changed value. */
  function engine(): Promise<Worker> {
    worker ??= start();
    return worker;
  }

  function show({ id, problems, html, monthlyCost, plan: now, type }: WorkerAnswer): void {
    // There is a later question.
    if (id !== asked) return;
    answer.removeAttribute('aria-busy');
    answer.dataset.asked = String(id);
    answer.dataset.value = String(monthlyCost ?? '');
    answer.dataset.plan = now ?? '';
    body.innerHTML = html;
    lead.textContent = problems.length > 0 ? problems.join('; ') : wordsOf(monthlyCost, now, type);
  }

  function wordsOf(monthlyCost: number | null, now: string | null, type: string): string {
    if (monthlyCost === null) return 'Nothing meets every rule.';
    const more = cost === '' ? 0 : monthlyCost - Number(cost);
    const change =
      Math.abs(more) < 0.005 ? 'as now' : `${money(Math.abs(more))} ${more > 0 ? 'more' : 'less'} than now`;
    return `${money(monthlyCost)} ${per}, ${change}, ${now === plan ? 'on the same plan' : `on another plan: ${type}`}.`;
  }
}
