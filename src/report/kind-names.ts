export { kindNames } from '../places/kind-names.js';
