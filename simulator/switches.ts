import type { Instant } from '../domain/interval.ts';

export interface Settings {
  /** How many texts the carrier takes in any one second before it answers 429; null for as many as come. */
  textsPerSecond: number | null;
  /** Whether the numbers of messaging services have Advanced Opt-Out: the API is told STOP, START and HELP as such. */
  advancedOptOut: boolean;
}

export type Switches = ReturnType<typeof createSwitches>;

const usual: Settings = { textsPerSecond: null, advancedOptOut: false };

/** How the carrier behaves towards everybody, as far as it can be chosen. */
export function createSwitches(now: () => Instant) {
  let settings = usual;
  let taken: Instant[] = [];
  return {
    get settings(): Settings {
      return settings;
    },
    set(chosen: Partial<Settings>): void {
      settings = { ...settings, ...chosen };
    },
    /** Whether one more text may come now; those that are turned away do not count. */
    hasRoom(): boolean {
      if (settings.textsPerSecond === null) return true;
      const at = now();
      taken = taken.filter((each) => each > at - 1_000);
      const hasRoom = taken.length < settings.textsPerSecond;
      if (hasRoom) taken.push(at);
      return hasRoom;
    },
    forget(): void {
      settings = usual;
      taken = [];
    },
  };
}
