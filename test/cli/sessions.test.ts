import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { casesIn } from '../support/cases.js';
import { play, readSessions } from '../support/sessions.js';

const folder = 'test/fixtures/sessions';
const documents = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(documents)('%s', (name) => {
  test.each(readSessions(readFileSync(`${folder}/${name}`, 'utf8')))('$title', play);
});

const { unreadable, played } = casesIn('sessions', {
  unreadable: { session: z.string(), says: z.string() },
  played: { session: z.string(), holds: z.boolean() },
});
const sessionOf = (session: string) =>
  readSessions(
    `about: a test\ncases:\n  - {title: a list, ${session.replaceAll('LIST', '$: pricing list --as-of 2026-11-20')}}\n`,
  );

test.each(unreadable)('$session cannot be read: $says', ({ session, says }) => {
  expect(() => sessionOf(session)).toThrow(says);
});

test.each(played)('$session holds: $holds', async ({ session, holds }) => {
  const [one] = sessionOf(session);
  if (one === undefined) throw new Error('no session');
  await (holds ? play(one) : expect(play(one)).rejects.toThrow());
});
