const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
};

/**
 * The letters and digits of a name without case, accents and punctuation, for comparing: "Jörg-Åke" and "JORG AKE" are one,
 * "Müller" and "Mueller" are two. Scripts whose marks are vowels keep them.
 */
export function bareSpelling(text: string): string {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/[ßæœøđðłıþ]/g, (letter) => letters[letter] ?? letter)
      .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
      // Marks that have come together take their order.
      .normalize('NFKD')
  );
}
