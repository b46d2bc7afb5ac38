// @vitest-environment happy-dom
/** What nothing undoes is done by whoever means it, and not by whoever clicks twice out of habit. */

import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { t } from "../words";
import SureButton from "./SureButton.svelte";

afterEach(cleanup);

const words = "Retirar";
const again = t("sure.again", { act: words });

function drawn(more: { again?: string } = {}) {
  const onsure = vi.fn();
  render(SureButton, { words, onsure, ...more });
  return { onsure, button: screen.getByRole("button") };
}

describe("a button for what nothing undoes", () => {
  it("asks at the first press, and does it at the second", async () => {
    const { button, onsure } = drawn();
    await fireEvent.click(button);
    expect([button.textContent, onsure.mock.calls.length]).toEqual([again, 0]);
    expect(screen.getByRole("status").textContent).toBe(again);
    await fireEvent.click(button);
    expect([button.textContent, onsure.mock.calls.length]).toEqual([words, 1]);
  });

  it("takes a double click for one press", async () => {
    const { button, onsure } = drawn();
    await fireEvent.click(button, { detail: 1 });
    await fireEvent.click(button, { detail: 2 });
    expect([button.textContent, onsure.mock.calls.length]).toEqual([again, 0]);
    await fireEvent.click(button, { detail: 1 });
    expect(onsure).toHaveBeenCalledTimes(1);
  });

  it("has forgotten the first press once somebody went elsewhere", async () => {
    const { button, onsure } = drawn();
    await fireEvent.click(button);
    await fireEvent.blur(button);
    expect(button.textContent).toBe(words);
    await fireEvent.click(button);
    expect(onsure).not.toHaveBeenCalled();
  });

  it("asks in words of its own where it has some", async () => {
    const { button } = drawn({ again: "Retirar para siempre" });
    await fireEvent.click(button);
    expect(button.textContent).toBe("Retirar para siempre");
  });
});
