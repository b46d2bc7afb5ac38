/** The person's identity key on this device: made or given once, sealed, and used to sign. */

import { b64u } from "../bytes";
import { canonical, type Json } from "../canonical";
import { publicKeyOf } from "../crypto/ed25519";
import { wordsOf } from "../crypto/fingerprintWords";
import { type IdentityKey, newIdentityKey, takeSeed } from "../crypto/identityKey";
import { sealingKeyOf } from "../crypto/sealingKey";
import {
  instantText,
  type StatementType,
  signingInput,
  type WireStatement,
} from "../crypto/statements";
import type { IdentityRecord } from "../store/own";
import { keys } from "../store/records";
import type { Tx, Vault } from "../store/vault";
import type { Deps } from "./deps";
import { NotPossible } from "./problems";

export type InTurn = <T>(task: (tx: Tx) => Promise<T>) => Promise<T>;
export type Fields = { readonly [key: string]: Json };

/** What signs in a person's name. Whoever makes statements knows this much of the key. */
export interface Signer {
  /** Ed25519, base64url; null where this browser holds no identity key. */
  readonly key: string | null;
  /**
   * A statement with this person's signature; `v`, `serial`, `issued` and `state` are added where
   * `fields` has none.
   *
   * @throws {NotPossible} identity-not-here
   */
  signStatement(type: StatementType, fields: Fields): Promise<WireStatement>;
  /** This person's signature under a body that somebody else began, in base64url. */
  signBody(type: StatementType, body: Uint8Array): Promise<{ key: string; signature: string }>;
}

export class Identity implements Signer {
  #key: IdentityKey | null = null;

  private constructor(
    private readonly deps: Deps,
    private readonly inTurn: InTurn,
    private readonly state: string,
  ) {}

  /** Take the key out of the unlocked store, if there is one. */
  static async unlock(deps: Deps, vault: Vault, inTurn: InTurn, state: string): Promise<Identity> {
    const made = new Identity(deps, inTurn, state);
    const record = await vault.read(keys.identity);
    const seed = record && (await vault.read(keys.identitySeed));
    if (record && seed) made.#key = await takeSeed(seed, record.publicKey);
    return made;
  }

  get key(): string | null {
    return this.#key && b64u.encode(this.#key.publicKey);
  }

  get publicKey(): Uint8Array | null {
    return this.#key?.publicKey ?? null;
  }

  /** What opens what was sealed to this person, and the public half of it, base64url. */
  get sealing(): { key: string; opening: CryptoKeyPair } | null {
    const sealing = this.#key && sealingKeyOf(this.#key.publicKey);
    return this.#key && sealing && { key: b64u.encode(sealing), opening: this.#key.opening };
  }

  /** The six words that are read to whoever vouches for the key, or lets its person in. */
  async words(): Promise<string[]> {
    return this.#key ? wordsOf(this.#key.publicKey) : [];
  }

  /** Make the key here; nothing if there is one already. It is on the disk when this resolves. */
  async make(): Promise<void> {
    await this.#keep(newIdentityKey, "made");
  }

  /** Take the demo's key of this fictional person. */
  async takeDemo(): Promise<void> {
    await this.#keep(async () => {
      const seed = await this.deps.api.demoIdentityKey();
      return { seed, publicKey: await publicKeyOf(seed) };
    }, "demo");
  }

  async signStatement(type: StatementType, fields: Fields): Promise<WireStatement> {
    const { random, clock } = this.deps;
    const body = canonical({
      serial: random.uuid(),
      issued: instantText(clock()),
      state: this.state,
      ...fields,
      v: 1,
    });
    return { type, body: b64u.encode(body), signatures: [await this.signBody(type, body)] };
  }

  async signBody(type: StatementType, body: Uint8Array) {
    return this.#sign(signingInput(type, body));
  }

  /** A signature under something that is no statement, e.g. a request to a State's ceremony. */
  async signOther(label: string, body: Uint8Array): Promise<string> {
    const input = signingInput(label as StatementType, body);
    return (await this.#sign(input)).signature;
  }

  async #sign(input: Uint8Array<ArrayBuffer>): Promise<{ key: string; signature: string }> {
    if (this.#key === null) throw new NotPossible("identity-not-here");
    const { publicKey, sign } = this.#key;
    return { key: b64u.encode(publicKey), signature: b64u.encode(await sign(input)) };
  }

  async #keep(
    find: () => Promise<{ seed: Uint8Array; publicKey: Uint8Array }>,
    origin: IdentityRecord["origin"],
  ): Promise<void> {
    const at = new Date(this.deps.clock()).toISOString();
    await this.inTurn(async (tx) => {
      // Another tab was quicker: two keys of one person would name devices against each other.
      const known = await tx.get(keys.identity);
      const kept = known && (await tx.get(keys.identitySeed));
      if (known && kept) {
        this.#key = await takeSeed(kept, known.publicKey);
        return;
      }
      const { seed, publicKey } = await find();
      tx.put(keys.identitySeed, seed);
      tx.put(keys.identity, { publicKey, origin, at });
      await tx.persist();
      this.#key = await takeSeed(seed, publicKey);
    });
  }
}
