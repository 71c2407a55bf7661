/**
 * Where a text stops being the beginning of JSON: its end where it was cut off. Engines tell the place of some mistakes only,
 * so it is looked for: what is wrong at some length is wrong at any greater one.
 */
export function jsonMistakeAt(text: string): number {
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (mayGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** Whether a text is JSON or may become it with more behind it: then the engine misses what comes after its end. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN);
    return message.startsWith('Unexpected end') || position >= text.length;
  }
}
