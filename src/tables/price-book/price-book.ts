import type { Range } from '../../units/uncertain.js';
import type { ApiRow, DateText, RentalRow } from '../rows.js';

/** Where something stands in a book: keys and positions from its top. */
export type BookPath = readonly (string | number)[];

/** Prices of a rate per 1e6 tokens, and the field of a row that each stands for. */
export const tokenFields = {
  input: 'inputUsdPerMTok',
  output: 'outputUsdPerMTok',
  cached: 'cachedInputUsdPerMTok',
  cacheWrite: 'cacheWriteUsdPerMTok',
  batchInput: 'batchInputUsdPerMTok',
  batchOutput: 'batchOutputUsdPerMTok',
  flexInput: 'flexInputUsdPerMTok',
  flexCached: 'flexCachedUsdPerMTok',
  flexOutput: 'flexOutputUsdPerMTok',
  priorityInput: 'priorityInputUsdPerMTok',
  priorityCached: 'priorityCachedUsdPerMTok',
  priorityOutput: 'priorityOutputUsdPerMTok',
  audioInput: 'audioInputUsdPerMTok',
  tierInput: 'tierInputUsdPerMTok',
  tierOutput: 'tierOutputUsdPerMTok',
} as const satisfies Record<string, keyof ApiRow>;
export type TokenPrice = keyof typeof tokenFields;
/** In the order in which a report names them. */
export const tokenPriceNames = Object.keys(tokenFields) as TokenPrice[];

/** Prices of a rate per hour, and the field of a row that each stands for. */
export const machineFields = {
  onDemand: 'onDemandUsdPerHour',
  spot: 'spotUsdPerHour',
  reserved1y: 'reserved1yUsdPerHour',
  reserved3y: 'reserved3yUsdPerHour',
} as const satisfies Record<string, keyof RentalRow>;
export type MachinePrice = keyof typeof machineFields;
export const machinePriceNames = Object.keys(machineFields) as MachinePrice[];

/** One number, or a range of it: what is decided takes the likely one, and draws take the rest. */
export type Price = number | Range;
export const likelyOf = (price: Price): number => (typeof price === 'number' ? price : price.likely);

export type DiscountTarget = 'tokens' | 'rental' | 'hosting';

export type Discount = {
  provider?: string | undefined;
  model?: string | undefined;
  on?: DiscountTarget[] | undefined;
  /** 0 to 100. */
  percent: Price;
  source?: string | undefined;
};

/** In the book's currency per 1e6 tokens. */
export type TokenRate = {
  provider: string;
  model: string;
  until?: DateText | undefined;
  source?: string | undefined;
} & {
  [Name in TokenPrice]?: Price | undefined;
};

/** In the book's currency per hour: of the instance, or (by accelerator) of one GPU. */
export type MachineRate = {
  provider: string;
  instance?: string | undefined;
  accelerator?: string | undefined;
  region?: string | undefined;
  source?: string | undefined;
} & { [Name in MachinePrice]?: Price | undefined };

/** Machines under contract. One of the two prices is given: USD, or the book's currency, per instance-hour. */
export type Contract = {
  provider: string;
  instance: string;
  region?: string | undefined;
  termMonths: number;
  usdPerHour?: Price | undefined;
  perHour?: Price | undefined;
  count?: number | undefined;
  source?: string | undefined;
};

/** A model that the tables do not have. In the book's currency per 1e6 tokens. */
export type OwnModel = {
  provider: string;
  model: string;
  like?: string | undefined;
  kind?: 'cloud-api' | 'open-model-api' | undefined;
  input: Price;
  output: Price;
  contextTokens?: number | undefined;
  maxOutputTokens?: number | undefined;
  source?: string | undefined;
} & { [Name in Exclude<OwnModelPrice, 'input' | 'output'>]?: Price | undefined };
/** Prices that it may have: all but those of longer prompts. */
export type OwnModelPrice = Exclude<TokenPrice, 'tierInput' | 'tierOutput'>;

