import { type Kind, kinds } from '../tables/kinds.js';

/** Deployment types by their number in columns. */
export const kindOf = kinds;
export const kindCount = kindOf.length;

export const numberOf = (kind: Kind): number => kindOf.indexOf(kind);
