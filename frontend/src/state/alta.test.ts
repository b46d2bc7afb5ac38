import { describe, expect, it } from "vitest";
import { type AltaFacts, STEPS, stepOf } from "./alta";

const NOTHING: AltaFacts = {
  signedIn: false,
  invited: false,
  confirmed: false,
  passkeys: 0,
  passkeysWanted: 2,
  onePasskey: false,
  keyHere: false,
  keyOffered: false,
  wordsRead: false,
  kitProven: false,
  rulesAccepted: false,
  bound: false,
};

/** What is done, one thing after the other, and the step that is next then. */
const WAY: readonly [Partial<AltaFacts>, ReturnType<typeof stepOf>][] = [
  [{}, "code"],
  [{ invited: true }, "found"],
  [{ confirmed: true }, "passkey"],
  [{ signedIn: true, passkeys: 1 }, "second"],
  [{ passkeys: 2 }, "key"],
  [{ keyHere: true }, "key"],
  [{ keyOffered: true }, "words"],
  [{ wordsRead: true }, "kit"],
  [{ kitProven: true }, "rules"],
  [{ rulesAccepted: true }, "waiting"],
  [{ bound: true }, "active"],
];

describe("The enrolment", () => {
  it("goes one step after the other", () => {
    let facts = NOTHING;
    for (const [done, next] of WAY) {
      facts = { ...facts, ...done };
      expect(stepOf(facts)).toBe(next);
    }
  });

  it("knows all its steps", () => {
    expect(new Set(WAY.map(([, step]) => step))).toEqual(new Set(STEPS));
  });

  it("after a reload begins with the code only while nobody is signed in", () => {
    expect(stepOf({ ...NOTHING, signedIn: true, passkeys: 1 })).toBe("second");
  });

  it("goes on with one passkey if the person says so", () => {
    expect(stepOf({ ...NOTHING, signedIn: true, passkeys: 1, onePasskey: true })).toBe("key");
  });

  it("offers the key again if the server holds another one", () => {
    const facts = { ...NOTHING, signedIn: true, passkeys: 2, keyHere: true, wordsRead: true };
    expect(stepOf(facts)).toBe("key");
  });

  it("makes no second key in a further browser of somebody whose key counts", () => {
    const facts = { ...NOTHING, signedIn: true, passkeys: 2, keyOffered: true, bound: true };
    expect(stepOf(facts)).toBe("active");
  });

  it("is not over by a binding alone: the kit and the rules come first", () => {
    const facts = { ...NOTHING, signedIn: true, passkeys: 2, keyHere: true, keyOffered: true };
    expect(stepOf({ ...facts, bound: true, wordsRead: true })).toBe("kit");
  });
});
