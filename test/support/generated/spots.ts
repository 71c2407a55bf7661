import type { Turn } from './draws.js';

/** Blocks of fields that come into the spotlight one after another. */
export const spots = [
  'volume',
  'bursts',
  'profile',
  'time',
  'tokens',
  'images',
  'capability',
  'latency',
  'task',
  'task.share',
  'task.data',
  'data',
  'needs',
  'team',
  'today',
  'existing',
  'measured',
  'devices',
  'budget',
  'preferences',
  'wishes',
  'prices',
  'prices.own',
  'assumptions',
  'expect',
] as const;

/** Those that cut a task up, or put a second one beside it. */
export const cuttingSpots = [
  'easy',
  'sensitive',
  'sensitive.rest',
  'sensitive.redaction',
  'tuned',
  'development',
  'development.data',
] as const;

export type Spot = (typeof spots)[number] | (typeof cuttingSpots)[number];

/** The turn of each block. */
export type Light = (spot: Spot) => Turn;

/** Nothing is in the spotlight. */
export const noLight: Light = () => null;
