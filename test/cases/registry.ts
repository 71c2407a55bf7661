import type { Formula } from './formula.js';
import { billFormulas } from './formulas/bill.js';
import { chanceFormulas } from './formulas/chance.js';
import { compareFormulas } from './formulas/compare.js';
import { deviceFormulas } from './formulas/devices.js';
import { energyFormulas } from './formulas/energy.js';
import { machineFormulas } from './formulas/machines.js';
import { memoryFormulas } from './formulas/memory.js';
import { queueFormulas } from './formulas/queue.js';
import { speedFormulas } from './formulas/speed.js';

/** The formulas of worked examples by their ids. */
export const formulas: ReadonlyMap<string, Formula> = new Map(
  [
    billFormulas,
    memoryFormulas,
    speedFormulas,
    queueFormulas,
    machineFormulas,
    energyFormulas,
    compareFormulas,
    deviceFormulas,
    chanceFormulas,
  ].flatMap((each) => Object.entries(each)),
);
