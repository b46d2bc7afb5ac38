/** Commits that our own engine never makes: written with the library, refused by the engine. */
import { createCommit, joinGroupExternal } from "ts-mls/createCommit.js";
import { createProposal } from "ts-mls/createMessage.js";
import { beforeEach, describe, expect, it } from "vitest";
import { type Client, group, Town } from "../../tests/mls/clients";
import { utf8 } from "../bytes";
import { MlsRefused } from "./engine";
import { configWith } from "./guard";
import { changesAsDeclared } from "./incoming";
import { generateKeyPackage } from "./keys";
import { requireDistinctKeys } from "./roster";
import { loadSuite, type Suite } from "./suite";
import type { ClientState, Proposal } from "./tsmls";
import { decodeGroupInfo, decodeKeyPackage, encodeMessage } from "./wire";

const anybody = configWith(async () => true);

let suite: Suite;
let town: Town;
let ana: Client;
let ben: Client;
let groupInfo: Uint8Array;

beforeEach(async () => {
  suite = await loadSuite();
  town = new Town();
  ana = await town.client("ana");
  ben = await town.client("ben");
  await group(ana, ben);
  const made = await ana.commit({ update: true });
  await ben.receive(made.commit);
  groupInfo = made.groupInfo;
});

/** What ana's client would send if it were not ours. */
async function committed(
  extraProposals: Proposal[],
  { state = ana.state.mls, wireAsPublicMessage = true } = {},
): Promise<Uint8Array> {
  const { commit } = await createCommit(
    { state: { ...state, clientConfig: anybody }, cipherSuite: suite },
    { extraProposals, wireAsPublicMessage },
  );
  return encodeMessage(commit);
}

async function expectRefused(bytes: Uint8Array, reason: string): Promise<void> {
  await expect(ben.engine.process(ben.state, bytes)).rejects.toMatchObject({ reason });
  expect(await ben.hear(await ana.say("unharmed"))).toBe("unharmed");
}

async function add(name: string): Promise<Proposal> {
  const keyPackage = decodeKeyPackage(await (await town.client(name)).keyPackage());
  return { proposalType: "add", add: { keyPackage } };
}

function removal(leaf: number): Proposal {
  return { proposalType: "remove", remove: { removed: leaf } };
}

describe("a member's commit", () => {
  it("may not add and remove at once", async () => {
    const cam = await town.client("cam");
    const { commit } = await ana.commit({ add: [await cam.keyPackage()] });
    await ben.receive(commit);
    await expectRefused(await committed([await add("dan"), removal(2)]), "add-and-remove");
  });

  const forbidden: [string, Proposal][] = [
    [
      "group context extensions",
      {
        proposalType: "group_context_extensions",
        groupContextExtensions: { extensions: [] },
      },
    ],
    [
      "a new group",
      {
        proposalType: "reinit",
        reinit: {
          groupId: Uint8Array.of(1),
          version: "mls10",
          cipherSuite: "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",
          extensions: [],
        },
      },
    ],
    ["a proposal nobody knows", { proposalType: 0x0f0f, proposalData: new Uint8Array() }],
  ];
  it.each(forbidden)("may not bring %s", async (_what, proposal) => {
    await expectRefused(await committed([proposal]), "forbidden-proposal");
  });

  it("may not name proposals sent before", async () => {
    const { newState } = await createProposal(ana.state.mls, true, removal(1), suite);
    await expectRefused(await committed([], { state: newState }), "proposal-by-reference");
  });

  it("may not be private: the server could not enforce it", async () => {
    await expectRefused(await committed([], { wireAsPublicMessage: false }), "wrong-kind");
  });

  it("may not change the committer's credential", async () => {
    const [own, ...rest] = ana.state.mls.ratchetTree;
    if (own?.nodeType !== "leaf") throw new Error("no leaf");
    const credential = { credentialType: "basic" as const, identity: utf8.encode("eva") };
    const leaf = { ...own, leaf: { ...own.leaf, credential } };
    const state: ClientState = { ...ana.state.mls, ratchetTree: [leaf, ...rest] };
    await expectRefused(await committed([], { state }), "credential-changed");
  });
});

describe("a proposal by itself", () => {
  it.each([true, false])("is refused (public: %s)", async (isPublic) => {
    const { message } = await createProposal(ana.state.mls, isPublic, removal(1), suite);
    const bytes = encodeMessage(message);
    await expectRefused(bytes, isPublic ? "forbidden-proposal" : "wrong-kind");
  });
});

describe("an external commit", () => {
  async function external(client: Client, resync: boolean, replaces?: Uint8Array) {
    const own = await generateKeyPackage(client.keys, 1, Date.now(), suite);
    const config = {
      ...anybody,
      keyPackageEqualityConfig: {
        compareKeyPackages: () => false,
        compareKeyPackageToLeafNode: (_: unknown, leaf: { signaturePublicKey: Uint8Array }) =>
          replaces !== undefined &&
          utf8.decode(replaces) === utf8.decode(leaf.signaturePublicKey.map((byte) => byte & 127)),
      },
    };
    const { publicMessage } = await joinGroupExternal(
      decodeGroupInfo(groupInfo),
      own.publicPackage,
      own.privatePackage,
      resync,
      suite,
      undefined,
      config,
    );
    return encodeMessage({ version: "mls10", wireformat: "mls_public_message", publicMessage });
  }

  it("of a stranger is refused, even one with a good chain", async () => {
    const stranger = await town.client("eva");
    await expectRefused(await external(stranger, false), "external-commit");
    await expect(stranger.engine.rejoin(groupInfo, stranger.keys)).rejects.toMatchObject({
      reason: "not-a-member",
    });
  });

  it("that pushes another member out is refused", async () => {
    const stranger = await town.client("eva");
    const victim = ana.keys.signaturePublic.map((byte) => byte & 127);
    await expectRefused(await external(stranger, true, victim), "external-commit");
  });
});

describe("the roster that comes out", () => {
  const member = (leaf: number, name: string) => ({
    leaf,
    credential: utf8.encode(name),
    signatureKey: utf8.encode(`key of ${name}`),
  });
  const before = [member(0, "ana"), member(1, "ben")];
  const nothing = { sender: 0, added: [], removed: [] };

  it("must be the one declared", () => {
    const declared = { sender: 0, added: [member(9, "cam")], removed: [] };
    const after = [...before, member(2, "cam")];
    expect(changesAsDeclared(declared, before, after)).toEqual({
      added: [member(2, "cam")],
      removed: [],
    });
  });

  it.each([
    ["somebody undeclared came", nothing, [...before, member(2, "eva")]],
    ["somebody undeclared went", nothing, [member(0, "ana")]],
    ["somebody was exchanged", nothing, [member(0, "ana"), member(1, "eva")]],
    ["a removal did not happen", { ...nothing, removed: [1] }, before],
    ["an add did not happen", { ...nothing, added: [member(9, "cam")] }, before],
  ])("is refused when %s", (_what, declared, after) => {
    expect(() => changesAsDeclared(declared, before, after)).toThrow(MlsRefused);
  });

  it("has no key twice", () => {
    const [leaf] = ana.state.mls.ratchetTree;
    expect(() => requireDistinctKeys([leaf, undefined, leaf])).toThrow("duplicate-leaf");
  });
});
