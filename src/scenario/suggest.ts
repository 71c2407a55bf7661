export { editDistance, nearest, suggestion } from '../units/suggest.js';