/**
 * A provider that the tables do not have: what the rules on data ask of one. Words as in `providers.csv`: `x` it has, `x?`
 * it has under conditions, `no:x` it is known not to have; what is not named is unknown.
 */
export type OwnProvider = {
  provider: string;
  /** Country it is operated from. */
  operator: string;
  regions?: string[] | undefined;
  certs?: string[] | undefined;
  agreements?: string[] | undefined;
  options?: string[] | undefined;
  source?: string | undefined;
};

export type OwnPrices = {
  currency?: { code: string; usdPerUnit: Price; asOf: DateText; source?: string | undefined } | undefined;
  discounts?: Discount[] | undefined;
  rates?: (TokenRate | MachineRate)[] | undefined;
  reserved?: Contract[] | undefined;
  /** What one accelerator costs, in the book's currency. */
  hardware?: Record<string, Price> | undefined;
  /** Capability index of families, 0 to 100, or a range of it. */
  capability?: Record<string, Price> | undefined;
  models?: OwnModel[] | undefined;
  providers?: OwnProvider[] | undefined;
};

/** Prices of one's own, and what to call the place they come from. */
export type PriceBook = {
  name: string;
  /** Name, file and checksum. */
  label: string;
  /** It is the `prices` of a scenario; left out: a book of its own. */
  inScenario?: true;
  prices: OwnPrices;
  /** The place of an entry, as `file:line`. */
  where(path: BookPath): string;
};

/** Something wrong with an entry, or suspicious; whoever read the book knows the line. */
export type BookProblem = {
  severity: 'error' | 'warning';
  code: string;
  path: BookPath;
  message: string;
  /** A name that nobody knows, and those that could be meant. */
  near: { name: string; among: readonly string[] } | null;
};

/** What a book does to one entry of a table: which book, and where in it. */
export type Entry = { book: PriceBook; path: BookPath; source: string | undefined };

/** USD for one unit of the book's currency; of a range the likely one. */
export const usdPerUnit = ({ prices }: PriceBook): number => likelyOf(prices.currency?.usdPerUnit ?? 1);

/** Cells of one row that a range moves, by the names of the fields of `ApiRow`, `RentalRow` or `HostingRow`. */
export type RangedCells = { table: 'api' | 'rental' | 'hosting'; row: number; columns: string[] };

/**
 * A range that stands in a book: of a price or of the rate of exchange, as factors on the likely value, which is 1; or of a
 * discount, in percent. The factor of a value (`factorOf`) multiplied into all its cells makes the tables that the book
 * would make with that value; where two ranges move one cell, their factors multiply.
 */
export type PriceRange = Range & {
  /** Where it stands in its book: `rates.0.output`. */
  path: string;
  /** Of a factor or of a discount. */
  unit: 'x likely' | '%';
  /** Whether it stands in a scenario, where `--set prices.…` reaches it. */
  inScenario: boolean;
  /** The same as `file:line`. */
  place: string;
  /** What its book is called. */
  book: string;
  rows: RangedCells[];
};

/** What is paid with a value of a range, over what is paid with the likely one. */
export const factorOf = ({ unit, likely }: Pick<PriceRange, 'unit' | 'likely'>, value: number): number =>
  unit === '%' ? (100 - value) / (100 - likely) : value / likely;

/** Notes what is wrong with an entry of a book. */
export type ReportProblem = (
  book: PriceBook,
  path: BookPath,
  code: string,
  message: string,
  more?: { near?: BookProblem['near']; severity?: BookProblem['severity'] },
) => void;

/** Collects the problems of one book; those of others were told when they were applied. */
export function problemsOf(book: PriceBook): { problems: BookProblem[]; report: ReportProblem } {
  const problems: BookProblem[] = [];
  const report: ReportProblem = (of, path, code, message, { near = null, severity = 'error' } = {}) => {
    if (of === book) problems.push({ severity, code, path, message, near });
  };
  return { problems, report };
}
