import { describe, expect, it } from "vitest";
import { RECEIPTS } from "../../../tests/vectors/receipts";
import { utf8 } from "../../bytes";
import { commitmentTo, openEvent } from "./event";
import { Malformed, Unproven } from "./refusal";
import { fromBase64, toBase64 } from "./text";

const opened = RECEIPTS.events.map(({ leaf, payload, salt, commitment }) => ({
  leaf: fromBase64(leaf),
  payload: fromBase64(payload),
  salt: fromBase64(salt),
  commitment,
}));
const [one, other] = opened;
if (one === undefined || other === undefined) throw new Error("no vectors");

describe("an event", () => {
  it.each(opened)("is what its entry commits to: $commitment", async (event) => {
    expect(toBase64(await commitmentTo(event.payload, event.salt))).toBe(event.commitment);
    const read = await openEvent(event.leaf, event.payload, event.salt);
    expect(read.actor).toBe("6f1c0f60-1111-4222-8333-444455556666");
  });

  it("says what was done", async () => {
    const read = await openEvent(other.leaf, other.payload, other.salt);
    expect(read.kind).toBe("messaging.message.accepted");
    expect(read.payload).toEqual({ seq: 42, thread: "7b0e0f60-1111-4222-8333-444455556666" });
  });

  it("is not another one's, nor with another salt", async () => {
    await expect(openEvent(one.leaf, other.payload, one.salt)).rejects.toThrow(Unproven);
    await expect(openEvent(one.leaf, one.payload, other.salt)).rejects.toThrow(Unproven);
  });

  it.each(["", "null", "[]", '{"v":1,"k":"close","t":1}', '{"v":2,"k":"event","c":""}'])(
    "has no entry %j",
    async (text) => {
      const entry = utf8.encode(text);
      await expect(openEvent(entry, one.payload, one.salt)).rejects.toThrow(Malformed);
    },
  );

  it("that is none, though committed to, is not read", async () => {
    const bytes = utf8.encode('{"kind":1}');
    const c = toBase64(await commitmentTo(bytes, one.salt));
    const leaf = utf8.encode(JSON.stringify({ v: 1, k: "event", t: 1, c, g: [] }));
    await expect(openEvent(leaf, bytes, one.salt)).rejects.toThrow(Malformed);
  });
});
