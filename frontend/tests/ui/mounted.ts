/** A component of the page by itself, with what every component may ask. */

import { render } from "@testing-library/svelte";
import type { Component } from "svelte";
import { type Hub, provideHub } from "../../src/ui/hub.svelte";

/** Draw `what` with these properties as it is drawn under a page with this hub. */
export function drawn<Props extends Record<string, unknown>>(
  what: Component<Props>,
  hub: Hub,
  props = {} as Props,
) {
  const under = ((anchor) => {
    provideHub(hub);
    return what(anchor, props);
  }) as Component;
  return render(under, { context: new Map() });
}

/** Choose a picture in the first field that takes one. */
export function choosePicture(): void {
  const input = document.querySelector<HTMLInputElement>("input[type=file]");
  if (input === null) throw new Error("nothing takes a picture");
  Object.defineProperty(input, "files", { value: [new Blob(["picture"])], configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
