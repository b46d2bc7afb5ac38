/** Who may read a thread, told otherwise: wherever the server says it, of one thread or of all. */

import { type Answered, type Asked, json, saying } from "./proxy";

type Info = { entitled: { person: string; devices: string[] }[] };
type Infos = { threads: (Info & { thread: string })[] };

/** Null where the answer says nothing of that thread. */
export function entitledOtherwise(
  { method, path }: Pick<Asked, "method" | "path">,
  answered: Answered,
  thread: string,
  change: (entitled: Info["entitled"]) => Info["entitled"],
): Answered | null {
  if (method !== "GET") return null;
  if (path === `/api/threads/${thread}`) {
    const info = json<Info>(answered);
    return info?.entitled ? saying(answered, { ...info, entitled: change(info.entitled) }) : null;
  }
  if (path !== "/api/threads" && !path.startsWith("/api/threads?")) return null;
  const page = json<Infos>(answered);
  if (!page?.threads?.some((one) => one.thread === thread)) return null;
  const threads = page.threads.map((one) =>
    one.thread === thread ? { ...one, entitled: change(one.entitled) } : one,
  );
  return saying(answered, { ...page, threads });
}
