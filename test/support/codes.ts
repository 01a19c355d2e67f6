/** The codes that a text prints, in its order. */
export function codesIn(text: string): string[] {
  return text.match(/\b[CFKMPRTVWX][2-9]{1,2}\b/g) ?? [];
}
