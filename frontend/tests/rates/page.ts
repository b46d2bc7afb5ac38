/** How fast the engine works in a browser: groups in memory, as its own tests have them. */

import { utf8 } from "../../src/bytes";
import { type Client, Town } from "../mls/clients";

const TEXT = "El vehículo cruzó la frontera a las 03:40 con once personas a bordo. ".repeat(4);

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

async function let_in(people: Client[], newcomer: Client): Promise<number> {
  const [first, ...others] = people;
  if (first === undefined) throw new Error("nobody is there");
  const sent = await first.commit({ add: [await newcomer.keyPackage()] });
  let longest = 0;
  for (const other of others) {
    longest = Math.max(longest, await timed(() => other.receive(sent.commit)));
  }
  if (sent.welcome === null || sent.welcome === undefined) throw new Error("no welcome");
  await newcomer.join(sent.welcome);
  return longest;
}

/** A fixed piece of work of the same kind: SHA-256 over 1 MiB, so that figures can be compared. */
async function measure(): Promise<number> {
  const bytes = new Uint8Array(1 << 20);
  return timed(async () => {
    for (let round = 0; round < 20; round += 1) await crypto.subtle.digest("SHA-256", bytes);
  });
}

async function bench(messages: number, rounds: number) {
  const town = new Town();
  const people = [await town.client("p0")];
  await people[0]?.create(utf8.encode("group"));
  for (let number = 1; number < 10; number += 1) {
    const newcomer = await town.client(`p${number}`);
    await let_in(people, newcomer);
    people.push(newcomer);
  }
  const [ana, boris] = people;
  if (ana === undefined || boris === undefined) throw new Error("nobody is there");
  const loop = [await measure()];
  const sent: Uint8Array[] = [];
  const encrypt = await timed(async () => {
    for (let number = 0; number < messages; number += 1) sent.push(await ana.say(TEXT));
  });
  loop.push(await measure());
  const decrypt = await timed(async () => {
    for (const message of sent) await boris.hear(message);
  });
  loop.push(await measure());
  const eleventh = { commit: [] as number[], process: [] as number[], join: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const newcomer = await town.client(`n${round}`);
    const keyPackage = await newcomer.keyPackage();
    let made: Awaited<ReturnType<Client["commit"]>> | undefined;
    eleventh.commit.push(
      await timed(async () => {
        made = await ana.commit({ add: [keyPackage] });
      }),
    );
    if (!made?.welcome) throw new Error("no welcome");
    const { commit, welcome } = made;
    eleventh.process.push(await timed(() => boris.receive(commit)));
    eleventh.join.push(await timed(() => newcomer.join(welcome)));
    const leaf = newcomer.info.ownLeaf;
    const gone = await ana.commit({ remove: [leaf] });
    await boris.receive(gone.commit);
  }
  return { encrypt, decrypt, eleventh, loop };
}

Object.assign(globalThis, { bench });
