import {
  type CountryCode,
  type PhoneNumberType,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';

/** What a text for a patient may be sent to; some countries cannot tell a mobile from a landline by its number. */
const textable: readonly PhoneNumberType[] = ['MOBILE', 'FIXED_LINE_OR_MOBILE', 'PERSONAL_NUMBER', 'VOIP'];

export type PhoneReading = { number: string } | { problem: string };

/** Whether it is a country that has phone numbers, as ISO 3166-1 alpha-2. */
export function isCountry(text: string): boolean {
  return isSupportedCountry(text);
}

/** The number as E.164, be it of a mobile or a landline. One with a + is international; any other is read as it is dialled in that country. */
export function readPhone(text: string, country: string): PhoneReading {
  const phone = parse(text, country);
  return phone ? { number: phone.number } : { problem: 'is not a valid phone number' };
}

function parse(text: string, country: string) {
  const phone = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false });
  return phone?.isValid() ? phone : undefined;
}

/** As `readPhone`, and refused where it cannot get texts. */
export function readMobile(text: string, country: string): PhoneReading {
  const phone = parse(text, country);
  if (!phone) return { problem: 'is not a valid phone number' };
  const type = phone.getType();
  if (type === undefined || !textable.includes(type)) return { problem: 'is not a mobile number, so it gets no texts' };
  return { number: phone.number };
}

/** An E.164 number as people read it: "+358 9 1000100". */
export function spacedPhone(number: string): string {
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}
