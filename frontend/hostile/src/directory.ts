/** Lies about who is who: an older directory that was genuine once, and whom no signature names. */

import type { Host } from "./apart";
import type { Attack } from "./attacks";
import { entitledOtherwise } from "./entitled";
import { entering, stranger } from "./forge";
import { type Answered, type Asked, json, type Lies, saying } from "./proxy";
import { groupOf, pushed } from "./pushing";

/** Victims go on being shown the checkpoint of the directory that is the newest now. */
export async function frozenDirectory(host: Host, attack: Attack): Promise<Lies> {
  return showing(host, attack, host.memory.checkpoints.at(-1));
}

/** Victims are shown the oldest checkpoint of the directory that the host handed out. */
export async function rolledBackDirectory(host: Host, attack: Attack): Promise<Lies> {
  return showing(host, attack, host.memory.checkpoints.at(0));
}

/** A commit of a stranger's that names a directory of which nobody has heard. */
export async function inventedDirectory(host: Host, attack: Attack): Promise<Lies> {
  const { identity, keys } = await stranger({ person: attack.person });
  const newest = host.memory.checkpoints.at(-1)?.body.toString("utf8").split("\n") ?? [];
  const data = { dir_log: newest[0] ?? "", dir_root: "A".repeat(43), dir_size: 1_000_000, v: 2 };
  const made = await entering(groupOf(host, attack), keys, data);
  return pushed(host, attack, { ...made, device: identity.device });
}

type Page = { entries: { statement: { type: string } | null }[] };

/**
 * Of what the directory's log says, victims are told all but what stops somebody; and in the thread
 * the person's device is called entitled on.
 */
export async function withheldRevocation(host: Host, attack: Attack): Promise<Lies> {
  const device = host.memory.devices.get(attack.person);
  if (device === undefined) throw new Error("no device of this person was seen");
  return {
    answering: ({ method, path, person }, answered) => {
      if (method !== "GET" || !attack.victims.includes(person)) return answered;
      if (path.startsWith("/api/directory/log")) {
        const page = json<Page>(answered);
        if (page === null) return answered;
        const entries = page.entries.map((entry) => {
          if (entry.statement?.type !== "revocation") return entry;
          host.did("withheld");
          return { ...entry, statement: null };
        });
        return saying(answered, { ...page, entries });
      }
      const told = entitledOtherwise({ method, path }, answered, attack.thread, (entitled) => {
        const { devices = [] } = entitled.find((one) => one.person === attack.person) ?? {};
        const still = { person: attack.person, devices: [...new Set([...devices, device])] };
        return [...entitled.filter((one) => one.person !== attack.person), still];
      });
      return told ?? answered;
    },
  };
}

function showing(host: Host, { victims }: Attack, older: Answered | undefined): Lies {
  if (older === undefined) throw new Error("no checkpoint of the directory was seen");
  const isAsked = ({ method, path, person }: Asked): boolean =>
    method === "GET" && victims.includes(person) && path === "/api/log/dir/checkpoint";
  return {
    answering: (asked, answered) => {
      if (!isAsked(asked)) return answered;
      if (!answered.body.equals(older.body)) host.did("older");
      return saying(older, older.body);
    },
  };
}
