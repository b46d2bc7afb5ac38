/**
 * The lies, one function each. `victims` are persons; towards everybody else the host is honest.
 *
 * Each returns what to do differently from now on, after doing at once what it does at once.
 */

import { randomUUID } from "node:crypto";
import { encodeIdentity } from "../../src/crypto/identity";
import { Apart, afterOf, type Host } from "./apart";
import {
  entering,
  identityIn,
  memberOf,
  OTHER_SUITE,
  packageOf,
  placed,
  stranger,
  type WireEntry,
} from "./forge";
import { type Answered, type Asked, json, type Lies, saying } from "./proxy";

export type Attack = {
  readonly thread: string;
  readonly victims: readonly string[];
  /** Somebody real in whose name the host lies. */
  readonly person: string;
};

type Claimed = { packages: { device: string; package: string }[]; missing: string[] };
type Info = { entitled: { person: string; devices: string[] }[] };

export const ATTACKS: Record<string, (host: Host, attack: Attack) => Promise<Lies>> = {
  "ghost-member": ghostMember,
  "taken-place": takenPlace,
  "ghost-device": ghostDevice,
  "swapped-package": swappedPackage,
  downgrade,
  "forked-group": forkedGroup,
  "withheld-remove": withheldRemove,
};

/** The host lets itself in, as somebody invented, by a commit of its own. */
async function ghostMember(host: Host, attack: Attack): Promise<Lies> {
  const { identity, keys } = await stranger({ person: randomUUID() });
  const made = await entering(groupOf(host, attack), keys, {});
  return pushed(host, attack, { ...made, device: identity.device });
}

/** The host comes back as a member's device, whose public key it knows and private key it does not. */
async function takenPlace(host: Host, attack: Attack): Promise<Lies> {
  const genuine = memberOf(groupOf(host, attack), attack.person);
  const { keys } = await stranger(genuine);
  const signaturePublic = genuine.signatureKey;
  const posing = { ...keys, signaturePublic, credential: encodeIdentity(genuine) };
  const made = await entering(groupOf(host, attack), posing, {}, true);
  return pushed(host, attack, { ...made, device: genuine.device });
}

/** Put an entry of the host's own at the end of what victims see, again whenever they ask. */
async function pushed(
  host: Host,
  { thread, victims }: Attack,
  made: { id: string; body: string; epoch: number; device: string },
): Promise<Lies> {
  const entry = await placed(thread, host.memory.last(thread), {
    ...made,
    kind: "commit",
    at: new Date().toISOString(),
  });
  for (const person of victims) {
    host.proxy.tell(person, { type: "entries", thread, entries: [entry] });
  }
  host.did("pushed");
  return {
    answering: (asked, answered) => {
      const after = afterOf(asked, thread);
      if (!victims.includes(asked.person) || after === null || after >= entry.seq) return answered;
      const log = json<{ head: number; entries: WireEntry[] }>(answered);
      if (log === null) return answered;
      const entries = [...log.entries.filter(({ seq }) => seq < entry.seq), entry];
      return saying(answered, { head: entry.seq, entries });
    },
  };
}

/** A further device of a member, that the member never named. */
async function ghostDevice(host: Host, attack: Attack): Promise<Lies> {
  const { identity, keys } = await stranger({ person: attack.person });
  const packaged = await packageOf(keys);
  const lies: Lies = {
    asking: (asked) => {
      if (!isClaim(asked, attack)) return asked;
      const { devices } = JSON.parse(asked.body) as { devices: string[] };
      return {
        ...asked,
        body: JSON.stringify({ devices: devices.filter((d) => d !== identity.device) }),
      };
    },
    answering: (asked, answered) => {
      if (!attack.victims.includes(asked.person)) return answered;
      if (asked.path === `/api/threads/${attack.thread}` && asked.method === "GET") {
        const info = json<Info>(answered);
        if (info === null) return answered;
        const entitled = info.entitled.map((one) =>
          one.person === attack.person
            ? { ...one, devices: [...one.devices, identity.device] }
            : one,
        );
        return saying(answered, { ...info, entitled });
      }
      if (!isClaim(asked, attack)) return answered;
      host.did("offered");
      const claimed = json<Claimed>(answered) ?? { packages: [], missing: [] };
      const packages = [
        ...(claimed.packages ?? []),
        { device: identity.device, package: packaged },
      ];
      return saying({ ...answered, status: 200 }, { packages, missing: [] });
    },
  };
  for (const person of attack.victims) host.proxy.tell(person, { type: "joined", thread: null });
  return lies;
}

/** The package of a member's real device becomes one whose keys the host has. */
async function swappedPackage(host: Host, attack: Attack): Promise<Lies> {
  return replacing(host, attack, async (genuine) => {
    const { keys } = await stranger(genuine);
    const named = { ...genuine, signatureKey: keys.signaturePublic };
    return packageOf({ ...keys, credential: encodeIdentity(named) });
  });
}

/** The package of a member's real device becomes one of another cipher suite. */
async function downgrade(host: Host, attack: Attack): Promise<Lies> {
  return replacing(host, attack, async (genuine) => {
    const { keys } = await stranger(genuine);
    return packageOf({ ...keys, credential: encodeIdentity(genuine) }, OTHER_SUITE);
  });
}

function replacing(
  host: Host,
  attack: Attack,
  forged: (genuine: ReturnType<typeof identityIn>) => Promise<string>,
): Lies {
  return {
    answering: async (asked, answered) => {
      if (!isClaim(asked, attack)) return answered;
      const claimed = json<Claimed>(answered);
      if (claimed === null) return answered;
      const packages = await Promise.all(
        claimed.packages.map(async (one) => {
          const genuine = identityIn(one.package);
          if (genuine.person !== attack.person) return one;
          host.did("swapped");
          return { ...one, package: await forged(genuine) };
        }),
      );
      return saying(answered, { ...claimed, packages });
    },
  };
}

/** Victims' own commits and messages go nowhere, and are called accepted: a group of their own. */
async function forkedGroup(host: Host, { thread, victims }: Attack): Promise<Lies> {
  const apart = new Apart(host, thread, victims);
  return apart.lies();
}

/** Victims do not hear of a removal: what they write is still for whoever was removed. */
async function withheldRemove(host: Host, attack: Attack): Promise<Lies> {
  const apart = new Apart(host, attack.thread, attack.victims);
  // What they are shown of the case is what it was.
  const shown = new Map<string, Answered>();
  const { answering, ...lies } = apart.lies();
  return {
    ...lies,
    answering: async (asked, answered) => {
      const asWas = asked.method === "GET" && /^\/api\/(cases|threads\/[^/]+$)/.test(asked.path);
      if (!victims(attack, asked) || !asWas)
        return (await answering?.(asked, answered)) ?? answered;
      const before = shown.get(asked.path) ?? answered;
      shown.set(asked.path, before);
      return before;
    },
  };
}

function victims({ victims: of }: Attack, asked: Asked): boolean {
  return of.includes(asked.person);
}

function groupOf({ memory }: Host, { thread }: Attack): string {
  const found = memory.groups.get(thread);
  if (found === undefined) throw new Error("that group was not seen");
  return found;
}

function isClaim(asked: Asked, { thread, victims }: Attack): boolean {
  const path = `/api/threads/${thread}/key-packages/claim`;
  return victims.includes(asked.person) && asked.path === path;
}
