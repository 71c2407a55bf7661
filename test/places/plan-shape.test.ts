import { expect, test } from 'vitest';
import { z } from 'zod';
import { kindsByTask } from '../../src/decide/choice.js';
import { type Deployment, type PlanPart, shapeOf } from '../../src/decide/plan.js';
import { deviceGroups } from '../../src/places/device.js';
import type { Kind } from '../../src/tables/columns.js';
import { casesIn } from '../support/cases.js';
import { shippedTables } from '../support/load.js';

const part = z.strictObject({
  of: z.array(z.string()),
  boundary: z.string().optional(),
  second: z.string().optional(),
});
const cases = casesIn('plan-shape', { shapes: { why: z.string(), parts: z.array(part), shape: z.string() } });

/** A part of a plan as far as shapes and kinds look at it. */
const on = (kind: Kind, task: string, cut?: string): PlanPart & Deployment =>
  ({
    option: { kind, onDevices: kind === 'edge' ? {} : null },
    taskParts: [{ task, part: cut ?? 'all', needs: { boundary: 'anywhere' }, ...(cut && { cut: { shape: cut } }) }],
  }) as unknown as PlanPart & Deployment;

test('a routed task whose easy part runs on devices falls back from them', () => {
  const [easy, hard] = [on('edge', 'chat', 'tiered-routing'), on('cloud-api', 'chat', 'tiered-routing')];
  expect(shapeOf([easy, hard])).toBe('edge-fallback');
  expect(shapeOf([on('on-prem', 'chat', 'tiered-routing'), hard])).toBe('tiered-routing');
  expect(shapeOf([easy, hard, on('cloud-api', 'code')])).toBe('mixed');
});

/** TaskParts on one place: `faq`, `faq.dev`, with the boundary of their data, and what stands beside it. */
const place = ({ of: taskParts, boundary = 'anywhere', second }: z.infer<typeof part>): PlanPart =>
  ({
    option: { kind: 'cloud-api', onDevices: null },
    taskParts: taskParts.map((name) => {
      const [task, part = 'all'] = name.split('.');
      return { task, part, needs: { boundary } };
    }),
    ...(second !== undefined && { second: { role: second } }),
  }) as unknown as PlanPart;

test.each(cases.shapes)('what a plan of places is called: $why', ({ parts, shape }) => {
  expect(shapeOf(parts.map(place))).toBe(shape);
});

test('kinds of a task are the same in whatever order its parts stand', () => {
  const parts = [on('edge', 'chat', 'cascade'), on('cloud-api', 'chat', 'cascade'), on('on-prem', 'code')];
  expect(kindsByTask({ deployments: parts })).toBe(kindsByTask({ deployments: parts.toReversed() }));
  expect(kindsByTask({ deployments: parts })).not.toBe(kindsByTask({ deployments: parts.slice(1) }));
});

test('a group of devices is as many as have its classes, whose shares are of the group', async () => {
  const classes = [
    { accelerator: 'snapdragon-8-gen-3-12gb', share: 0.4 },
    { accelerator: 'apple-a17-pro-8gb', share: 0.3 },
  ];
  const groups = deviceGroups({ devices: { count: 1000, classes, owner: 'users' } }, await shippedTables());
  expect(groups.map(({ name, count }) => [name, Math.round(count)])).toEqual([
    ['12gb-up', 400],
    ['8gb-up', 700],
  ]);
  expect(groups[1]?.classes.map(({ share }) => Number(share.toFixed(6)))).toEqual([0.571429, 0.428571]);
});
