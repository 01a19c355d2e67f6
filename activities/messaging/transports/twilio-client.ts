import twilio from 'twilio';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  /** Where the API is reached in place of Twilio's own address: the simulator, or a proxy. */
  baseUrl?: string | undefined;
  /** How long one request may take. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/** Sends every request of the library, whatever the product, to another origin. */
class RedirectedClient extends twilio.RequestClient {
  private readonly origin: string;

  constructor(origin: string, options: ConstructorParameters<typeof twilio.RequestClient>[0]) {
    super(options);
    this.origin = origin;
  }

  override request: InstanceType<typeof twilio.RequestClient>['request'] = (options) => {
    const { pathname, search } = new URL(options.uri);
    return super.request({ ...options, uri: `${this.origin}${pathname}${search}` });
  };
}

/** The provider's library, told never to repeat a request by itself: Temporal owns repeats. */
export function twilioClient({ accountSid, authToken, baseUrl, timeoutMs = TIMEOUT_MS }: TwilioAccount) {
  // A connection that had been left open may be reset just as it is used again, and the outcome would then be unknown.
  const options = { timeout: timeoutMs, autoRetry: false, keepAlive: false };
  const httpClient = baseUrl
    ? new RedirectedClient(new URL(baseUrl).origin, options)
    : new twilio.RequestClient(options);
  return twilio(accountSid, authToken, { httpClient, autoRetry: false });
}
