// @vitest-environment happy-dom
/** Where the keyboard is in a dialog after an act in it, and after the dialog. */

import { cleanup, render, screen } from "@testing-library/svelte";
import { type Component, createRawSnippet, flushSync } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import type { ShownError } from "../errors";
import Failure from "./Failure.svelte";
import Modal from "./Modal.svelte";

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

const WRONG: ShownError = { code: "unreachable", message: "No network", do: "Try again" };
const nothing = () => undefined;

/** A dialog with one button in it, which is busy while `closable` is false. */
function dialog(title: string, act: string) {
  const children = createRawSnippet(() => ({ render: () => `<button>${act}</button>` }));
  return render(Modal, { title, onclose: nothing, children, closable: true });
}
const button = (name: string) => screen.getByText(name) as HTMLButtonElement;

/** As a browser does with a button that can no longer be pressed. */
function barred(name: string): void {
  button(name).blur();
  button(name).disabled = true;
}

describe("a failure", () => {
  const alert = () => screen.getByRole("alert");

  it("takes the focus where it stands in a dialog, and each time anew", async () => {
    const box = document.body.appendChild(document.createElement("div"));
    box.setAttribute("role", "dialog");
    const { rerender } = render(Failure, { error: WRONG }, { baseElement: box });
    expect(document.activeElement).toBe(alert());
    alert().blur();
    await rerender({ error: { ...WRONG } });
    expect(document.activeElement).toBe(alert());
  });

  it("takes it from nothing that is typed on a page", () => {
    render(Failure as Component<{ error: ShownError }>, { error: WRONG });
    expect(alert().textContent).toContain("No network");
    expect(document.activeElement).toBe(document.body);
  });
});

describe("the keyboard", () => {
  it("goes on at what was pressed once the act in a dialog that stays is over", async () => {
    const { rerender } = dialog("Documents", "Make");
    button("Make").focus();
    await rerender({ closable: false });
    barred("Make");
    expect(document.activeElement).toBe(document.body);
    button("Make").disabled = false;
    await rerender({ closable: true });
    expect(document.activeElement).toBe(button("Make"));
  });

  it("goes on at the heading of that dialog where what was pressed cannot be pressed again", async () => {
    const { rerender } = dialog("Documents", "Make");
    button("Make").focus();
    await rerender({ closable: false });
    barred("Make");
    await rerender({ closable: true });
    expect(document.activeElement).toBe(button("Documents"));
  });

  it.each([
    ["where it was", nothing, "Make"],
    ["at its heading, where that cannot be pressed now", () => barred("Make"), "Documents"],
  ])("goes on in the dialog below another one, %s", (_, before, at) => {
    const page = document.body.appendChild(document.createElement("main"));
    page.innerHTML = "<h1 tabindex=-1 data-heading>Page</h1>";
    dialog("Documents", "Make");
    button("Make").focus();
    before();
    const above = dialog("Confirm that it is you", "Confirm");
    button("Confirm").focus();
    above.unmount();
    flushSync();
    expect(document.activeElement).toBe(button(at));
  });
});
