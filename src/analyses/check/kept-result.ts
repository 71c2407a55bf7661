import type { Decided } from '../compare/decided.js';

/** Results kept earlier, with the files of scenarios that could not be read then. */
export type Kept = { decided: readonly Decided[]; unread: readonly string[]; entries: number };

/** A scenario as it is looked for; `file` null: it came by standard input. */
type Wanted = { file: string | null; name: string };

/** The result kept of a scenario, or why it cannot be told which it is; neither: it is new. */
type Found = {
  decision: Decided | null;
  untold: string | null;
  /** It is of another name: of this file, or of another one where there is one of each, so that nothing else can be meant. */
  unlike?: true;
  /** It could not be read then. */
  unread?: true;
};

/**
 * Finds results kept by the file of a scenario, else by its name. A result of a file that is checked too is of that one: a
 * copy under the same name is new. One result and one scenario go together in any case.
 *
 * @param checked files of all scenarios that are looked for
 * @param fileOf a file by one name, however it was written; null: none
 */
export function keptResults(
  { decided, unread, entries }: Kept,
  checked: readonly (string | null)[],
  fileOf: (written: string) => string | null,
): (wanted: Wanted) => Found {
  const kept = decided.map((decision) => ({ decision, file: fileOf(decision.scenario.file) }));
  const failed = new Set(unread.map(fileOf));
  const asked = new Set(checked);
  const left = kept.filter(({ file }) => file === null || !asked.has(file));
  return ({ file, name }) => {
    const isNamed = ({ decision }: { decision: Decided }): boolean => decision.scenario.name === name;
    const ofFile = file === null ? [] : kept.filter((one) => one.file === file);
    const ofBoth = ofFile.filter(isNamed);
    if (ofBoth.length > 0) return oneOf(ofBoth);
    // In another folder another scenario may have had this file's name.
    if (ofFile.length > 0) return { ...oneOf(ofFile), unlike: true };
    if (file !== null && failed.has(file)) return unreadThen;
    const ofName = left.filter(isNamed);
    if (ofName.length > 0) return oneOf(ofName);
    if (file === null && failed.has(null)) return unreadThen;
    if (entries !== 1 || checked.length !== 1) return { decision: null, untold: null };
    const isOther = file !== null && kept.every((one) => one.file !== null);
    return { ...oneOf(kept), ...(isOther && { unlike: true as const }) };
  };
}

const unreadThen: Found = { decision: null, untold: null, unread: true };

/** Results that say the same are one. */
function oneOf(found: readonly { decision: Decided }[]): Found {
  const byText = new Map(found.map(({ decision }) => [JSON.stringify(decision), decision]));
  const [first = null] = byText.values();
  if (byText.size < 2) return { decision: first, untold: null };
  return { decision: null, untold: `${byText.size} results may be of this scenario, and they differ` };
}
