/**
 * Key packages that the host hands out under somebody's name, judged before they are used.
 *
 * One bad package must not keep the others out, and must not pass in silence either: a key that
 * nobody vouched for, offered as a colleague's, is what an attack on a thread looks like.
 */

import { b64u } from "../bytes";
import { IdentityMalformed } from "../crypto/identity";
import { MlsRefused } from "../crypto/refusal";
import { keys, type Stranger } from "../store/records";
import { type ChainReason, REASONS_OF_TIME } from "../verify/chain";
import { type Core, NotPossible } from "./core";
import { identityOf } from "./roster";

export type Claim = { device: string; person: string; package: Uint8Array };
type Why = ChainReason | "wrong-suite" | "other-device";

/** Its statement may be on its way to this device: said only if it has not come after a minute. */
const PATIENT_MS = 60_000;
const UNKNOWN_YET: ReadonlySet<string> = new Set(["no-device", "no-designation", "no-binding"]);
const MOST = 20;

export class Strangers {
  readonly #first = new Map<string, number>();

  constructor(private readonly core: Core) {}

  /** Those that may be let in; of the others the thread's people are told. */
  async sound(circle: string, claims: readonly Claim[]): Promise<Claim[]> {
    const judged = await Promise.all(
      claims.map(async (claim) => ({ claim, why: await this.#whyNot(claim) })),
    );
    const bad = judged.filter(({ why }) => why !== null && this.#isStrange(why));
    const now = this.core.deps.clock();
    const told = bad.filter(({ claim, why }) => {
      if (!UNKNOWN_YET.has(why ?? "")) return true;
      const name = `${circle} ${claim.device}`;
      const first = this.#first.get(name) ?? now;
      this.#first.set(name, first);
      return now - first >= PATIENT_MS;
    });
    if (told.length > 0) {
      await this.#note(
        circle,
        told.map(({ claim, why }) => this.#record(claim, why ?? "")),
      );
    }
    if (judged.some(({ why }) => why !== null)) {
      this.core.report(new NotPossible("addition-not-entitled"));
    }
    return judged.filter(({ why }) => why === null).map(({ claim }) => claim);
  }

  async #whyNot({ device, person, package: bytes }: Claim): Promise<Why | null> {
    try {
      const leaf = this.core.engine.leafOf(bytes);
      const named = identityOf(leaf.credential);
      if (named.device !== device || named.person !== person) return "other-device";
      const why = this.core.people.whyNot(leaf);
      if (why !== "no-device") return why;
      // Its person did name that device, and another key of it.
      const { people, deps } = this.core;
      return (await people.signer(person, device, deps.clock())) === null ? why : "key-mismatch";
    } catch (error) {
      if (!(error instanceof MlsRefused || error instanceof IdentityMalformed)) throw error;
      return error instanceof MlsRefused && error.reason === "wrong-suite"
        ? "wrong-suite"
        : "malformed";
    }
  }

  /** What was good once, and is over, is nobody's attack. */
  #isStrange(why: Why): boolean {
    return !REASONS_OF_TIME.has(why as ChainReason);
  }

  #record({ device, person, package: bytes }: Claim, why: string): Stranger {
    return { device, person, why, at: this.core.now(), package: b64u.encode(bytes) };
  }

  async #note(circle: string, fresh: readonly Stranger[]): Promise<void> {
    await this.core.exclusive(async (tx) => {
      const thread = await tx.get(keys.thread(circle));
      if (thread === undefined) return;
      const known = thread.strangers ?? [];
      const isNew = (one: Stranger) => !known.some((old) => old.device === one.device);
      const all = [...known, ...fresh.filter(isNew)].slice(0, MOST);
      if (all.length > known.length) tx.put(keys.thread(circle), { ...thread, strangers: all });
    });
    this.core.mirror.changed();
  }
}
