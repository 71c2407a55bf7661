export { kindNames } from '../placements/kind-names.js';
