/** What somebody does with dossiers: see where a request stands, and do the next step of it. */

import type { Dossier, DossierRow, NextMove, Said } from "../../api/dossiers";
import type { RequestRow } from "../../api/schema";
import { b64u, hex, sha256 } from "../../bytes";
import { signWith } from "../../crypto/ed25519";
import {
  FORM,
  factsOf,
  MOVE,
  type Moved,
  moveBody,
  moveInput,
  SECOND,
  type Seconded,
  secondBody,
  secondInput,
} from "../../crypto/move";
import { instantText } from "../../crypto/statements";
import type { Draft } from "../../rules/book";
import { disclosed } from "../../rules/disclosed";
import type { Directory } from "../../verify/chain";
import type { Deps } from "../deps";
import { digestOfFile } from "../designations/payload";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";
import { asMove, isAboutTheSame, isSound, type Judged, judged } from "./judging";
import { secondedAs } from "./seconds";
import { type Arrow, arrowOf, takesTwo } from "./table";
import { CENTRAL } from "./whose";

export interface DossierActs {
  list(): Promise<DossierRow[]>;
  /** The look is logged. */
  read(id: string): Promise<Dossier>;
  /** Sign the next step, as the page shows it, and do it; what takes two people waits for the second. */
  move(found: Dossier, next: NextMove, on: string, said: Said): Promise<Dossier>;
  /** Whether one's step takes a second person. */
  takesTwo(found: Dossier, next: NextMove, said: Said): boolean;
  /** Put the second hand under what is proposed, as the page shows it: it is done. */
  confirm(found: Dossier): Promise<Dossier>;
  /** Say by a code why it is not confirmed; whoever proposed it takes it back. */
  decline(found: Dossier, reason: string): Promise<Dossier>;
  /** SHA-256 (hex) of the files, each hash once; the files stay here. */
  hashes(files: readonly Blob[]): Promise<string[]>;
  /** What this browser finds of the record by itself. */
  check(found: Dossier): Promise<Judged>;
  /** Told of a request that somebody moved; whoever has no device here is told of none. */
  onMoved(listener: (request: string) => void): () => void;
}

type Door = {
  readonly guarded: <T>(act: () => Promise<T>) => Promise<T>;
  readonly letting: <T>(act: () => Promise<T>) => Promise<T>;
  readonly opened: () => Promise<Opened | null>;
  readonly state: () => string;
  readonly roles: () => readonly string[];
  /** This browser's device, for those who draft; null for whoever has none. */
  readonly desk: () => DeskOf | null;
  readonly replayed: () => Promise<Directory | null>;
};

type DeskOf = {
  readonly core: { readonly device: { readonly signaturePrivate: Uint8Array } };
  readonly requests: {
    readonly rows: {
      refresh(): Promise<void>;
      get(id: string): RequestRow;
      onRung(listener: (request: string) => void): () => void;
    };
    readonly versions: {
      open(id: string, version: number): Promise<{ readonly draft: Draft } | null>;
    };
    readonly attesting: {
      check(id: string): Promise<void>;
      verdict(row: RequestRow): { readonly agrees: boolean; readonly why?: string } | null;
    };
  };
};

const AUTHORISE = "authorise";

