/** Files of messages that are carried to a court: named beforehand, and never there themselves. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { b64u, sha256, utf8 } from "../../src/bytes";
import { ask, begin } from "./courtRoom";
import { say } from "./said";
import { Shelf } from "./shelf";
import { texts, until, World } from "./world";

let world: World;
beforeEach(async () => {
  world = await World.make();
});
afterEach(() => world.close());

it("stand there by their fingerprint alone, and of what is held back not even that", async () => {
  const [shelf, api] = [new Shelf(), world.service.api.bind(world.service)];
  world.service.api = (person) => ({ ...api(person), attachments: shelf.routes() });
  const { ana, boris, circle, all } = await begin(world);
  const send = async (who: typeof ana, text: string, name: string, terms: object = {}) => {
    const file = await who.client.attach(circle, new File(["una foto"], name));
    let phase = "";
    const stop = who.client.onUploads(circle, ([one]) => {
      phase = one?.phase ?? phase;
    });
    await until("it is up", () => phase === "ready");
    stop();
    await who.client.send(circle, text, undefined, { files: [file], ...terms });
    for (const one of all) {
      await until("it is read", async () => (await texts(one.client, circle)).includes(text));
    }
  };
  await send(ana, "Va la foto", "casa.png");
  await send(boris, "Y esta, que no salga", "testigo.png", { handling: { codes: ["court"] } });
  await say(ana, all, circle, "Sin archivo");
  const survey = await ask(ana, circle);
  const digest = b64u.encode(await sha256(utf8.encode("una foto")));
  expect(survey.files).toEqual([{ name: "casa.png", size: 8, sha256: digest }]);
  // The rest of what stays is no message: what the circle itself did.
  expect([...survey.held].filter(([why]) => why !== "beside")).toEqual([["code", 1]]);
});
