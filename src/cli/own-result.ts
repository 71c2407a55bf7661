/** Whether a text begins as our results in JSON do. No scenario has this key. */
export const isOwnResult = (text: string): boolean => /^\uFEFF?\s*\{\s*"schemaVersion"\s*:/.test(text);

/** Whether a text begins as what a check writes as JSON, ours or of a standard. */
export const isCheckOutput = (text: string): boolean =>
  isOwnResult(text) || /^\uFEFF?\s*\{\s*"\$schema"\s*:\s*"[^"]*\bsarif\b/.test(text);
