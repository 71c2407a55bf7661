import { kinds } from '../tables/kinds.js';
import { isMap } from '../units/reading.js';
import * as s from '../units/schema.js';
import { enums } from './words.js';

const agreements = s.chosen(
  [
    { when: Array.isArray, use: s.strings.transform((signed) => ({ signed, canSign: [] as string[] })) },
    {
      when: isMap,
      use: s
        .strictObject({
          signed: s.strings.optional().describe('Agreements in force.'),
          canSign: s.strings.optional().describe('Agreements the organization is able and willing to sign.'),
        })
        .transform(({ signed, canSign }) => ({ signed: signed ?? [], canSign: canSign ?? [] })),
    },
  ],
  'write a list of signed agreements, or {signed: [...], canSign: [...]}',
);

/** What the data is and where it may go. */
export const data = s.strictObject({
  sensitivity: s
    .enum(enums.sensitivity)
    .optional()
    .describe('How sensitive the data is; decides how far it may go unless `boundary` says so. Default: internal.'),
  boundary: s
    .enum(enums.boundary)
    .optional()
    .describe(
      'How far the data may go, strictest first. Derived from the sensitivity when absent; under-contract, written, asks for a contract with everybody who gets them.',
    ),
  kinds: s.strings
    .optional()
    .describe('Kinds of data, as the compliance table names them: phi, personal, cardholder-data …'),
  regimes: s.strings
    .optional()
    .describe('Rules that apply, as the compliance table names them: hipaa, gdpr, pci-dss …'),
  ownRegimes: s
    .list(
      s.strictObject({
        name: s.token.describe('What the report calls it.'),
        requires: s
          .line(500)
          .optional()
          .describe(
            'What a place must have, in tokens of the compliance table: region:br & (agreement:dpa | reach:own-account).',
          ),
        only: s.list(s.enum(kinds)).optional().describe('Kinds of place that it allows. Default: all.'),
      }),
    )
    .optional()
    .describe('Rules of your own, for laws and policies that the tables do not have.'),
  residency: s.list(s.regionToken).optional().describe('Regions that data must stay in: us, eea (or eu), uk …'),
  agreements: agreements.optional().describe('Agreements signed, or that can be signed: baa, dpa, baa:<provider> …'),
  declared: s.strings.optional().describe('What the organization has done, as the compliance table names it: dpia …'),
  ownRoom: s.regionToken
    .optional()
    .describe(
      'Where machines of your own would stand: the region of your room, or of a colocation. Default: the first of `residency`.',
    ),
});
