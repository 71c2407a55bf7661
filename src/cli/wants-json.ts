/** Whether the command line asks for JSON; read by hand, because errors in the command line are answered in JSON too. */
export function wantsJson(argv: readonly string[]): boolean {
  const options = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return options.some((word, index) => {
    if (word === '--format' || word === '-f') return options[index + 1] === 'json';
    return word === '--format=json' || word === '-fjson';
  });
}
