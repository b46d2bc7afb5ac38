/**
 * What can be shown to others of a thread that stopped: what was refused, byte by byte, and where
 * this device stood. No text, no title, no secret: what is in it, the host has too.
 *
 * Whoever has it can check a commit's signature by themselves: docs/wire.md says how.
 */

import { b64u, hex, sha256 } from "../../bytes";
import type { Json } from "../../canonical";
import type { FaultRecord, RefusedRecord, ThreadRecord } from "../../store/records";
import { keys } from "../../store/records";
import { type Core, NotPossible } from "../core";

/**
 * Also of a thread that waits for a directory that this device is not shown.
 *
 * @throws {NotPossible} `thread-not-frozen`
 */
export async function evidenceOf(core: Core, circle: string): Promise<Json> {
  const thread = await core.vault.read(keys.thread(circle));
  const { behind } = thread ?? {};
  if (thread === undefined || (thread.status !== "frozen" && behind === undefined)) {
    throw new NotPossible("thread-not-frozen");
  }
  const refused = await core.vault.read(keys.refused(circle));
  const { person, device } = core.device;
  return {
    v: 1,
    type: "casehub-evidence",
    made: core.now(),
    by: { person, device },
    circle,
    why: behind ? "directory-behind" : (thread.frozenWhy ?? "unknown"),
    noticed: behind?.at ?? thread.fault?.at ?? null,
    here: standing(thread),
    group_context: refused?.context ? b64u.encode(refused.context) : null,
    entries: refused === undefined ? [] : [await entryOf(refused)],
    directory: core.people.directoryHere(),
    finding: findingOf(thread.fault),
    statements: core.people.about(involved(thread.fault)) as unknown as Json,
  };
}

function standing({ epoch, seq, chain, since, roster }: ThreadRecord): Json {
  return {
    epoch,
    seq,
    chain: b64u.encode(chain),
    since: { seq: since.seq, chain: b64u.encode(since.chain) },
    roster: roster.map(({ leaf, person, state, device, key }) => ({
      leaf,
      person,
      state,
      device,
      key,
    })),
  };
}

async function entryOf({ entry, expected }: RefusedRecord): Promise<Json> {
  const { body, chain, ...rest } = entry;
  return {
    ...rest,
    body: b64u.encode(body),
    sha256: hex.encode(await sha256(body)),
    chain: b64u.encode(chain),
    expected_chain: b64u.encode(expected),
  };
}

function findingOf(fault: FaultRecord | undefined): Json {
  if (fault === undefined) return null;
  const { by, proof, refused, claim, directory } = fault;
  return {
    from: by,
    proof,
    refused: refused.map((one) => ({ ...one })),
    claim: claim && {
      seq: claim.seq,
      theirs: b64u.encode(claim.theirs),
      ours: claim.ours && b64u.encode(claim.ours),
    },
    directory: directory
      ? {
          ...directory,
          root: b64u.encode(directory.root),
          ours: directory.ours && b64u.encode(directory.ours),
        }
      : null,
  };
}

function involved(fault: FaultRecord | undefined): string[] {
  const suspects = [...(fault?.by ? [fault.by] : []), ...(fault?.refused ?? [])];
  return [...new Set(suspects.map(({ person }) => person))];
}
