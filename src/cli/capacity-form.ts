import type { Problem } from '../units/problem.js';
import type { CapacityOptions } from './capacity-question.js';
import { misplaced } from './catalog-answer.js';
import { fileProblem } from './file-problem.js';

/** What `capacity` is asked: of one machine, of all, of the rows of a file, or how wrong it is. */
export type CapacityForm = 'one' | 'best' | 'from' | 'accuracy';

const titles = { one: 'one machine', best: '--best', from: '--from', accuracy: '--accuracy' } as const;
/** The form's own options, as users write them. */
const asking = ['from', 'best', 'accuracy'] as const;

/** Options and the forms that read them; `calibrating`: and any but `--accuracy` beside --calibrate-with. */
const readers: readonly { key: keyof CapacityOptions; flag: string; forms: CapacityForm[]; calibrating?: true }[] = [
  { key: 'model', flag: '--model', forms: ['one', 'best'], calibrating: true },
  { key: 'accelerator', flag: '--accelerator', forms: ['one'], calibrating: true },
  { key: 'count', flag: '--count', forms: ['one'], calibrating: true },
  { key: 'quantization', flag: '--quantization', forms: ['one', 'best'], calibrating: true },
  { key: 'engine', flag: '--engine', forms: ['one', 'best'], calibrating: true },
  { key: 'input', flag: '--input', forms: ['one', 'best'] },
  { key: 'outputTokens', flag: '--output', forms: ['one', 'best'] },
  { key: 'rate', flag: '--rate', forms: ['one', 'best'] },
  { key: 'users', flag: '--users', forms: ['one', 'best'] },
  { key: 'ttftP95', flag: '--ttft-p95', forms: ['one', 'best'] },
  { key: 'tpotP95', flag: '--tpot-p95', forms: ['one', 'best'] },
  { key: 'totalP95', flag: '--total-p95', forms: ['one', 'best'] },
  { key: 'kvCache', flag: '--kv-cache', forms: ['one', 'best'] },
  { key: 'parallel', flag: '--parallel', forms: ['one'] },
  { key: 'maxNumSeqs', flag: '--max-num-seqs', forms: ['one', 'best'] },
  { key: 'prefixHit', flag: '--prefix-hit', forms: ['one', 'best'] },
  { key: 'speculative', flag: '--speculative', forms: ['one', 'best'] },
  { key: 'context', flag: '--context', forms: ['one', 'best'] },
  { key: 'detail', flag: '--detail', forms: ['best', 'accuracy'] },
  { key: 'calibrateWith', flag: '--calibrate-with', forms: ['one', 'best', 'from'] },
  { key: 'set', flag: '--set', forms: ['one', 'best', 'from'] },
  { key: 'pricing', flag: '--pricing', forms: ['one', 'best', 'from'] },
];

/** Which form is asked for, and what does not go with it. */
export function formOf(options: CapacityOptions): { form: CapacityForm; problems: Problem[] } {
  const asked = asking.filter((name) => options[name] !== undefined);
  const form = asked[0] ?? 'one';
  if (asked.length > 1) {
    const message = `${asked.map((name) => titles[name]).join(' and ')} are different questions`;
    return { form, problems: [fileProblem('usage', '', message, 'ask one of them')] };
  }
  const calibrates = options.calibrateWith !== undefined && form !== 'accuracy';
  const flags = readers
    .filter(({ key, forms, calibrating }) => {
      const reads = forms.includes(form) || (calibrating === true && calibrates);
      return options[key] !== undefined && !reads;
    })
    .map(({ flag }) => flag);
  const tabular = form === 'best' || form === 'from';
  const problems = misplaced(flags, `says nothing together with ${titles[form]}`);
  if (options.format === 'csv' && !tabular)
    problems.push(fileProblem('usage', '', `${titles[form]} is no table of rows`, 'write --format json'));
  return { form, problems };
}
