/** What happened to the circle of a thread's readers. */

export type EventKind =
  | "joined"
  | "removed"
  | "created"
  | "device-added"
  | "device-removed"
  | "resynced"
  | "frozen";

export type EventRecord = {
  what: EventKind;
  people: string[];
  by: string | null;
  /** Of people or devices taken out: since when all of them had been stopped. */
  stopped?: string;
  /** The devices taken out of whoever stays in. */
  devices?: string[];
  /** Persons with a further device in the same commit, where it did something else besides. */
  further?: string[];
  /** Of people let in: a stop had taken them out, and nothing else. */
  back?: true;
};
