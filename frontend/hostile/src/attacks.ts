/**
 * The lies, one function each. `victims` are persons; towards everybody else the host is honest.
 *
 * Each returns what to do differently from now on, after doing at once what it does at once.
 */

import { randomUUID } from "node:crypto";
import { encodeIdentity } from "../../src/crypto/identity";
import type { Host } from "./apart";
import { chaos } from "./chaos";
import {
  frozenDirectory,
  inventedDirectory,
  rolledBackDirectory,
  withheldRevocation,
} from "./directory";
import { entitledOtherwise } from "./entitled";
import { entering, identityIn, memberOf, OTHER_SUITE, packageOf, stranger } from "./forge";
import { forkedGroup, withheldRemove } from "./histories";
import { type Asked, json, type Lies, saying } from "./proxy";
import { groupOf, pushed } from "./pushing";
import { secondLog } from "./secondLog";

export type Attack = {
  readonly thread: string;
  readonly victims: readonly string[];
  /** Somebody real in whose name the host lies. */
  readonly person: string;
  /** Another server, that holds another history. */
  readonly upstream?: string;
  /** What chance is drawn from, by thread. */
  readonly seeds?: Readonly<Record<string, number>>;
};

type Claimed = { packages: { device: string; package: string }[]; missing: string[] };

export const ATTACKS: Record<string, (host: Host, attack: Attack) => Promise<Lies>> = {
  "ghost-member": ghostMember,
  "taken-place": takenPlace,
  "ghost-device": ghostDevice,
  "swapped-package": swappedPackage,
  downgrade,
  "forked-group": forkedGroup,
  "withheld-remove": withheldRemove,
  outsider,
  "frozen-directory": frozenDirectory,
  "rolled-back-directory": rolledBackDirectory,
  "invented-directory": inventedDirectory,
  "withheld-revocation": withheldRevocation,
  "second-log": secondLog,
  chaos,
};

/** The host lets itself in, as somebody invented, by a commit of its own. */
async function ghostMember(host: Host, attack: Attack): Promise<Lies> {
  const { identity, keys } = await stranger({ person: randomUUID() });
  const made = await entering(groupOf(host, attack), keys, {});
  return pushed(host, attack, { ...made, device: identity.device });
}

/** The host lets itself in by an external commit, as somebody real who is no member. */
async function outsider(host: Host, attack: Attack): Promise<Lies> {
  const { identity, keys } = await stranger({ person: attack.person });
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
      const told = entitledOtherwise(asked, answered, attack.thread, (entitled) =>
        entitled.map((one) =>
          one.person === attack.person
            ? { ...one, devices: [...one.devices, identity.device] }
            : one,
        ),
      );
      if (told !== null) return told;
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

function isClaim(asked: Asked, { thread, victims }: Attack): boolean {
  const path = `/api/threads/${thread}/key-packages/claim`;
  return victims.includes(asked.person) && asked.path === path;
}
