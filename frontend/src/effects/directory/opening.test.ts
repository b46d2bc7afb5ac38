/** An entry of the directory's log, and what the server says of it. */

import { describe, expect, it } from "vitest";
import type { DirectoryPage } from "../../api/schema";
import { b64u, utf8 } from "../../bytes";
import { canonical, type Json } from "../../canonical";
import { publicKeyOf } from "../../crypto/ed25519";
import { digestOf, signStatement } from "../../crypto/statements";
import { commitmentTo } from "../../verify/tlog/event";
import { toBase64 } from "../../verify/tlog/text";
import { type Bounds, NotAsLogged, openEntry } from "./opening";

type Said = DirectoryPage["entries"][number];

const AT = Date.parse("2026-11-20T12:00:00Z");
const MINUTE = 60_000;
const ALWAYS: Bounds = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
const seed = new Uint8Array(32).fill(1);
const fields = {
  ...{ serial: "00000000-0000-4000-8000-000000000001", issued: "2026-11-20T12:00:00Z" },
  ...{ state: "SV", key: b64u.encode(await publicKeyOf(seed)) },
  ...{ previous: null, approval: "two-officers" },
};
const ROOT = await signStatement("state-root", fields, [seed]);
const WEAKER = { ...fields, approval: "officer-and-coordinator" };
const OTHER = await signStatement("state-root", WEAKER, [seed]);
const SALT = new Uint8Array(32).fill(2);

/** An entry of an act, and what an honest server says of it. */
async function logged(payload: Json, statement: typeof ROOT | null) {
  const head = { actor: "", at: "2026-11-20T12:00:00Z", kind: "directory.statement.entered" };
  const event = canonical({ ...head, payload, states: [], v: 1 });
  const c = toBase64(await commitmentTo(event, SALT));
  const leaf = canonical({ c, g: [], k: "event", t: AT / 1_000, v: 1 });
  const said = { index: 3, salt: b64u.encode(SALT), payload: b64u.encode(event) };
  return { leaf, said: { ...said, statement: structuredClone(statement) as Said["statement"] } };
}

const ENTRY = await logged({ digest: await digestOf(ROOT) }, ROOT);

describe("an entry", () => {
  it("is opened to the statement that it names", async () => {
    const opened = await openEntry(3, ENTRY.leaf, ENTRY.said, ALWAYS);
    expect([opened.at, opened.wire, opened.statement?.type]).toEqual([AT, ROOT, "state-root"]);
  });

  it("of an act that signs nothing has none", async () => {
    const { leaf, said } = await logged({ office: "1" }, null);
    expect(await openEntry(3, leaf, said, ALWAYS)).toMatchObject({ at: AT, statement: null });
  });

  it("of no act has nothing to be opened", async () => {
    const leaf = utf8.encode(`{"k":"close","t":${AT / 1_000},"v":1}`);
    const none = { at: AT, wire: null, statement: null };
    expect(await openEntry(3, leaf, undefined, ALWAYS)).toEqual(none);
  });

  it.each([
    ["nothing is said of", undefined, "withheld"],
    ["no salt is shown of", { ...ENTRY.said, salt: null }, "withheld"],
    ["no event is shown of", { ...ENTRY.said, payload: null }, "withheld"],
    ["the statement is not shown of", { ...ENTRY.said, statement: null }, "withheld"],
    ["another statement is shown of", { ...ENTRY.said, statement: OTHER }, "misopened"],
    ["another salt is shown of", { ...ENTRY.said, salt: b64u.encode(seed) }, "misopened"],
    ["another event is shown of", { ...ENTRY.said, payload: b64u.encode(seed) }, "misopened"],
    ["what is shown is not even in base64 of", { ...ENTRY.said, salt: "=" }, "misopened"],
    [
      "a signature was left out of",
      { ...ENTRY.said, statement: { ...ROOT, signatures: [] } },
      "misopened",
    ],
  ] as const)("that %s is not as logged", async (_what, said, why) => {
    const opening = openEntry(3, ENTRY.leaf, said as never, ALWAYS);
    await expect(opening).rejects.toThrow(NotAsLogged);
    await expect(opening).rejects.toMatchObject({ why, opening: { index: 3 } });
  });

  it.each(["", "null", "[]", "{", '{"k":"event"}', '{"k":1,"t":1}'])(
    "whose leaf is %j is not as logged",
    async (text) => {
      const opening = openEntry(3, utf8.encode(text), ENTRY.said, ALWAYS);
      await expect(opening).rejects.toMatchObject({ why: "misopened" });
    },
  );

  it.each([
    ["five minutes before the one before it", { ...ALWAYS, from: AT + 5 * MINUTE }, true],
    ["five minutes after its checkpoint", { ...ALWAYS, until: AT - 5 * MINUTE }, true],
    ["earlier than that", { ...ALWAYS, from: AT + 5 * MINUTE + 1 }, false],
    ["later than that", { ...ALWAYS, until: AT - 5 * MINUTE - 1 }, false],
  ])("may be dated %s: %j, %j", async (_when, bounds, may) => {
    const opening = openEntry(3, ENTRY.leaf, ENTRY.said, bounds);
    if (may) expect((await opening).at).toBe(AT);
    else await expect(opening).rejects.toMatchObject({ why: "misopened" });
  });
});
