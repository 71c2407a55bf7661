/** Context that a preset asks for, and its mean prompt: there is room in it for the longer ones of its requests. */
export type PresetContext = { tokens: number; input: number };

/**
 * Context to ask for where the mean prompt has `input` tokens: what the preset asks for, and of shorter prompts as much
 * less as they are shorter. So a value does not depend on who wrote it, and a longer prompt never asks for less.
 */
export const contextFor = (preset: PresetContext, input: number): number =>
  input >= preset.input ? preset.tokens : (preset.tokens * input) / preset.input;

/** The longest mean prompt that asks for no more context than `most`. */
export const promptWithin = (preset: PresetContext, most: number): number =>
  most >= preset.tokens ? Number.POSITIVE_INFINITY : Math.floor((most * preset.input) / preset.tokens);
