import { z } from 'zod';
import { type FieldError, fieldError, sendGridErrors } from './errors.ts';

const texts = {
  personalizations: 'The personalizations field is required and must have at least one personalization.',
  to: 'The to array is required for all personalization objects, and must have at least one email object with a valid email address.',
  address: 'Does not contain a valid address.',
  from: 'The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter.  e.g. {"email" : "example@example.com"}  or {"email" : "example@example.com", "name" : "Example Recipient"}.',
  subject:
    'The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.',
  content:
    'Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block. We typically suggest both text/plain and text/html blocks are included, but only one block is required.',
  order:
    'Following RFC 1341, section 7.2, if either text/html or text/plain are to be sent in your email: text/plain needs to be first, followed by text/html, followed by any other content.',
  value: 'The content value must be a string at least one character in length.',
  base64: 'The attachment content must be base64 encoded.',
  attachment: 'The attachment content must be a string at least one character in length.',
  filename: 'The attachment filename is required, and must be a string without CRLF characters.',
  header: 'The header is reserved and cannot be set: SendGrid writes it itself.',
  customArgs: 'The combined length of all custom arguments may not exceed 10000 bytes.',
};

const reserved =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const mailAddress = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$|^[^\s@<>"]+@localhost$/;

const strings = z.record(z.string(), z.string());
const headers = strings.refine((given) => !Object.keys(given).some((name) => reserved.test(name)), texts.header);
const customArgs = strings.refine((args) => Buffer.byteLength(JSON.stringify(args)) <= 10_000, texts.customArgs);
const isEnabled = z.object({ enable: z.boolean().optional() });

const mailbox = (message: string) =>
  z.object(
    { email: z.string(texts.address).regex(mailAddress, texts.address), name: z.string().optional() },
    { error: message },
  );
const recipient = mailbox(texts.address);

const personalization = z.object({
  to: z.array(recipient, texts.to).min(1, texts.to),
  cc: z.array(recipient).optional(),
  bcc: z.array(recipient).optional(),
  subject: z.string().optional(),
  headers: headers.optional(),
  custom_args: customArgs.optional(),
});

const attachment = z.object({
  content: z
    .string(texts.attachment)
    .min(1, texts.attachment)
    .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, texts.base64),
  type: z.string().optional(),
  filename: z.string(texts.filename).regex(/^[^\r\n]+$/, texts.filename),
  disposition: z.enum(['attachment', 'inline']).optional(),
  content_id: z.string().optional(),
});

const content = z
  .array(z.object({ type: z.string().min(1), value: z.string(texts.value).min(1, texts.value) }), texts.content)
  .min(1, texts.content)
  .refine(isInOrder, texts.order);

const mailRequest = z.object({
  personalizations: z.array(personalization, texts.personalizations).min(1, texts.personalizations).max(1_000),
  from: mailbox(texts.from),
  reply_to: recipient.optional(),
  subject: z.string().optional(),
  content,
  attachments: z.array(attachment).optional(),
  headers: headers.optional(),
  custom_args: customArgs.optional(),
  categories: z.array(z.string()).max(10).optional(),
  tracking_settings: z.record(z.string(), isEnabled).optional(),
  mail_settings: z.record(z.string(), isEnabled).optional(),
});

export type MailRequest = z.infer<typeof mailRequest>;

/** The body of a send, or SendGrid's refusal that names everything that is wrong with it. */
export function readMailRequest(json: unknown): MailRequest {
  const result = mailRequest.safeParse(json);
  const errors = result.success
    ? [...missingSubject(result.data), ...repeatedRecipients(result.data)]
    : result.error.issues.map(({ path, message }) => fieldError(path.join('.'), message));
  if (!result.success || errors.length > 0) throw sendGridErrors.invalid(errors);
  return result.data;
}

/** Text first, HTML second, each once at most, anything else behind. */
function isInOrder(parts: readonly { type: string }[]): boolean {
  const ranks = parts.map(({ type }) => ['text/plain', 'text/html'].indexOf(type)).map((at) => (at < 0 ? 2 : at));
  return ranks.every((rank, at) => at === 0 || rank === 2 || rank > (ranks[at - 1] ?? 0));
}

function missingSubject({ subject, personalizations }: MailRequest): FieldError[] {
  const hasSubject = Boolean(subject) || personalizations.every((each) => each.subject);
  return hasSubject ? [] : [fieldError('subject', texts.subject)];
}

function repeatedRecipients({ personalizations }: MailRequest): FieldError[] {
  return personalizations.flatMap(({ to, cc = [], bcc = [] }, at) => {
    const addresses = [...to, ...cc, ...bcc].map(({ email }) => email.toLowerCase());
    const repeated = addresses.find((address, place) => addresses.indexOf(address) !== place);
    if (repeated === undefined) return [];
    const message = `Each email address in the personalization block should be unique between to, cc, and bcc. We found the first duplicate instance of [${repeated}] in the personalizations.${at}.to field.`;
    return [fieldError(`personalizations.${at}`, message)];
  });
}
