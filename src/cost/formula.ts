import type { Formula } from './line.js';

/** A formula of a cost line: its id is the part it makes, its result is USD a month. */
export const monthly = (id: string, label: string, text: string): Formula => ({ id, label, unit: 'USD/month', text });