export function dossierActs({ api, clock, random }: Deps, door: Door): DossierActs {
  const routes = api.dossiers;
  const { guarded } = door;
  const sign = async (moved: Moved, central: boolean): Promise<string> => {
    const opened = await door.opened();
    if (central) {
      if (opened === null) throw new NotPossible("identity-not-here");
      return opened.identity.signOther(MOVE, moveBody(moved));
    }
    const desk = door.desk();
    if (desk === null) throw new NotPossible("device-needed");
    await requireRead(desk, moved);
    if (moved.act === AUTHORISE) await requireReady(desk, moved);
    const { signaturePrivate } = desk.core.device;
    return b64u.encode((await signWith(signaturePrivate, moveInput(moved))).signature);
  };
  /** An officer by the identity key, a coordinator, who reads no draft of another State, by their device. */
  const signSecond = async (seconded: Seconded): Promise<string> => {
    if (door.roles().includes(CENTRAL)) {
      const opened = await door.opened();
      if (opened === null) throw new NotPossible("identity-not-here");
      return opened.identity.signOther(SECOND, secondBody(seconded));
    }
    const device = door.desk()?.core.device;
    if (device === undefined) throw new NotPossible("device-needed");
    return b64u.encode((await signWith(device.signaturePrivate, secondInput(seconded))).signature);
  };
  const isForTwo = (found: Dossier, next: NextMove, said: Said): boolean =>
    takesTwo({ ...next, state: door.state(), said }, found);
  /** Whoever drafts signs about what this device can read, whatever digest the server names. */
  const requireRead = async (desk: DeskOf, moved: Moved): Promise<void> => {
    const { request, version, digest } = moved;
    if (version === 0) return;
    const { body } = await api.version(request, version);
    const found = hex.encode(await sha256(body));
    // A version never changes: this is no matter of who came first.
    if (found !== digest) throw new NotPossible("version-untrue");
    const opened = await desk.requests.versions.open(request, version);
    if (opened === null) throw new NotPossible("version-key-missing");
    // Nor what the server says that it says: by that others judge who signs what comes of it.
    if ((await factsOf(disclosed(opened.draft))) !== moved.disclosed) {
      throw new NotPossible("version-untrue");
    }
  };
  /** Nobody authorises what a host alone calls ready: somebody signed so of this very version. */
  const requireReady = async ({ requests }: DeskOf, moved: Moved): Promise<void> => {
    const { rows, attesting } = requests;
    await rows.refresh();
    const row = rows.get(moved.request);
    if (row.version !== moved.version || row.stage !== moved.before) {
      throw new NotPossible("move-version-behind");
    }
    await attesting.check(row.id);
    const verdict = attesting.verdict(row);
    if (verdict?.agrees !== true) throw new NotPossible(verdict?.why ?? "attestation-ready");
  };
  const check = async (found: Dossier): Promise<Judged> => {
    await door.opened(); // only then there is a directory to look into
    return judged(found, await door.replayed(), door.state());
  };
  /**
   * The line of this build's own table along which a step goes: it says by which key one signs,
   * whatever the server names. Nobody goes on from what this browser finds to be untrue.
   */
  const requireTrue = async (found: Dossier, next: NextMove): Promise<Arrow> => {
    const arrow = arrowOf({ ...next, before: found.stage });
    if (arrow === null) throw new NotPossible("move-not-here");
    const isTrue = isAboutTheSame(found, next.act) && isSound(await check(found));
    if (!isTrue) throw new NotPossible("record-untrue");
    return arrow;
  };
  return {
    list: () => guarded(() => routes.list()),
    read: (id) => guarded(() => routes.read(id)),
    move: (found, next, on, said) =>
      guarded(() =>
        door.letting(async () => {
          const { who } = await requireTrue(found, next);
          const about = {
            act: next.act,
            number: found.number,
            version: found.version,
            digest: found.digest,
            on,
            issued: instantText(clock()),
            said,
          };
          const whole = { ...about, request: found.id, before: found.stage, after: next.after };
          const facts = await factsOf(found.disclosed);
          const signature = await sign(
            { ...whole, disclosed: facts, form: FORM },
            who.includes(CENTRAL),
          );
          const send = isForTwo(found, next, said) ? routes.propose : routes.move;
          return send(found.id, { ...about, client_id: random.uuid(), signature });
        }),
      ),
    takesTwo: isForTwo,
    confirm: (found) =>
      guarded(() =>
        door.letting(async () => {
          const { proposal } = found;
          if (proposal === null) throw new NotPossible("second-over");
          const seen = await check(found);
          if (!isSound(seen) || seen.proposal !== "ok") throw new NotPossible("record-untrue");
          const issued = instantText(clock());
          const seconded = await secondedAs(found.id, asMove({ proposal }), issued);
          const signature = await signSecond(seconded);
          return routes.confirm(found.id, { step: seconded.step, issued, signature });
        }),
      ),
    decline: (found, reason) =>
      guarded(() => {
        const { step = "" } = found.proposal ?? {};
        return routes.decline(found.id, { step, reason });
      }),
    hashes: async (files) => [...new Set(await Promise.all(files.map(digestOfFile)))],
    check: (found) => guarded(() => check(found)),
    onMoved: (listener) => door.desk()?.requests.rows.onRung(listener) ?? (() => undefined),
  };
}
