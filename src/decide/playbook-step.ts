import type { Phase } from '../tables/playbook-words.js';

/** One step on the way to a plan. */
export type PlaybookStep = {
  step: number;
  id: string;
  phase: Phase;
  /** The day it begins, or in words what it waits for where no day is known. */
  when: string;
  date: string | null;
  /** What it waits for beside the day. */
  trigger: string | null;
  do: string;
  /** USD, in the sense the text gives it. */
  cost: number | null;
  fromShare: number | null;
  toShare: number | null;
  /** Requests a day, or what the text counts. */
  volume: number | null;
  /** Counted from the day of the decision, which lies in month 1. */
  month: number | null;
  /** Days it takes. */
  days: number | null;
  fte: number | null;
  /** Every figure of the texts by its name; shares as fractions. */
  figures: Record<string, number>;
  source: string;
};

/** Something to see to. */
export type ChecklistItem = {
  item: string;
  /** The rule and what it is about. */
  because: string;
  source: string;
};
