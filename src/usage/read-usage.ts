import type { Made } from './read-row.js';
import { rowReader, sourceOf } from './read-row.js';
import { type RecordReader, recordReader } from './records.js';
import { ReadFault } from './row.js';
import type { Source } from './sources.js';

/** What a file was, once it is read. */
export type ReadFile = { source: Source | null; records: number; pagesLeft: boolean };

/** The source of a file, if not detectable, and how that counts input. */
export type ReadSettings = { as: string | null; exclusive: boolean };

const unknown = (line: number): ReadFault =>
  new ReadFault(
    ...(['unknown-format', 'this is no usage export that is known', line] as const),
    'docs/usage.md lists what is read; --as names the format, and a table needs a time and tokens or calls',
  );
const counters = (line: number): ReadFault =>
  new ReadFault(
    ...(['counters', 'counters of a server in the form of Prometheus tell no calls', line] as const),
    'name the traces of the server (vLLM: --otlp-traces-endpoint), or the log of the gateway before it',
  );

/**
 * Reads one export, in parts of its text, and passes on what each record is.
 *
 * @param add also takes the line of the record
 * @throws ReadFault
 */
export function usageReader(
  { as, exclusive }: ReadSettings,
  add: (made: Made, source: Source, line: number) => void,
): RecordReader & { file: ReadFile } {
  const file: ReadFile = { source: null, records: 0, pagesLeft: false };
  let pages = { more: 0, last: 0 };
  let read: ReturnType<typeof rowReader> | null = null;
  const recognize = (keys: readonly string[], header: readonly string[] | null, line: number): void => {
    const source = sourceOf(keys, as);
    if (source === null) throw /^# (?:HELP|TYPE) |^vllm:/.test(keys[0] ?? '') ? counters(line) : unknown(line);
    file.source = source;
    read = rowReader(source, header, exclusive);
  };
  const reader = recordReader({
    header: (cells) => recognize(cells, cells, 1),
    record(record, line) {
      if (read === null) recognize(Object.keys(record), null, line);
      file.records++;
      if (read !== null && file.source !== null) add(read(record), file.source, line);
    },
    page(hasMore) {
      if (hasMore) pages = { ...pages, more: pages.more + 1 };
      else pages = { ...pages, last: pages.last + 1 };
      file.pagesLeft = pages.more > 0 && pages.last === 0;
    },
  });
  return { ...reader, file };
}
