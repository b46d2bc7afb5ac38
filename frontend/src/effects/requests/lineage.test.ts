import { describe, expect, it } from "vitest";
import { uuid } from "../../bytes";
import { descends, versionId } from "./lineage";

const REQUEST = "6f0a5f2e-7c57-4d0e-9b39-0d1f2a3b4c5d";
const salt = new Uint8Array(32).fill(7);

async function child(parent: string | null) {
  return { request: REQUEST, salt, client_id: await versionId(REQUEST, parent, salt) };
}

describe("the id of a version", () => {
  it("is a UUID of version 8", async () => {
    const id = await versionId(REQUEST, null, salt);
    expect(uuid.is(id)).toBe(true);
    expect(id).toMatch(/^.{14}8.{4}[89ab]/);
  });

  it("says from which version it goes on", async () => {
    const parent = await versionId(REQUEST, null, salt);
    const other = await versionId(REQUEST, null, salt.with(0, 1));
    expect(await descends(await child(parent), parent)).toBe(true);
    expect(await descends(await child(parent), other)).toBe(false);
  });

  it("says so for its own request and salt only", async () => {
    const parent = await versionId(REQUEST, null, salt);
    const made = await child(parent);
    const elsewhere = { ...made, request: REQUEST.replace("6f", "70") };
    expect(await descends(elsewhere, parent)).toBe(false);
    expect(await descends({ ...made, salt: salt.with(31, 0) }, parent)).toBe(false);
  });

  it("may leave open from which, when its author could not tell", async () => {
    const parent = await versionId(REQUEST, null, salt.with(0, 1));
    expect(await descends(await child(null), parent)).toBe(true);
  });
});
