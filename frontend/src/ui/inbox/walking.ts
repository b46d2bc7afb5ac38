/** The way from one thread with something unread to the next, by keyboard. */

import type { Hub } from "../hub.svelte";
import { offer } from "../keys";
import { notices } from "../notices.svelte";
import { router } from "../router.svelte";
import { paths } from "../routes";
import { t } from "../words";
import { type Here, unreadFrom } from "./inbox";

/** Offer j and k to whoever is `here`; returns the way to withdraw them. */
export function offerUnread(hub: Hub, here: () => Here): () => void {
  const step = (by: 1 | -1): void => {
    const found = unreadFrom(hub.view.cases, hub.view.notes, here(), by);
    if (found === null) notices.say(t("unread.noOther"));
    else router.go(paths.thread(found.reference, found.thread.circle));
  };
  return offer({ next: () => step(1), previous: () => step(-1) });
}
