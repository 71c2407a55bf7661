/** A formula as static text: what `explain` prints, with the unit of its result. */
export type Formula = { id: string; label: string; unit: string; text: string };

/** A formula of a cost line: its id is the part it makes, its result is USD a month. */
export const monthly = (id: string, label: string, text: string): Formula => ({ id, label, unit: 'USD/month', text });
