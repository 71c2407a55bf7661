import type { PriceFacts } from './column.js';
import { snapshotSchemas } from './snapshot-columns.js';

type PriceTable = keyof typeof snapshotSchemas;
type Columns<Table extends PriceTable> = (typeof snapshotSchemas)[Table]['columns'];

/** Fields of a row that hold what it costs. */
export type PriceField<Table extends PriceTable> = {
  [Field in keyof Columns<Table>]: Columns<Table>[Field] extends PriceFacts ? Field : never;
}[keyof Columns<Table>] &
  string;

type FactIn<Table extends PriceTable, Fact extends keyof PriceFacts> = {
  [Field in PriceField<Table>]: Columns<Table>[Field] extends Record<Fact, infer Value extends string> ? Value : never;
}[PriceField<Table>];

/** What prices of a table are called in a price book. */
export type Settable<Table extends PriceTable> = FactIn<Table, 'settable'>;

/** How a rented machine is bought. */
export type RentalPurchase = FactIn<'rental', 'purchase'>;

/** A column of prices; `required`: every row has it. */
export type PriceColumn<Table extends PriceTable> = Omit<PriceFacts, 'settable' | 'purchase'> & {
  field: PriceField<Table>;
  header: string;
  required: boolean;
  together?: string;
  settable?: Settable<Table>;
  purchase?: RentalPurchase;
};

const columnsOf = <Table extends PriceTable>(table: Table): PriceColumn<Table>[] =>
  Object.entries(snapshotSchemas[table].columns).flatMap(([field, column]) =>
    'price' in column ? [{ ...column, field, required: !('ifEmpty' in column) } as unknown as PriceColumn<Table>] : [],
  );

/** Every price of the snapshot's tables, in file order. */
export const priceColumns = {
  api: columnsOf('api'),
  rental: columnsOf('rental'),
  hosting: columnsOf('hosting'),
};

/** Forms of renting a machine, with their terms. */
export const rentalForms = priceColumns.rental.flatMap(({ field, purchase, months = 0, word }) =>
  purchase === undefined ? [] : [{ field, purchase, months, word }],
);

/** Prices that a book can set, with the name that each has there. */
export const settablePrices = <Table extends PriceTable>(table: Table) =>
  (priceColumns[table] as PriceColumn<Table>[]).flatMap((column) =>
    column.settable === undefined ? [] : [{ ...column, settable: column.settable as Settable<Table> }],
  );
