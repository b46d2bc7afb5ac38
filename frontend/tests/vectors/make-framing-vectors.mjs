/**
 * Makes tests/vectors/mls/casehub-session.json: the bytes of one group's whole life, as ts-mls
 * writes them, for the tests of the server's framing. Run by hand, from frontend/:
 *
 *     node tests/vectors/make-framing-vectors.mjs
 *
 * It imports parts of ts-mls, as src/crypto/tsts does, and some that the client never uses:
 * the server must also refuse what they make.
 *
 * Every run makes other keys, and so other bytes. The signature seeds are kept in the file: tests
 * sign altered commits with them. Nobody outside the tests has ever had these keys.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import canonicalize from "canonicalize";
import { createGroup, joinGroup, makePskIndex } from "ts-mls/clientState.js";
import {
  createCommit,
  createGroupInfoWithExternalPubAndRatchetTree,
  joinGroupExternal,
} from "ts-mls/createCommit.js";
import { createApplicationMessage, createProposal } from "ts-mls/createMessage.js";
import { getCiphersuiteFromName } from "ts-mls/crypto/ciphersuite.js";
import { getCiphersuiteImpl } from "ts-mls/crypto/getCiphersuiteImpl.js";
import { generateKeyPackageWithKey } from "ts-mls/keyPackage.js";
import { decodeMlsMessage, encodeMlsMessage } from "ts-mls/message.js";
import { processPublicMessage } from "ts-mls/processMessages.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";

/** @import * as mls from "ts-mls" */

const OUTPUT = resolve("../tests/vectors/mls/casehub-session.json");
const DAY = 86_400n;
const NOW = BigInt(Math.floor(Date.now() / 1000));
const GROUP_ID = randomBytes(16);
const suite = await getCiphersuiteImpl(
  getCiphersuiteFromName("MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519"),
);

/** @type {mls.Capabilities} */
const CAPABILITIES = {
  versions: ["mls10"],
  ciphersuites: [suite.name],
  extensions: [],
  proposals: [],
  credentials: ["basic"],
};
const LIFETIME = { notBefore: NOW - 3600n, notAfter: NOW + 30n * DAY };

/** @param {Uint8Array} bytes */
const b64u = (bytes) => Buffer.from(bytes).toString("base64url");

/** @param {unknown} value */
const canonical = (value) => new TextEncoder().encode(canonicalize(value));
const commitData = () => canonical({ v: 1, client_id: randomUUID() });

/** @param {mls.MLSMessage} message */
const encode = (message) => b64u(encodeMlsMessage(message));

/** @param {mls.KeyPackage} keyPackage */
const encodeKeyPackage = (keyPackage) =>
  encode({ version: "mls10", wireformat: "mls_key_package", keyPackage });

/** @param {string} name */
async function makeDevice(name) {
  const { publicKey, signKey } = await suite.signature.keygen();
  // The library hands out PKCS #8 (RFC 8410), which ends in the 32-byte seed.
  const seed = signKey.slice(-32);
  const identity = {
    v: 1,
    state: "SV",
    person: randomUUID(),
    device: randomUUID(),
    signature_key: b64u(publicKey),
    history_key: b64u(randomBytes(32)),
    serial: randomUUID(),
  };
  /** @type {mls.Credential} */
  const credential = { credentialType: "basic", identity: canonical(identity) };
  const packages = await generateKeyPackageWithKey(
    credential,
    CAPABILITIES,
    LIFETIME,
    [],
    { signKey, publicKey },
    suite,
  );
  const shown = {
    identity,
    seed: b64u(seed),
    key_package: encodeKeyPackage(packages.publicPackage),
  };
  return { name, shown, ...packages };
}

/** @param {mls.ClientState} state */
async function groupInfo(state) {
  const info = await createGroupInfoWithExternalPubAndRatchetTree(state, [], suite);
  return encode({ version: "mls10", wireformat: "mls_group_info", groupInfo: info });
}

/**
 * @param {mls.ClientState} state
 * @param {mls.Proposal[]} extraProposals
 */
async function commit(state, extraProposals) {
  const made = await createCommit(
    { state, cipherSuite: suite },
    {
      wireAsPublicMessage: true,
      ratchetTreeExtension: true,
      extraProposals,
      authenticatedData: commitData(),
    },
  );
  if (made.commit.wireformat !== "mls_public_message") throw new Error("not a public commit");
  const { welcome } = made;
  const bytes = {
    commit: encode(made.commit),
    welcome:
      welcome === undefined
        ? null
        : encode({ version: "mls10", wireformat: "mls_welcome", welcome }),
    group_info: await groupInfo(made.newState),
  };
  return { state: made.newState, message: made.commit.publicMessage, welcome, bytes };
}

