/** What a browser keeps of letters: all of it is known to what takes it away with its request. */

import { expect, it } from "vitest";
import { browser, FOUND, NOTHING, reader, scene } from "../../../tests/letters";
import { ofLetters, placeOf, writtenAbout } from "../../store/circle";

/** A file that was sent, and fetched again. */
async function compared(by: Awaited<ReturnType<typeof browser>>): Promise<void> {
  const place = placeOf(FOUND.id, "home");
  const file = await by.uploads.attach(place, new File(["Oficio"], "oficio.pdf"));
  let isReady = false;
  const stop = by.uploads.onUploads(place, (now) => {
    isReady = now.some(({ phase }) => phase === "ready");
  });
  await expect.poll(() => isReady).toBe(true);
  stop();
  const letter = await by.write(FOUND, "home", { ...NOTHING, text: "", files: [file] });
  await by.read(FOUND, "home");
  const end = async () => undefined;
  const how = { signal: new AbortController().signal, progress: () => undefined };
  const at = { request: FOUND.id, audience: "home", letter: letter ?? "" } as const;
  await by.fetchFile(at, file, { write: end, close: end, abort: end }, how);
}

it("lies under the beginnings of names that go with a request", async () => {
  const { server, people, all } = await scene();
  server.atHome = [reader(all()[0])];
  const hers = await browser(all()[0], server, people);
  const place = placeOf(FOUND.id, "acknowledge");
  await compared(hers);
  server.isDown = true;
  await hers.write(FOUND, "free", { ...NOTHING, text: "Espera" });
  hers.keep(FOUND.id, "acknowledge", { ...NOTHING, text: "A medias" });
  await hers.flush();
  await hers.uploads.attach(place, new File(["Estado de cuenta"], "cuenta.pdf"));
  const names = async () =>
    (await hers.disk.range({ from: "", to: "\uffff" }))
      .map(({ key }) => key)
      .filter((key) => key !== "head");
  await expect.poll(async () => (await names()).length).toBe(5);
  const beginnings = ofLetters(FOUND.id);
  const found = await names();
  expect(found.filter((key) => !beginnings.some((one) => key.startsWith(one)))).toEqual([]);
  expect(beginnings.filter((one) => !found.some((key) => key.startsWith(one)))).toEqual([]);
  expect(found.map(writtenAbout).sort()).toEqual([FOUND.id, FOUND.id, FOUND.id, null, null]);
});
