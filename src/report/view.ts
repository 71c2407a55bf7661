export const details = ['criteria', 'sure', 'inputs', 'options', 'playbook', 'full'] as const;
export type Detail = (typeof details)[number];

/** How a text report is shown. What the terminal can do is found out by the caller; the report is told. */
export type View = {
  color: boolean;
  /** Columns; no line is longer. Below `minWidth` the report stays at `minWidth`. */
  width: number;
  /** What to add below the one-screen report. */
  detail: Detail | null;
};

/** Narrower than this, tables and indents leave no room for words. */
export const minWidth = 40;
