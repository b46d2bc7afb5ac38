import { describe, expect, test } from "vitest";
import list from "../../../casehub/directory/data/fingerprint-words.json";
import { THREAD_WORDS, threadWords } from "./threadWords";

const of = (last: number) => {
  const authenticator = new Uint8Array(32);
  authenticator[31] = last;
  return threadWords(authenticator);
};

describe("the words of a thread", () => {
  test("are eight of the list, the same each time", async () => {
    const words = await of(0);
    expect(words).toHaveLength(THREAD_WORDS);
    for (const word of words) expect(list.words).toContain(word);
    expect(await of(0)).toEqual(words);
  });

  test("are others where one bit is another", async () => {
    const [here, there] = [await of(0), await of(1)];
    expect(here.filter((word, at) => word === there[at]).length).toBeLessThan(THREAD_WORDS / 2);
  });
});
