/** A file as a repository knows it, from the name it has in the folder `folder` of the repository; others stay. */
export function inRepository(file: string, folder: string): string {
  const slashed = file.replaceAll('\\', '/');
  if (folder === '' || isAbsolute(slashed)) return slashed.replace(/^(?:\.\/)+/, '');
  const parts: string[] = [];
  for (const part of `${folder}/${slashed}`.split('/')) {
    if (part === '..' && parts.length > 0) parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

export const isAbsolute = (path: string): boolean => /^(?:\/|[A-Za-z]:\/)/.test(path);
