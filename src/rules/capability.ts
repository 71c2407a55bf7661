import { capabilityOf } from '../places/option.js';
import { isAtLeast } from '../units/last-digits.js';
import { fixedWords, wordsBeside } from '../units/words-beside.js';
import { capabilityScore } from './capability-score.js';
import { condition, failed, type Gate, mayRun, passed, unknown } from './gate.js';
import { indexTurn } from './turns.js';

/** The model is capable enough in the mode it would run in, and may think if it does. */
export const capability: Gate = {
  id: 'capability',
  level: 'model',
  check(option, taskPart, context) {
    const { needs, task } = taskPart;
    const { model } = option;
    if (option.mode === 'thinking' && !needs.thinkingAllowed) {
      return failed(() => {
        // Allowed to think, it may still not be capable enough.
        const allowed = capability.check(
          option,
          { ...taskPart, needs: { ...needs, thinkingAllowed: true } },
          context,
          null,
        );
        const isEnough = mayRun(allowed);
        const { reason, figures } = allowed.why();
        return {
          need: 'answers without thinking',
          have: 'thinks first',
          reason: `${model} thinks first, which ${task} does not allow${isEnough ? '' : `; ${reason}`}`,
          turnsAt: isEnough ? { path: `tasks.${task}.thinking`, value: 'allowed' } : null,
          ...(!isEnough && { figures }),
        };
      });
    }
    const { need, text } = needs.capability;
    const index = capabilityOf(option);
    if (index === null)
      return unknown(() => ({
        need: `capability ${text}`,
        reason: `no index is known for ${model}: test it on your own samples`,
      }));
    const { have, gateAt, low, high } = index;
    if (!isAtLeast(gateAt, need)) {
      return failed(() => {
        const [judged, wanted] = wordsBeside(need, gateAt, pointWords);
        const scored = gateAt === have ? judged : `${pointWords(have)} and is judged by its low end, ${judged}`;
        return {
          need: `capability ${text}`,
          have: judged,
          reason: `${model} scores ${scored}, ${task} needs ${wanted}`,
          turnsAt: indexTurn(taskPart, gateAt),
          figures: { have: gateAt, need, ...(gateAt !== have && { scores: have }) },
        };
      });
    }
    const { scoreAtLeast = null } = needs.capability;
    if (scoreAtLeast !== null) {
      const score = capabilityScore(option, taskPart) ?? 0;
      if (!isAtLeast(score, scoreAtLeast))
        return failed(() => {
          const [cases, wanted] = wordsBeside(scoreAtLeast, score, pointWords);
          return {
            need: `capable enough in ${wanted} % of cases`,
            have: `${cases} %`,
            reason: `${model} is capable enough in ${cases} % of cases`,
            figures: { have: score, need: scoreAtLeast },
          };
        });
    }
    if (need <= low || need >= high) return passed;
    return condition(() => ({
      need: `capability ${text}`,
      have: gateAt.toFixed(1),
      todos: [
        `test ${model} on your own samples of ${task}: ${gateAt.toFixed(1)} against ${need.toFixed(1)} is a close call`,
      ],
      figures: { have: gateAt, need },
    }));
  },
};

const pointWords = fixedWords(1);
