/** A history as it is kept: without the names of the machine that recorded it, which stand in identities and stack traces. */
export function tidyHistory(json: string): string {
  const identities = new Set([...json.matchAll(/"identity": "([^"]+)"/g)].map((match) => match[1] ?? ''));
  const renamed = [...identities].reduce((text, identity) => text.replaceAll(identity, 'recorder'), json);
  return `${renamed.replaceAll(/"stackTrace": "(?:[^"\\]|\\.)*"/g, '"stackTrace": ""').trimEnd()}\n`;
}
