import { readFileSync } from 'node:fs';

/** Presets of tasks, and profiles, as the tables name them. */
const namesIn = (file) =>
  readFileSync(new URL(`../pricing/catalog/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0])
    .filter((name) => /^[a-z][a-z-]*$/.test(name));

/**
 * Scenarios as teams write them, the same every time: one to three tasks of all presets, 500 to a million requests a day,
 * and data rules, latency, profiles, growth and teams in shares that are a guess at who asks (`mix`).
 *
 * @param {number} count
 * @param {(number: number) => string} sensitivityOf by a number from 0 to 1
 */
export function* batchScenarios(count, sensitivityOf = mix) {
  const types = namesIn('tasks.csv');
  const profiles = namesIn('profiles.csv');
  let state = 20_261_120;
  /** Mulberry32. */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const oneOf = (list) => list[Math.floor(next() * list.length)];
  for (let i = 0; i < count; i++) {
    const size = next() < 0.7 ? 1 : next() < 0.67 ? 2 : 3;
    const chosen = new Set();
    while (chosen.size < size) chosen.add(oneOf(types));
    const shares = { 1: [100], 2: [80, 20], 3: [60, 30, 10] }[size];
    const tasks = [...chosen].map((type, t) => ({
      type,
      ...(size > 1 && { share: `${shares[t]}%` }),
      ...(next() < 0.4 && { tokens: { input: Math.round(200 * 30 ** next()), output: Math.round(40 * 25 ** next()) } }),
      ...(next() < 0.15 && { latency: { ttftP95: oneOf(['1500ms', '3s', '5s']) } }),
    }));
    const sensitivity = sensitivityOf(next());
    const regime = sensitivity === 'regulated' ? oneOf([null, 'hipaa', 'gdpr']) : null;
    yield {
      version: 1,
      name: `Workload ${i + 1}`,
      workload: {
        volume: Math.round(500 * 2000 ** next()),
        ...(next() < 0.6 && { profile: oneOf(profiles) }),
        ...(next() < 0.25 && { growth: oneOf(['2% per month', '5% per month', '10% per month']) }),
        ...(next() < 0.3 && { horizon: oneOf(['6 months', '24 months', '36 months']) }),
      },
      tasks,
      data: {
        sensitivity,
        ...(regime !== null && { regimes: [regime] }),
        ...(next() < 0.2 && { residency: [oneOf(['us', 'eu'])] }),
      },
      ...(next() < 0.4 && { team: { devops: Math.floor(next() * 4), mlInfra: Math.floor(next() * 3) } }),
    };
  }
}

/** Public, internal and personal data may go to APIs of some kind; regulated data mostly stays on machines of one's own. */
export function mix(random) {
  if (random < 0.2) return 'public';
  if (random < 0.6) return 'internal';
  return random < 0.85 ? 'pii' : 'regulated';
}
