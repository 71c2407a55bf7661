/**
 * deploy-advisor as a library, as its commands use it. Functions are pure, except the table readers.
 *
 * @example const tables = await loadShippedTables(); const { scenario, problems } = readScenario(text, { file:
 * 'scenario.yaml', tables }); if (scenario) assess(scenario, tables, { asOf: '2026-11-20', prose: await loadProse(),
 * tool });
 */

// Deciding
export { type AssessOptions, assess } from './analyses/assess.js';
export { type BreakEvenAnswer, type BreakEvenOptions, breakEven } from './analyses/break-even/answer.js';
export { type Compared, compare, decide, judgedBy } from './analyses/compare/compare.js';
export type { Comparison } from './analyses/compare/comparison.js';
export { type Predictor, predictRow } from './calibration/predict.js';
// Predicting
export { measurementOf } from './capacity/measurement.js';
export { capacityAssumptions } from './capacity/replica.js';
export { type CapacityRequest, predictCapacity } from './cli/commands/capacity.js';
// Bringing in and out
export { type ExportOptions, exportPlan } from './cli/commands/export.js';
export { type Imported, type ImportOptions, importUsage, type UsageFile } from './cli/import-usage.js';
// Reading
export { type Io, nodeIo } from './cli/io.js';
export { tool } from './cli/problems.js';
export { loadProse, loadShippedTables, loadTablesFolder } from './cli/read-tables.js';
// Billing
export type { Call } from './cost/call.js';
export type { PricedCapacity } from './cost/capacity-cost.js';
export { type PricedCall, pricer } from './cost/capacity-cost.js';
export { type Quote, quote } from './cost/quote.js';
export type { Decision } from './decide/decision.js';
export type { TargetName } from './export/own-places.js';
export type { ExportFile } from './export/places.js';
// Printing
export { json, table } from './report/assess.js';
export { loadTables } from './tables/load.js';
export { applyPriceBook } from './tables/price-book/apply-price-book.js';
export type { Prose, Tables } from './tables/tables.js';
export type { Problem } from './units/problem.js';
export { readPriceBook } from './workload/document.js';
export { type ReadScenario, readScenario } from './workload/read.js';
