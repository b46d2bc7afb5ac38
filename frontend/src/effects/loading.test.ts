import { describe, expect, it } from "vitest";
import { Unreachable } from "../api/errors";
import { part } from "./loading";

/** A network that is away for the first fetches. */
function fetching(failures: number) {
  const asked = { times: 0 };
  const load = async () => {
    asked.times += 1;
    if (asked.times <= failures) throw new TypeError("Failed to fetch dynamically imported module");
    return "the part";
  };
  return { asked, load };
}

describe("a part of the program that comes later", () => {
  it("is fetched once for everybody who asks", async () => {
    const { asked, load } = fetching(0);
    const needed = part(load);
    expect(await Promise.all([needed(), needed()])).toEqual(["the part", "the part"]);
    expect(await needed()).toBe("the part");
    expect(asked.times).toBe(1);
  });

  it("that does not come is told like an answer that does not come", async () => {
    const cause = new TypeError("Failed to fetch dynamically imported module");
    const needed = part(fetching(1).load);
    await expect(needed()).rejects.toBeInstanceOf(Unreachable);
    await expect(part(fetching(1).load)()).rejects.toMatchObject({ code: "unreachable", cause });
  });

  it("is fetched anew after it did not come", async () => {
    const needed = part(fetching(2).load);
    await expect(needed()).rejects.toThrow();
    await expect(needed()).rejects.toThrow();
    expect(await needed()).toBe("the part");
  });
});
