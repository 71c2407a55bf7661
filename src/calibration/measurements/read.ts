import { type Measurement, measurementOf } from '../../capacity/measurement.js';
import { type Fault, type JsonNode, readJson } from '../../tables/importers/format.js';
import { type Problem, placesIn } from '../../units/problem.js';
import {
  type BenchDefaults,
  type BenchForm,
  type BenchResult,
  hasKey,
  itemsAt,
  type JsonPlace,
  kindOf,
  missingDefaults,
  type PlaceReader,
  placeReader,
  rootPlace,
  type SaidByFile,
} from './bench.js';
import { readMeasurementsCsv } from './csv.js';
import { guidellm } from './guidellm.js';
import { llamaBench } from './llama-bench.js';
import { vllmBench } from './vllm-bench.js';

/** The JSON values of a text, one, or one a line of JSON lines, with positions in the text. */
type JsonDocuments = { documents: { root: JsonNode; offset: number }[]; faults: Fault[] };

/**
 * Reads JSON or JSON lines. Python's `NaN`, `Infinity` and `-Infinity` are read as text: `inf` for the second, empty
 * for the others.
 */
function jsonDocuments(text: string): JsonDocuments {
  const plain = withoutPythonNumbers(text);
  const whole = readJson(plain);
  if (whole.root !== null) return { documents: [{ root: whole.root, offset: 0 }], faults: whole.faults };
  const lines = linesOf(plain);
  if (lines.length < 2 || !lines.every(({ line }) => line.startsWith('{')))
    return { documents: [], faults: whole.faults };
  const documents: JsonDocuments['documents'] = [];
  const faults: Fault[] = [];
  for (const { line, offset } of lines) {
    const read = readJson(line);
    if (read.root !== null) documents.push({ root: read.root, offset });
    faults.push(...read.faults.map((fault) => ({ ...fault, at: fault.at + offset })));
  }
  return { documents, faults };
}

/** Lines that are not blank, and where each begins. */
function linesOf(text: string): { line: string; offset: number }[] {
  const found = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    if (line.trim() !== '') found.push({ line: line.trim(), offset: offset + indent });
    offset += line.length + 1;
  }
  return found;
}

const bare = /"|-?\bInfinity\b|\bNaN\b/g;

/** The text with such numbers as texts of the same length, so that positions stay. */
function withoutPythonNumbers(text: string): string {
  if (!/\b(Infinity|NaN)\b/.test(text)) return text;
  const parts: string[] = [];
  let from = 0;
  bare.lastIndex = 0;
  for (let found = bare.exec(text); found !== null; found = bare.exec(text)) {
    const [mark] = found;
    if (mark === '"') bare.lastIndex = endOfString(text, found.index);
    else {
      parts.push(text.slice(from, found.index), (mark === 'Infinity' ? '"inf"' : '""').padEnd(mark.length));
      from = found.index + mark.length;
    }
  }
  return parts.join('') + text.slice(from);
}

function endOfString(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
}

/** Forms of load generators, the first whose signs a document has. */
const forms: readonly BenchForm[] = [guidellm, llamaBench, vllmBench];
const maxCharacters = 200 * 1024 * 1024;
const maxProblems = 100;

type MeasurementsRead = { measurements: Measurement[]; problems: Problem[] };

/**
 * Reads measurements in any known form: a table (CSV), or a result of a load generator (JSON, JSON lines). Valid ones
 * are returned with the problems of the others. Never throws.
 */
export function readMeasurements(text: string, file: string, defaults: BenchDefaults = {}): MeasurementsRead {
  // A character for the mark, so that positions stay.
  const source = text.replace(/^\uFEFF/, '');
  if (/^\s*[[{]/.test(source)) return readBench(source, file, defaults);
  const { rows, problems } = readMeasurementsCsv(source, file);
  return {
    measurements: rows.flatMap(({ measurement }) => measurement ?? []),
    problems: [...problems, ...rows.flatMap((row) => row.problems)],
  };
}

function readBench(text: string, file: string, defaults: BenchDefaults): MeasurementsRead {
  const problem = (code: string, message: string, rest: Partial<Problem> = {}): Problem => ({
    severity: 'error',
    code,
    file,
    line: null,
    column: null,
    path: '',
    message,
    suggestion: null,
    excerpt: null,
    ...rest,
  });
  if (text.length > maxCharacters)
    return { measurements: [], problems: [problem('file-too-large', 'larger than 200 MB')] };
  const where = placesIn(file, text);
  const { documents, faults: syntax } = jsonDocuments(text);
  const found: { result: BenchResult; count: number | null }[] = [];
  const saids: SaidByFile[] = [];
  const faults = syntax.map((fault) => ({ ...fault, path: '' }));
  for (const { root, offset } of documents) {
    const reader = placeReader();
    for (const document of objectsIn(rootPlace(root), reader)) {
      const form = forms.find(({ signs }) => signs.some((sign) => hasKey(document, sign)));
      if (form === undefined) reader.fault(document, `${kindOf(document.node)} of no known form`, 'unknown-form');
      else {
        const { results, said } = form.read(document, reader);
        saids.push(said);
        found.push(...results.map((result) => ({ result, count: said.count })));
      }
    }
    faults.push(...reader.faults.map((each) => ({ ...each, at: each.at + offset })));
  }
  const hint = `expected a table (CSV), ${forms.map(({ title }) => title).join(', ')}`;
  const problems = faults
    .sort((a, b) => a.at - b.at)
    .slice(0, maxProblems)
    .map(({ at, code, message, path }) =>
      problem(code, message, { ...where(at), path, suggestion: code === 'unknown-form' ? hint : null }),
    );
  if (faults.length > maxProblems)
    problems.push(problem('more-problems', `${faults.length - maxProblems} more problems like these`));
  if (found.length === 0) return { measurements: [], problems };
  const missing = missingDefaults(defaults, together(saids));
  problems.push(
    ...missing.map(({ code, message, suggestion, severity }) => problem(code, message, { suggestion, severity })),
  );
  if (missing.some(({ severity }) => severity === 'error')) return { measurements: [], problems };
  return { measurements: found.map(({ result, count }) => completed(result, count, file, defaults)), problems };
}

/** The objects of a document: itself, or those of its list. */
function objectsIn(root: JsonPlace, reader: PlaceReader): JsonPlace[] {
  const items = itemsAt(root) ?? [root];
  if (items.length === 0) reader.fault(root, 'an empty list', 'no-rows');
  return items.filter((item) => {
    if (item.node?.kind === 'object') return true;
    reader.fault(item, `an object was expected, not ${kindOf(item.node)}`);
    return false;
  });
}

/** Common facts of a file's documents: the first with one. A count only if all agree. */
function together(saids: readonly SaidByFile[]): SaidByFile {
  return {
    model: saids.find(({ model }) => model !== null)?.model ?? null,
    accelerator: saids.find(({ accelerator }) => accelerator !== null)?.accelerator ?? null,
    count: saids.every(({ count }) => count !== null) ? (saids[0]?.count ?? null) : null,
  };
}

/** A result with the given values, which override the file. A division of other cards is dropped. */
function completed(result: BenchResult, said: number | null, file: string, given: BenchDefaults): Measurement {
  return measurementOf({
    source: file,
    ...result,
    engine: given.engine ?? result.engine ?? null,
    modelFamily: given.model ?? '',
    accelerator: given.accelerator ?? '',
    acceleratorCount: given.count ?? said ?? 1,
    parallel: said === null || given.count === undefined || given.count === said ? (result.parallel ?? null) : null,
    quantization: given.quantization ?? result.quantization ?? '',
  });
}
