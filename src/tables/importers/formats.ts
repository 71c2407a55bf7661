import { genaiPrices } from './genai-prices.js';
import type { ImportFormat } from './import-format.js';
import { litellm } from './litellm.js';
import { modelsDev } from './models-dev.js';
import { skypilot } from './skypilot.js';

/** Every format that can be imported, by the name people type. */
export const importFormats = {
  litellm,
  'models-dev': modelsDev,
  'genai-prices': genaiPrices,
  skypilot,
} as const satisfies Readonly<Record<string, ImportFormat>>;
export type ImportFormatName = keyof typeof importFormats;
