const stopWords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'];
const startWords = ['START', 'YES', 'UNSTOP'];
const helpWords = ['HELP', 'INFO'];

export type CarrierWord = 'STOP' | 'START' | 'HELP';
export type BlockList = ReturnType<typeof createBlockList>;

/** The carrier takes a word for itself only where it stands alone in the message, in any case. */
export function carrierWord(body: string): CarrierWord | null {
  const word = body.trim().toUpperCase();
  if (stopWords.includes(word)) return 'STOP';
  if (startWords.includes(word)) return 'START';
  return helpWords.includes(word) ? 'HELP' : null;
}

/** What the carrier itself answers on a long code. */
export const carrierAnswers: Record<CarrierWord, string> = {
  STOP: 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.',
  START:
    'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
  HELP: 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
};

/** Who wrote STOP to whom. A pair of sender and phone: the same phone still hears from the clinic's other senders. */
export function createBlockList() {
  const pairs = new Set<string>();
  const pair = (sender: string, phone: string): string => `${sender} ${phone}`;
  return {
    has: (sender: string, phone: string): boolean => pairs.has(pair(sender, phone)),
    /** Applies the word and tells whether it changed anything: the carrier confirms a STOP once. */
    apply(word: CarrierWord, sender: string, phone: string): boolean {
      const wasBlocked = pairs.has(pair(sender, phone));
      if (word === 'STOP') pairs.add(pair(sender, phone));
      if (word === 'START') pairs.delete(pair(sender, phone));
      return word === 'HELP' || wasBlocked !== (word === 'STOP');
    },
    forget: (): void => pairs.clear(),
  };
}
