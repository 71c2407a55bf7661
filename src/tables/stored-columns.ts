/** Columns made by the build from some tables, and their other inputs: compare `key`. */
export type StoredColumns = { key: string; columns: Readonly<Record<string, StoredColumn>> };
export type StoredColumn = Float64Array | Int32Array | Uint8Array;

/** Kinds of columns, by their number in the file. */
const kinds = [Float64Array, Int32Array, Uint8Array] as const;
/** Every column begins at a multiple of the largest element. */
const alignment = 8;

type Head = { key: string; columns: [name: string, kind: number, from: number, length: number][] };

/**
 * Columns as one file: the length of its head (uint32, little-endian), the head as JSON, then each column in the
 * machine's number format.
 */
export function encodeColumns({ key, columns }: StoredColumns): Uint8Array {
  const head: Head = { key, columns: [] };
  let end = 0;
  for (const [name, column] of Object.entries(columns)) {
    const kind = kinds.findIndex((one) => column instanceof one);
    head.columns.push([name, kind, end, column.length]);
    end = aligned(end + column.byteLength);
  }
  const text = new TextEncoder().encode(JSON.stringify(head));
  const start = aligned(Uint32Array.BYTES_PER_ELEMENT + text.length);
  const file = new Uint8Array(start + end);
  new DataView(file.buffer).setUint32(0, text.length, true);
  file.set(text, Uint32Array.BYTES_PER_ELEMENT);
  for (const [name, , from] of head.columns) {
    const { buffer, byteOffset, byteLength } = columns[name] as StoredColumn;
    file.set(new Uint8Array(buffer, byteOffset, byteLength), start + from);
  }
  return file;
}

/** The columns of such a file, as aligned views; null on a machine of the other byte order. */
export function decodeColumns(file: Uint8Array): StoredColumns | null {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) return null;
  const { buffer, byteOffset } = file.byteOffset % alignment === 0 ? file : file.slice();
  const length = new DataView(buffer, byteOffset).getUint32(0, true);
  const first = byteOffset + Uint32Array.BYTES_PER_ELEMENT;
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, first, length))) as Head;
  const start = byteOffset + aligned(Uint32Array.BYTES_PER_ELEMENT + length);
  const columns = Object.fromEntries(
    head.columns.map(([name, kind, from, count]) => {
      const Kind = kinds[kind] as (typeof kinds)[number];
      return [name, new Kind(buffer as ArrayBuffer, start + from, count)];
    }),
  );
  return { key: head.key, columns };
}

const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
