import { readFileSync } from 'node:fs';

const asOf = '2026-11-20';
const least = 10;
const rangeKeys = ['low', 'likely', 'high', 'mean', 'cv'];

/** Every field of a JSON Schema as a path: `tasks[].share`, and `devices.classes.*` for a key of the user's own. */
function fieldsOf(schema, at = '', found = new Set()) {
  for (const branch of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) fieldsOf(branch, at, found);
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    if (rangeKeys.includes(key)) continue;
    const field = at === '' ? key : `${at}.${key}`;
    found.add(field);
    fieldsOf(inner, field, found);
  }
  if (schema.items) fieldsOf(schema.items, `${at}[]`, found);
  if (typeof schema.additionalProperties === 'object') {
    found.add(`${at}.*`);
    fieldsOf(schema.additionalProperties, `${at}.*`, found);
  }
  return found;
}

/** The fields that a scenario has, and the form each value has: `range`, `=word` and so on. */
function fieldsIn(value, known, at, fields, forms) {
  if (Array.isArray(value)) {
    forms.add(`${at} as a list`);
    for (const one of value) fieldsIn(one, known, `${at}[]`, fields, forms);
  } else if (typeof value === 'object' && value !== null) {
    if (rangeKeys.some((key) => key in value)) {
      forms.add(`${at} as {${Object.keys(value).join(', ')}}`);
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const field = at === '' ? key : `${at}.${key}`;
      const name = known.has(field) ? field : `${at}.*`;
      fields.add(name);
      fieldsIn(inner, known, name, fields, forms);
    }
  } else if (typeof value === 'string' && value.includes('..')) forms.add(`${at} as a..b`);
  else if (typeof value === 'boolean' || /^[a-z-]+$/.test(String(value))) forms.add(`${at} = ${value}`);
}

/** Prints how many scenarios reach each field; whether all are read and each field is reached often enough. */
export async function coverageOf(scenarios, library, schemaFile, all) {
  const tables = await library.loadShippedTables();
  const known = fieldsOf(JSON.parse(readFileSync(schemaFile, 'utf8')));
  const counts = new Map([...known].map((field) => [field, 0]));
  const formCounts = new Map();
  const warnings = new Map();
  let refused = 0;
  for (const [seed, tree] of scenarios.entries()) {
    const text = JSON.stringify(tree, null, 1);
    const { scenario, problems } = library.readScenario(text, { file: `random-${seed}.json`, tables, asOf });
    for (const { severity, code } of problems)
      if (severity !== 'error') warnings.set(code, (warnings.get(code) ?? 0) + 1);
    if (scenario === null) {
      refused++;
      const errors = problems.filter(({ severity }) => severity === 'error');
      console.log(`random-${seed} is refused: ${errors.map((one) => `${one.path}: ${one.message}`).join('; ')}`);
      continue;
    }
    const [fields, forms] = [new Set(), new Set()];
    fieldsIn(tree, known, '', fields, forms);
    for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
    for (const form of forms) formCounts.set(form, (formCounts.get(form) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => a - b);
  const rare = sorted.filter(([, times]) => times < least);
  const show = (rows) => rows.map(([name, times]) => `${String(times).padStart(5)}  ${name}`).join('\n');
  if (all) {
    console.log(`Fields, by how many of ${scenarios.length} scenarios have them:\n${show(sorted)}`);
    console.log(`\nForms of values:\n${show([...formCounts].sort(([a], [b]) => (a < b ? -1 : 1)))}`);
    console.log(`\nWarnings of the reader:\n${show([...warnings].sort(([, a], [, b]) => b - a))}`);
  }
  const sizes = [1, 2, 3, 4, 5, 6].map((size) => scenarios.filter(({ tasks }) => tasks.length === size).length);
  const others = scenarios.filter(({ preferences }) => (preferences?.objective ?? 'cost') !== 'cost').length;
  console.log(`\n${scenarios.length} scenarios, ${refused} refused; with 1 to 6 tasks: ${sizes.join(', ')}`);
  console.log(`${others} with another objective than cost`);
  console.log(
    `${known.size} fields, ${rare.length} in fewer than ${least} scenarios${rare.length > 0 ? `:\n${show(rare)}` : ''}`,
  );
  return refused === 0 && rare.length === 0;
}
