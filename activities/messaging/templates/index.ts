import type { Language } from '../../../domain/spoken-time.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fi } from './fi.ts';
import { it } from './it.ts';
import { sv } from './sv.ts';
import type { Texts } from './texts.ts';

export const smsTexts: Record<Language, Texts> = { en, fi, sv, de, it };
