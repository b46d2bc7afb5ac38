/**
 * Which step of the enrolment somebody is at: pure, from what the server and this device know.
 *
 * Nothing remembers "the step": it follows from what is done, so that a reload, a closed laptop or
 * a second tab finds the same place.
 */

export type AltaFacts = {
  /** A session in the person's name is open. */
  signedIn: boolean;
  /** The code was shown and named a designation; it is used up only with the passkey. */
  invited: boolean;
  /** They said that the designation is theirs. */
  confirmed: boolean;
  passkeys: number;
  passkeysWanted: number;
  /** "Not now" to a further passkey. */
  onePasskey: boolean;
  /** The identity key is in this browser. */
  keyHere: boolean;
  /** The server holds the public half of exactly this key. */
  keyOffered: boolean;
  wordsRead: boolean;
  kitProven: boolean;
  rulesAccepted: boolean;
  /** The binding stands, and with it the roles. */
  bound: boolean;
};

export type AltaStep =
  | "code"
  | "found"
  | "passkey"
  | "second"
  | "key"
  | "words"
  | "kit"
  | "rules"
  | "waiting"
  | "active";

export const STEPS: readonly AltaStep[] = [
  "code",
  "found",
  "passkey",
  "second",
  "key",
  "words",
  "kit",
  "rules",
  "waiting",
  "active",
];

export function stepOf(facts: AltaFacts): AltaStep {
  if (!facts.signedIn) {
    if (!facts.invited) return "code";
    return facts.confirmed ? "passkey" : "found";
  }
  if (facts.passkeys < facts.passkeysWanted && !facts.onePasskey) return "second";
  // Whose key counts makes no other one in a further browser: that one asks to be their device.
  if (!facts.keyHere && facts.bound) return "active";
  if (!facts.keyHere || !facts.keyOffered) return "key";
  if (!facts.wordsRead) return "words";
  if (!facts.kitProven) return "kit";
  if (!facts.rulesAccepted) return "rules";
  return facts.bound ? "active" : "waiting";
}
