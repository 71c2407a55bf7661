import { askAll } from '../support/questions.js';

askAll('advice');
