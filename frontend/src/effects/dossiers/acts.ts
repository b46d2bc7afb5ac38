/** What somebody does with dossiers: see where a request stands, and do the next step of it. */

import type {
  Dossier,
  DossierRow,
  InformalContact,
  MoveBody,
  NextMove,
  Said,
  StepWanted,
} from "../../api/dossiers";
import { isPassing } from "../../api/errors";
import type { RequestRow } from "../../api/schema";
import { b64u, hex, sha256 } from "../../bytes";
import { canonical, type Json } from "../../canonical";
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
  stepOf,
} from "../../crypto/move";
import { instantText } from "../../crypto/statements";
import type { Draft } from "../../rules/book";
import { disclosed } from "../../rules/disclosed";
import type { Directory } from "../../verify/chain";
import type { Deps } from "../deps";
import { digestOfFile } from "../designations/payload";
import type { Opened } from "../opening";
import { NotPossible } from "../problems";
import { asMove, isAboutTheSame, isSound, type Judged, judged, judgedProposal } from "./judging";
import { secondedAs } from "./seconds";
import { stepsOf } from "./steps";
import { type Arrow, arrowOf, takesTwo } from "./table";
import { CENTRAL } from "./whose";

/** A step as it was signed: `about` is all of it but the moment, `step` the SHA-256 of its bytes. */
type SignedStep = { readonly about: string; readonly step: string; readonly body: MoveBody };

/**
 * One step in one dialog, however often it is tried: where an answer was lost, what was signed is
 * sent again as it is, for the server may have it, and it is one step.
 */
export type Tries = {
  unanswered: SignedStep | null;
  /** Told what was signed, by the SHA-256 of its bytes, before it is sent. */
  readonly onSigned: (step: string) => Promise<void>;
};

export interface DossierActs {
  list(): Promise<DossierRow[]>;
  /** Which requests wait for one's own step, as others handed them on. */
  wanted(): Promise<StepWanted[]>;
  /** Whom the prosecutors of a central authority's State asked informally; no content. */
  contacts(): Promise<InformalContact[]>;
  /** The look is logged. */
  read(id: string): Promise<Dossier>;
  /** Sign the next step, as the page shows it, and do it; what takes two people waits for the second. */
  move(found: Dossier, next: NextMove, on: string, said: Said, tries?: Tries): Promise<Dossier>;
  /** Whether a step of one's own is in the record, or waits there for its second person. */
  holds(found: Dossier, step: string): Promise<boolean>;
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

/**
 * What a host answers of the request that was asked: another's record may be sound, and a hand would
 * go under that one.
 */
async function ofAsked(id: string, answer: Promise<Dossier>): Promise<Dossier> {
  const found = await answer;
  if (found.id !== id) throw new NotPossible("record-untrue");
  return found;
}

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
  /** Where another role may take the step, too: whoever is of the central authority takes it as that. */
  const asCentral = (who: readonly string[]): boolean =>
    who.includes(CENTRAL) && (who.length === 1 || door.roles().includes(CENTRAL));
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
    const directory = await door.replayed();
    const record = await judged(found, directory, door.state());
    return { ...record, proposal: await judgedProposal(found, directory, clock()) };
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
  const signedOf = async (
    found: Dossier,
    next: NextMove,
    { on, said }: { on: string; said: Said },
    central: boolean,
    tries?: Tries,
  ): Promise<SignedStep> => {
    const { number, version, digest } = found;
    const told = { act: next.act, number, version, digest, on, said };
    const facts = { after: next.after, disclosed: await factsOf(found.disclosed) };
    const about = hex.encode(canonical({ ...told, ...facts } as unknown as Json));
    if (tries?.unanswered?.about === about) return tries.unanswered;
    const whole = { ...told, issued: instantText(clock()) };
    const moved = { ...whole, ...facts, request: found.id, before: found.stage };
    const asSigned = { ...moved, form: FORM } as unknown as Moved;
    const signature = await sign(asSigned, central);
    const body = { ...whole, client_id: random.uuid(), signature };
    return { about, step: await stepOf(asSigned), body };
  };
  const holds = async (found: Dossier, step: string): Promise<boolean> => {
    const me = (await door.opened())?.person.id;
    if (found.proposal?.person === me && found.proposal?.step === step) return true;
    const mine = found.moves.filter(({ person }) => person === me);
    return (await stepsOf(found.id, mine)).includes(step);
  };
  return {
    wanted: () => guarded(() => routes.wanted()),
    contacts: () => guarded(() => routes.contacts()),
    list: () => guarded(() => routes.list()),
    read: (id) => guarded(() => ofAsked(id, routes.read(id))),
    move: (found, next, on, said, tries) =>
      guarded(() =>
        door.letting(async () => {
          const { who } = await requireTrue(found, next);
          const signed = await signedOf(found, next, { on, said }, asCentral(who), tries);
          await tries?.onSigned(signed.step);
          const send = isForTwo(found, next, said) ? routes.propose : routes.move;
          if (tries) tries.unanswered = signed;
          const answer = send(found.id, signed.body).catch((error: unknown) => {
            // What was refused is not there: the next try is signed anew.
            if (tries && !isPassing(error)) tries.unanswered = null;
            throw error;
          });
          return ofAsked(found.id, answer);
        }),
      ),
    holds: (found, step) => guarded(() => holds(found, step)),
    takesTwo: isForTwo,
    confirm: (found) =>
      guarded(() =>
        door.letting(async () => {
          const { proposal } = found;
          if (proposal === null) throw new NotPossible("second-over");
          const seen = await check(found);
          if (seen.proposal === "hand") throw new NotPossible("second-over");
          if (!isSound(seen) || seen.proposal !== "ok") throw new NotPossible("record-untrue");
          const issued = instantText(clock());
          const seconded = await secondedAs(found.id, asMove({ proposal }), issued);
          const signature = await signSecond(seconded);
          const body = { step: seconded.step, issued, signature };
          return ofAsked(found.id, routes.confirm(found.id, body));
        }),
      ),
    decline: (found, reason) =>
      guarded(() => {
        const { step = "" } = found.proposal ?? {};
        return ofAsked(found.id, routes.decline(found.id, { step, reason }));
      }),
    hashes: async (files) => [...new Set(await Promise.all(files.map(digestOfFile)))],
    check: (found) => guarded(() => check(found)),
    onMoved: (listener) => door.desk()?.requests.rows.onRung(listener) ?? (() => undefined),
  };
}
