const longest = 200;

/** The first line of a message of a library, which may quote a text of any length. */
export function firstLine(message: string): string {
  const [line = ''] = message.split('\n');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
