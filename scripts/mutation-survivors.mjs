/** Says which change nobody noticed when it is known, with the tests that ran: a run takes long, and may be stopped. */
class Survivors {
  /** @param {any} mutant */
  onMutantTested({ status, fileName, location, mutatorName, replacement, coveredBy }) {
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    const { start, end } = location;
    const where = `${fileName.replace(/^.*?(?=src\/)/, '')}:${start.line}:${start.column}-${end.line}:${end.column}`;
    console.log(
      `${status} ${where} ${mutatorName} -> ${replacement?.replaceAll(/\s+/g, ' ')} (${coveredBy?.length ?? 0} tests)`,
    );
  }
}

export const strykerPlugins = [{ kind: 'Reporter', name: 'survivors', injectableClass: Survivors }];
