/** The codes that a text prints, in its order; what looks like one within a link is none. */
export function codesIn(text: string): string[] {
  return text.replace(/https?:\S+/g, '').match(/\b[CFKMPRTVWX][2-9]{1,2}\b/g) ?? [];
}
