import type { Language } from '../../../../domain/spoken-time.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fi } from './fi.ts';
import { it } from './it.ts';
import { sv } from './sv.ts';
import type { DirectTexts } from './texts.ts';

export const directTexts: Record<Language, DirectTexts> = { en, fi, sv, de, it };