/**
 * @param {mls.ClientState} state
 * @param {mls.PublicMessage} message
 */
async function receive(state, message) {
  const psks = makePskIndex(state, {});
  return (await processPublicMessage(state, message, psks, suite)).newState;
}

/**
 * @param {mls.Welcome | undefined} welcome
 * @param {{ publicPackage: mls.KeyPackage, privatePackage: mls.PrivateKeyPackage }} device
 */
async function join(welcome, device) {
  if (welcome === undefined) throw new Error("no welcome");
  const { publicPackage, privatePackage } = device;
  return joinGroup(welcome, publicPackage, privatePackage, emptyPskIndex, suite);
}

/**
 * @param {{ publicPackage: mls.KeyPackage }} device
 * @returns {mls.Proposal}
 */
const add = (device) => ({ proposalType: "add", add: { keyPackage: device.publicPackage } });

/**
 * @param {number} removed
 * @returns {mls.Proposal}
 */
const remove = (removed) => ({ proposalType: "remove", remove: { removed } });

const [ana, ben, cam, dan, eva] = await Promise.all([
  makeDevice("ana"),
  makeDevice("ben"),
  makeDevice("cam"),
  makeDevice("dan"),
  makeDevice("eva"),
]);

const created = await createGroup(GROUP_ID, ana.publicPackage, ana.privatePackage, [], suite);
const first = await groupInfo(created);

const adds = await commit(created, [add(ben), add(cam)]);
const ben1 = await join(adds.welcome, ben);
const cam1 = await join(adds.welcome, cam);

// Two renew their keys at once: the first at the server wins, the other is stale.
const update = await commit(ben1, []);
const competing = await commit(cam1, []);
const ana2 = await receive(adds.state, update.message);
const cam2 = await receive(cam1, update.message);

const addsOne = await commit(cam2, [add(dan)]);
const ana3 = await receive(ana2, addsOne.message);
const dan3 = await join(addsOne.welcome, dan);

const removes = await commit(dan3, [remove(1)]);
const ana4 = await receive(ana3, removes.message);

// cam has lost her state: she joins from outside and removes her former leaf.
const outside = decodeMlsMessage(Buffer.from(removes.bytes.group_info, "base64url"), 0)?.[0];
if (outside?.wireformat !== "mls_group_info") throw new Error("not a GroupInfo");
const rejoin = await joinGroupExternal(
  outside.groupInfo,
  cam.publicPackage,
  cam.privatePackage,
  true,
  suite,
  undefined,
  undefined,
  commitData(),
);
const ana5 = await receive(ana4, rejoin.publicMessage);

const messageData = canonical({ v: 1, client_msg_id: randomUUID() });
const plaintext = new TextEncoder().encode("hola");
const sent = await createApplicationMessage(ana5, plaintext, suite, messageData);

// What our policy refuses, at epoch 5. Each is a sound commit of RFC 9420.
const both = await commit(ana5, [remove(3), add(eva)]);
const proposed = await createProposal(ana5, true, remove(3), suite);
const byReference = await commit(proposed.newState, []);
const extensions = await commit(ana5, [
  { proposalType: "group_context_extensions", groupContextExtensions: { extensions: [] } },
]);

const session = {
  about: "One group's life in ts-mls 1.6.4, suite 1. Made by make-framing-vectors.mjs; b64u.",
  made_at: Number(NOW),
  group_id: b64u(GROUP_ID),
  devices: Object.fromEntries([ana, ben, cam, dan, eva].map(({ name, shown }) => [name, shown])),
  first_group_info: first,
  steps: [
    { what: "adds two", ...adds.bytes },
    { what: "renews a key", ...update.bytes },
    { what: "adds one", ...addsOne.bytes },
    { what: "removes", ...removes.bytes },
    {
      what: "resyncs",
      commit: encode({
        version: "mls10",
        wireformat: "mls_public_message",
        publicMessage: rejoin.publicMessage,
      }),
      welcome: null,
      group_info: await groupInfo(rejoin.newState),
    },
  ],
  competing: { after_step: 0, ...competing.bytes },
  message: encode({
    version: "mls10",
    wireformat: "mls_private_message",
    privateMessage: sent.privateMessage,
  }),
  refused: {
    "add-and-remove": both.bytes,
    "proposal-by-reference": byReference.bytes,
    "group-context-extensions-proposal": extensions.bytes,
  },
};
writeFileSync(OUTPUT, `${JSON.stringify(session, null, 1)}\n`);
