import { expect, test } from 'vitest';
import { leastFirst } from '../../src/decide/task-advice.js';

test('things come out in their order, whatever order they go in', () => {
  let seed = 3;
  const random = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed;
  };
  for (let round = 0; round < 60; round++) {
    const queue = leastFirst<number>((one, other) => one < other);
    const inside: number[] = [];
    for (let step = 0; step < 200; step++) {
      if (random() % 3 > 0) {
        const number = random() % 50;
        queue.push(number);
        inside.push(number);
      } else {
        inside.sort((a, b) => a - b);
        expect(queue.peek()).toBe(inside[0]);
        expect(queue.pop()).toBe(inside.shift());
      }
    }
    inside.sort((a, b) => a - b);
    expect(inside.map(() => queue.pop())).toEqual(inside);
    expect(queue.pop()).toBeUndefined();
  }
});
