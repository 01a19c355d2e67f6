import type { Language } from '../../../../domain/spoken-time.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fi } from './fi.ts';
import { it } from './it.ts';
import type { Letters } from './letter.ts';
import { sv } from './sv.ts';

export const letters: Record<Language, Letters> = { en, fi, sv, de, it };
