/** ts-mls is exactly the package that was reviewed, with exactly the one correction. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { validateRatchetTree } from "ts-mls/clientState.js";
import { treeHashRoot } from "ts-mls/treeHash.js";
import { describe, expect, it } from "vitest";
import { assertPatched, CORRECTED, corrected, TARGET } from "../../patches/ts-mls-1.6.4.mjs";
import { group, Town } from "../../tests/mls/clients";
import { configWith } from "./guard";
import { loadSuite } from "./suite";
import type { RatchetTree } from "./tsmls";

describe("the correction of ts-mls", () => {
  it("is installed, by hash", () => {
    const installed = createHash("sha256").update(readFileSync(TARGET)).digest("hex");
    expect(installed).toBe(CORRECTED);
    expect(assertPatched).not.toThrow();
  });

  it("is for version 1.6.4 only", () => {
    const manifest = new URL("../../node_modules/ts-mls/package.json", import.meta.url);
    expect(JSON.parse(readFileSync(manifest, "utf8"))).toMatchObject({ version: "1.6.4" });
    expect(() => corrected("another file")).toThrow("not the clientState.js");
  });
});

describe("unmerged leaves (RFC 9420 section 12.4.3.1)", () => {
  /** Seven members, then an eighth: it is unmerged in the path that the update filled. */
  async function tree(): Promise<{
    tree: RatchetTree;
    refusal: (t: RatchetTree) => Promise<unknown>;
  }> {
    const town = new Town();
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const clients = await Promise.all(names.map((name) => town.client(name)));
    await group(...clients);
    const [first, ...others] = clients;
    if (first === undefined) throw new Error("nobody");
    const updaters = [clients[4], clients[0]].filter((client) => client !== undefined);
    for (const updater of updaters) {
      const { commit } = await updater.commit({ update: true });
      for (const other of clients.filter((client) => client !== updater))
        await other.receive(commit);
    }
    const last = await town.client("h");
    const { commit } = await first.commit({ add: [await last.keyPackage()] });
    for (const other of others) await other.receive(commit);
    const { groupContext, ratchetTree } = first.state.mls;
    const suite = await loadSuite();
    const { lifetimeConfig, authService } = configWith(town.check);
    const refusal = async (changed: RatchetTree) =>
      validateRatchetTree(
        changed,
        groupContext,
        lifetimeConfig,
        authService,
        await treeHashRoot(changed, suite.hash),
        suite,
      );
    return { tree: ratchetTree, refusal };
  }

  function withUnmerged(tree: RatchetTree, at: number, unmergedLeaves: number[]): RatchetTree {
    return tree.map((node, index) =>
      index === at && node?.nodeType === "parent"
        ? { ...node, parent: { ...node.parent, unmergedLeaves } }
        : node,
    );
  }

  it("are accepted where the nodes between leaf and parent list them", async () => {
    const { tree: good, refusal } = await tree();
    const listing = good.flatMap((node, index) =>
      node?.nodeType === "parent" && node.parent.unmergedLeaves.includes(7) ? [index] : [],
    );
    expect(listing.length).toBeGreaterThan(1);
    expect(await refusal(good)).toBeUndefined();
  });

  it.each([
    ["lies outside the parent", 3, [7], "descendant"],
    ["lies outside the tree", 7, [7, 4_000_000], "descendant"],
    ["is missing between", 11, [], "intermediate"],
  ])("are refused when an entry %s", async (_what, at, unmerged, words) => {
    const { tree: good, refusal } = await tree();
    expect(good[at]?.nodeType).toBe("parent");
    const error = await refusal(withUnmerged(good, at, unmerged));
    expect(String(error)).toContain(words);
  });
});
