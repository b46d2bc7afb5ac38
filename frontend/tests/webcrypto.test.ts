/** The scenarios' WebCrypto says of everything what Node's says, only sooner. */

import { describe, expect, it } from "vitest";
import { lessWasteful } from "./webcrypto";

const { subtle } = crypto;
const OWN = ["digest", "sign", "verify", "encrypt", "decrypt", "importKey"] as const;
const node = Object.fromEntries(
  OWN.map((name) => [name, (subtle[name] as (...a: never[]) => unknown).bind(subtle)]),
) as Pick<SubtleCrypto, (typeof OWN)[number]>;
lessWasteful();

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const SIZES = [0, 1, 15, 16, 17, 1_000];

/** What a call comes to: bytes, an answer, or the name and words of its error. */
async function outcome(call: () => Promise<ArrayBuffer | boolean>): Promise<unknown> {
  try {
    const answer = await call();
    return typeof answer === "boolean" ? answer : new Uint8Array(answer);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

async function same(call: (by: typeof node) => Promise<ArrayBuffer | boolean>): Promise<unknown> {
  const ours = await outcome(() => call(subtle));
  expect(ours).toEqual(await outcome(() => call(node)));
  return ours;
}

const hmac = (hash: string, uses: KeyUsage[] = ["sign"]) =>
  node.importKey("raw", random(32), { name: "HMAC", hash }, false, uses);
const aes = (bytes: number, uses: KeyUsage[] = ["encrypt", "decrypt"]) =>
  node.importKey("raw", random(bytes), "AES-GCM", false, uses);

it("stands in for Node's own", () => {
  for (const name of OWN) expect(subtle[name]).not.toBe(SubtleCrypto.prototype[name]);
});

describe("digests and signatures", () => {
  it("are the same of the same bytes, in whatever holds them", async () => {
    for (const size of SIZES) {
      const held = random(size + 7);
      for (const hash of ["SHA-256", { name: "SHA-256" }, "SHA-512", "MD5"])
        for (const data of [held, held.subarray(3), new DataView(held.buffer, 2), held.buffer])
          await same((by) => by.digest(hash, data));
    }
  });

  it("are HMAC's under SHA-256 and others, and refused to a key of another use", async () => {
    const keys = [await hmac("SHA-256"), await hmac("SHA-512"), await hmac("SHA-256", ["verify"])];
    for (const key of keys)
      for (const size of SIZES) {
        const data = random(size);
        await same((by) => by.sign("HMAC", key, data));
        await same((by) => by.sign("Ed25519", key, data));
      }
  });

  it("are Ed25519's, and hold for nothing else", async () => {
    const pair = (await subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
    for (const size of SIZES) {
      const data = random(size);
      const signature = (await same((by) => by.sign("Ed25519", pair.privateKey, data))) as never;
      const held = await same((by) => by.verify("Ed25519", pair.publicKey, signature, data));
      expect(held).toBe(true);
      for (const wrong of [random(64), random(63), random(0)])
        expect(await same((by) => by.verify("Ed25519", pair.publicKey, wrong, data))).toBe(false);
      await same((by) => by.verify("Ed25519", pair.privateKey, signature, data));
      await same((by) => by.sign("Ed25519", pair.publicKey, data));
    }
  });
});

describe("seals of AES-GCM", () => {
  it("close and open alike, at every length of key", async () => {
    for (const key of [await aes(16), await aes(24), await aes(32)])
      for (const size of SIZES)
        for (const additionalData of [undefined, random(9)]) {
          const how = {
            name: "AES-GCM",
            iv: random(12),
            ...(additionalData && { additionalData }),
          };
          const plain = random(size);
          const box = (await same((by) => by.encrypt(how, key, plain))) as Uint8Array<ArrayBuffer>;
          expect(await same((by) => by.decrypt(how, key, box))).toEqual(plain);
        }
  });

  it("do not open once they were changed, for anything else, or by whom they are not for", async () => {
    const key = await aes(16);
    const how = { name: "AES-GCM", iv: random(12), additionalData: random(5) };
    const box = new Uint8Array(await node.encrypt(how, key, random(40)));
    const other = await aes(16);
    const refused = [
      () => same((by) => by.decrypt(how, key, box.with(3, (box[3] ?? 0) ^ 1))),
      () => same((by) => by.decrypt(how, key, box.with(-1, (box.at(-1) ?? 0) ^ 1))),
      () => same((by) => by.decrypt(how, key, box.subarray(0, 9))),
      () => same((by) => by.decrypt({ ...how, additionalData: random(5) }, key, box)),
      () => same((by) => by.decrypt({ ...how, iv: random(12) }, key, box)),
      () => same((by) => by.decrypt(how, other, box)),
    ];
    for (const one of refused) expect(await one()).toMatch(/^OperationError/);
    const sealer = await aes(16, ["encrypt"]);
    const opener = await aes(16, ["decrypt"]);
    expect(await same((by) => by.decrypt(how, sealer, box))).toMatch(/^InvalidAccessError/);
    expect(await same((by) => by.encrypt(how, opener, box))).toMatch(/^InvalidAccessError/);
  });

  it("have the nonces and tags that are asked for", async () => {
    const key = await aes(32);
    for (const size of [0, 8, 16])
      await same((by) => by.encrypt({ name: "AES-GCM", iv: new Uint8Array(size) }, key, random(0)));
    for (const tagLength of [96, 128, 7])
      await same((by) =>
        by.encrypt({ name: "AES-GCM", iv: new Uint8Array(12), tagLength }, key, random(0)),
      );
  });
});

describe("private keys", () => {
  it("are read once, and given out by nobody who may not", async () => {
    for (const [name, uses] of [
      ["Ed25519", ["sign"]],
      ["X25519", ["deriveBits"]],
    ] as const) {
      const pair = (await subtle.generateKey(name, true, uses)) as CryptoKeyPair;
      const pkcs8 = await subtle.exportKey("pkcs8", pair.privateKey);
      const read = (extractable: boolean) =>
        subtle.importKey("pkcs8", pkcs8, name, extractable, [...uses]);
      const [open, shut] = [await read(true), await read(false)];
      expect(await read(true)).toBe(open);
      expect(new Uint8Array(await subtle.exportKey("pkcs8", open))).toEqual(new Uint8Array(pkcs8));
      await expect(subtle.exportKey("pkcs8", shut)).rejects.toThrow();
      expect([open.extractable, shut.extractable]).toEqual([true, false]);
      expect(shut.usages).toEqual(uses);
    }
  });

  it("that are none are refused, every time", async () => {
    for (const bytes of [random(48), random(47), random(0)])
      for (let time = 0; time < 2; time += 1) {
        const asked = () => subtle.importKey("pkcs8", bytes, "Ed25519", false, ["sign"]);
        await expect(asked()).rejects.toThrow();
      }
  });
});
