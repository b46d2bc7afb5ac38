/** What a person keeps of their own keys, devices and verified people; see records.ts for names. */

/** The person's identity key, beside its seed: who made it, and since when it is here. */
export type IdentityRecord = {
  /** Ed25519, 32 bytes. */
  publicKey: Uint8Array;
  /** "demo": the demo's ceremony made it and gave it to this browser. */
  origin: "made" | "demo";
  at: string;
};

/** The keys with which this browser asks to be a device, until it is one. */
export type AskingRecord = {
  device: string;
  signaturePrivate: Uint8Array;
  signaturePublic: Uint8Array;
  historyPrivate: Uint8Array;
  historyPublic: Uint8Array;
};

/** A device of this person's, as far as this browser knows of it. */
export type OwnDeviceRecord = {
  /** What the person calls it; stays here. */
  name: string;
  /** They said that it is theirs, or it was added here. */
  known: boolean;
};

/** That this person compared the safety number with somebody: the 60 digits they saw. */
export type VerifiedRecord = { person: string; number: string; at: string };

/** How far the person came with their recovery kit. */
export type KitRecord = {
  /** The 256-bit key that is printed; gone from here once it was proven to be on paper. */
  secret?: Uint8Array;
  /** What seals the backup, 32 bytes: it follows from the secret, and the secret not from it. */
  sealing: Uint8Array;
  madeAt: string;
  provenAt?: string;
  /** SHA-256 of what the newest backup held, in hex, and when the server took it. */
  kept?: { digest: string; at: string };
  /** Somebody was verified, or no longer is, whom the newest backup does not know of. */
  behind?: boolean;
};

/** Steps of the enrolment that leave no trace at the server. */
export type AltaRecord = {
  /** "I have read the six words to my coordinator." */
  wordsRead?: true;
  /** "Not now" to a second passkey. */
  onePasskey?: true;
};
