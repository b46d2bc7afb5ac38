/** A record that comes under the id of another is none: no hand is put under what was not asked for. */

import { describe, expect, it } from "vitest";
import { chain, directory, dossier, MARIO, NADIA, proposed, signed } from "../../../tests/moves";
import { type Dossier, type NextMove, NOTHING_SAID } from "../../api/dossiers";
import { Unreachable } from "../../api/errors";
import type { Deps } from "../deps";
import type { Opened } from "../opening";
import { dossierActs, type Tries } from "./acts";

const [AUTHORISED] = await chain();
/** One's own request, and the sound record of another one with which a host answers. */
const ASKED = dossier(AUTHORISED ? [AUTHORISED] : [], { version: 1, digest: "ab", number: 2 });
const OTHER = { ...ASKED, id: "99999999-9999-4999-8999-999999999999" };
const TRANSMIT: NextMove = {
  act: "transmit",
  after: "transmitted",
  side: "requesting",
  who: ["central-authority"],
};

/** An officer's page before a host that answers so, and the ids of what it was sent. */
function page(answers: () => Promise<Dossier>, state = "SV") {
  const sent: string[] = [];
  const answered = (_id: string, body?: { client_id?: string }) => {
    sent.push(body?.client_id ?? "");
    return answers();
  };
  const names = ["read", "move", "propose", "confirm", "decline"];
  const dossiers = Object.fromEntries(names.map((name) => [name, answered]));
  const deps = {
    api: { dossiers },
    clock: () => Date.parse("2026-11-24T15:00:00Z"),
    random: { uuid: () => crypto.randomUUID() },
  } as unknown as Deps;
  const identity = { signOther: async () => "AA" };
  const acts = dossierActs(deps, {
    guarded: (act) => act(),
    letting: (act) => act(),
    opened: async () => ({ identity, person: { id: NADIA } }) as unknown as Opened,
    state: () => state,
    roles: () => ["central-authority"],
    desk: () => null,
    replayed: async () =>
      directory() as Awaited<ReturnType<Parameters<typeof dossierActs>[1]["replayed"]>>,
  });
  return { acts, sent };
}

const BEGUN = { by: MARIO, number: 4, act: "begin", before: "acknowledged", after: "in_execution" };
const EXECUTE = { act: "execute", before: "in_execution", after: "executed" };
const SAID = { ...NOTHING_SAID, measures: [0, 1] };

/** A request that is executed, and what waits there for its second hand. */
async function waiting(): Promise<Dossier> {
  const steps = [...(await chain()), await signed(BEGUN)];
  const move = await signed({ ...EXECUTE, by: MARIO, number: 5, said: SAID });
  const proposal = await proposed(move);
  return dossier(steps, { version: 1, digest: "ab", number: 5, proposal });
}

describe("the record of another request", () => {
  const untrue = { code: "record-untrue" };

  it("is not read for the one that was asked", async () => {
    await expect(page(async () => OTHER).acts.read(ASKED.id)).rejects.toMatchObject(untrue);
    expect(await page(async () => ASKED).acts.read(ASKED.id)).toBe(ASKED);
  });

  it("is no answer to a step, proposed or done, nor to what is said of it", async () => {
    const asked = page(async () => OTHER);
    const move = asked.acts.move(ASKED, TRANSMIT, "2026-11-24", saying("paper"));
    await expect(move).rejects.toMatchObject(untrue);
    const { acts, sent } = page(async () => OTHER, "MX");
    const found = await waiting();
    const execute: NextMove = {
      ...TRANSMIT,
      ...{ act: "execute", after: "executed", side: "requested" },
    };
    const wanted = { ...found, proposal: null };
    await expect(acts.move(wanted, execute, "2026-11-24", SAID)).rejects.toMatchObject(untrue);
    await expect(acts.confirm(found)).rejects.toMatchObject(untrue);
    await expect(acts.decline(found, "not-done")).rejects.toMatchObject(untrue);
    expect(sent).toHaveLength(3);
  });

  it("says nothing of whether a step is there: it is tried again as it was signed", async () => {
    let answer = async () => OTHER;
    const { acts, sent } = page(() => answer());
    const tries: Tries = { unanswered: null, onSigned: async () => undefined };
    const move = () => acts.move(ASKED, TRANSMIT, "2026-11-24", saying("paper"), tries);
    await expect(move()).rejects.toMatchObject(untrue);
    answer = () => Promise.reject(new Unreachable("lost"));
    await expect(move()).rejects.toThrow("lost");
    expect(sent[1]).toBe(sent[0]);
  });
});

const saying = (channel: string) => ({ ...NOTHING_SAID, channel, language: "es" });
