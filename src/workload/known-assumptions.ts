import type { ParameterRow } from '../tables/rows.js';
import type { Tables } from '../tables/tables.js';
import { notWhole } from '../units/exact.js';
import type { Uncertain } from '../units/range.js';
import { type Bounds, parameterReader } from '../units/read-parameter.js';
import { type Reader, refuse } from '../units/reading.js';
import { suggestion } from '../units/suggest.js';
import { type Finding, findingError, findingWarning } from './finding.js';
import type { Scenario } from './schema.js';
import { getIn, type Path } from './tree.js';

/**
 * Reads the assumptions again, each in the unit its parameter has in the tables; unknown names are errors, those that no
 * figure takes warnings.
 */
export function knownAssumptions(
  { assumptions }: Scenario,
  root: unknown,
  { parameterOf }: Tables,
): { assumptions: Record<string, Uncertain> | null; findings: Finding[] } {
  if (!assumptions) return { assumptions: null, findings: [] };
  const findings: Finding[] = [];
  const known: [string, Uncertain][] = [];
  for (const name of Object.keys(assumptions)) {
    const path: Path = ['assumptions', name];
    const row = parameterOf.get(name);
    if (!row) {
      const hint = suggestion(name, [...parameterOf.keys()], 'known');
      findings.push(
        findingError('unknown-assumption', path, `the tables have no parameter \`${name}\``, {
          on: 'key',
          suggestion: hint,
        }),
      );
      continue;
    }
    const reading = assumptionReader(row)(getIn(root, path));
    if (!reading.ok) {
      findings.push(findingError('bad-value', path, reading.message));
      continue;
    }
    known.push([name, reading.value]);
    if (row.used) continue;
    const message = `no figure takes \`${name}\`, so it has no effect`;
    const hint = '--detail inputs of assess lists what a decision takes';
    findings.push(findingWarning('no-effect', path, message, { on: 'key', suggestion: hint }));
  }
  return { assumptions: Object.fromEntries(known), findings };
}

/** Reads a value of an assumption: in its unit, within its bounds, whole where it counts. */
export function assumptionReader(row: ParameterRow): Reader<Uncertain> {
  const reader = parameterReader(row.unit, boundsOf(row));
  if (!isCount(row.unit)) return reader;
  return (written) => {
    const reading = reader(written);
    if (!reading.ok) return reading;
    const { likely, range } = reading.value;
    // The middle of a range is an expectation, and so are the ends of one that is given by its mean.
    const given = range === null || range.of === 'lognormal' ? [likely] : [range.low, range.high];
    const part = given.find((value) => !Number.isInteger(value));
    return part === undefined ? reading : refuse(notWhole(written, part, row.unit, false));
  };
}

/** Whether a parameter in this unit counts things of which there is no part. */
export const isCount = (unit: string): boolean =>
  /^(?:months|deployments|replicas|bounds|GPUs|devices|cells|decisions|draws|flips|levels|plans|rounds|slices|steps|tasks|volumes|ways)$/.test(
    unit,
  );

const wholes = /^(?:months|deployments|replicas|requests|sequences|bounds|GPUs|tokens)$/;
const mostMonths = 120;
/** What something costs or takes of people: added up and never divided by, so that it may be nothing. */
const spending = /^(?:fte$|person-weeks$|usd\/)/;

/**
 * Hard bounds of a parameter, from its row: never negative, a fraction at most 1, whatever is positive in the tables stays
 * so unless it is spending, and what is counted there from 1 up stays at least 1. Growth may be a fall.
 */
function boundsOf({ low, unit }: ParameterRow): Bounds {
  if (unit === 'fraction/month') return { least: -0.99, most: 10 };
  return {
    least: low >= 1 && wholes.test(unit) ? 1 : 0,
    ...(low > 0 && !spending.test(unit) && { aboveZero: true }),
    ...(/^fraction(?: |\/|$)/.test(unit) && { most: 1 }),
    ...(unit === 'months' && { most: mostMonths }),
  };
}
