import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const main = path.join(root, 'dist/cli/main.js');
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const mostMs = 120_000;

/** What the commands are asked of a mutated file; each ends with the file or the folder. */
const scenarioCommands = [
  ['assess', '--point'],
  ['assess', '--point', '--format', 'json'],
  ['assess', '--point', '--detail', 'options'],
  ['assess'],
  ['explain'],
  ['breakeven'],
  ['breakeven', '--axis', 'months', '--format', 'csv'],
  ['guides'],
  ['sweep', '--vary', 'workload.volume=100..10000:3'],
];

/**
 * Cases through the built command: it must end by itself with 0 to 3, print no stack and no control character, and write
 * nothing. What is asked rotates; a tenth are price tables of one's own.
 *
 * @param {any} fuzzer
 * @param {number} total
 * @param {(kind: string, index: number, one: { file: string, text: string, set: string[] }, error: string) => void} fail
 */
export async function throughBinary(fuzzer, total, fail) {
  const codes = {};
  const begun = Date.now();
  let slowest = 0;
  for (let index = 0; index < total; index++) {
    const folder = mkdtempSync(path.join(tmpdir(), 'deploy-advisor-fuzz-'));
    try {
      const ofTables = index % 10 === 9;
      // Beyond the cases that ran in process.
      const one = fuzzer.caseAt(ofTables ? 'table' : 'scenario', 1_000_000 + index * 7);
      const args = ofTables ? withTables(folder, one) : withScenario(folder, one, index);
      const before = readdirSync(folder, { recursive: true }).length;
      const { code, out, err, ms } = await ended(args, folder);
      slowest = Math.max(slowest, ms);
      codes[code] = (codes[code] ?? 0) + 1;
      const wrong = wrongWith(code, out, err);
      const wrote = readdirSync(folder, { recursive: true }).length - before;
      if (wrong || wrote !== 0) fail('binary', index, one, `${args.join(' ')}: ${wrong ?? 'wrote a file'}\n${err}`);
      if (index % 20 === 19) process.stderr.write(`binary ${index + 1} of ${total}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(
    `binary: ${total} runs in ${Math.round((Date.now() - begun) / 1000)} s, slowest ${slowest} ms, exit codes`,
    codes,
  );
}

function withScenario(folder, { text, set }, index) {
  const file = path.join(folder, 'scenario.yaml');
  writeFileSync(file, text);
  const [command, ...rest] = scenarioCommands[index % scenarioCommands.length];
  // No shell can pass an argument with a null character.
  const passed = set.filter((each) => !each.includes('\0'));
  return [command, file, ...rest, ...passed.flatMap((each) => ['--set', each])];
}

/** The newest snapshot with one file changed, as a folder of one's own. */
function withTables(folder, { file, text }) {
  const pricing = path.join(folder, 'pricing');
  cpSync(path.join(root, 'pricing/2026-08-21'), pricing, { recursive: true });
  const within = file.replace(/^pricing\/(catalog|2026-08-21)\//, '');
  mkdirSync(path.dirname(path.join(pricing, within)), { recursive: true });
  writeFileSync(path.join(pricing, within), text);
  return ['assess', path.join(root, 'scenarios/support-chatbot.yaml'), '--point', '--pricing', pricing];
}

function wrongWith(code, out, err) {
  if (![0, 1, 2, 3].includes(code)) return `ended with ${code}`;
  if (/^\s+at .+:\d+:\d+\)?$/m.test(out + err)) return 'printed a stack';
  if (control.test(out.replaceAll('\t', '')) || control.test(err.replaceAll('\t', '')))
    return 'printed a control character';
  return null;
}

function ended(args, cwd) {
  const begun = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: mostMs });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, out, err, ms: Date.now() - begun }));
  });
}
