import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

export default defineConfig({
  define: { DEPLOY_ADVISOR_VERSION: JSON.stringify(version) },
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores give one worker otherwise, and the tests of break-even hold it for minutes.
    maxWorkers: '100%',
    testTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'lcov'] },
  },
});
