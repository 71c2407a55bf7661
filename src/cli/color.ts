/** As no-color.org and force-color.org have it: empty variables say nothing, NO_COLOR wins, FORCE_COLOR=0 asks for none. */
export function welcomesColor(isTTY: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY && TERM !== 'dumb';
}
