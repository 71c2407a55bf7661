import fc from 'fast-check';
import { long } from './sample.js';

/**
 * Properties draw the same cases of a commit each time, so that no change is turned down by what was drawn for it alone.
 * A long run draws others, and so does `SEED=<whole number>`; one that fails tells its seed.
 */
const { SEED } = process.env;
fc.configureGlobal({ seed: SEED === undefined ? (long ? Date.now() : 0) : Number(SEED) });
