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

export type KeptBackup = {
  /** SHA-256 of what it held, in hex; empty of what another browser has kept. */
  digest: string;
  /** When the server took it. */
  at: string;
  /** SHA-256 of it as it was sealed, in hex. */
  sealed?: string;
  /** Who was verified by it. */
  verified?: readonly VerifiedRecord[];
  /** Whether this kit opens it. */
  opens?: boolean;
  /** Whether the server was told which kit sealed it: older programs did not tell. */
  marked?: boolean;
  /** Checkpoints that another browser has kept in it. */
  notes?: Readonly<Record<string, string>>;
};

/** How far the person came with their recovery kit. */
export type KitRecord = {
  /** The 256-bit key that is printed; gone from here once it was proven to be on paper. */
  secret?: Uint8Array;
  /** What seals the backup, 32 bytes: it follows from the secret, and the secret not from it. */
  sealing: Uint8Array;
  madeAt: string;
  provenAt?: string;
  /** What sealed the backup that lies at the server, until this one has sealed one. */
  former?: Uint8Array;
  /** The next kit, to be printed and proven: until it was, this one goes on. */
  next?: { secret: Uint8Array; sealing: Uint8Array; madeAt: string };
  /** What lies at the server, as far as this browser knows. */
  kept?: KeptBackup;
  /** Another browser of the person's has made another kit since: this one opens nothing. */
  replaced?: boolean;
  /** Somebody was verified, or no longer is, whom the newest backup does not know of. */
  behind?: boolean;
};

/** What is to be said, and when it is to be asked, of the kit's being on paper still. */
export type KitProofRecord = {
  /** SHA-256 in hex of the sealed backup that it opened: the server has not heard of that yet. */
  untold?: string;
  /** "Not now": until then nobody is reminded in this browser. */
  later?: string;
};

/** Steps of the enrolment that leave no trace at the server. */
export type AltaRecord = {
  /** "I have read the six words to my coordinator." */
  wordsRead?: true;
  /** "Not now" to a second passkey. */
  onePasskey?: true;
};
