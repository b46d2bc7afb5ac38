// @vitest-environment happy-dom
/** A safety number that was compared, and another one that comes in its place. */

import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { choosePicture } from "../../../tests/ui/mounted";
import { t } from "../words";
import CompareNumber from "./CompareNumber.svelte";
import { readPicture } from "./comparing";

vi.mock("./comparing", async (original) => ({
  ...(await original<typeof import("./comparing")>()),
  readPicture: vi.fn(),
}));

const NUMBER = "099290047896079646624692541012454414325983106304440267365669";
const OTHER = `1${NUMBER.slice(1)}`;
afterEach(cleanup);

async function read(text: string, number: string) {
  vi.mocked(readPicture).mockResolvedValue(text);
  const shown = render(CompareNumber, { number });
  choosePicture();
  await vi.waitFor(() => expect(screen.getByRole("status").textContent?.trim()).not.toBe(""));
  return shown;
}

describe("what was read from a picture", () => {
  it("is the same number only as long as that is the number", async () => {
    const { rerender } = await read(NUMBER, NUMBER);
    screen.getByText(t("safety.matches"));
    await rerender({ number: OTHER });
    expect(screen.queryByText(t("safety.matches"))).toBeNull();
    screen.getByText(t("safety.differs"));
  });

  it("is said to be no number where it is none", async () => {
    await read("https://example.org", NUMBER);
    screen.getByText(t("safety.unread"));
  });
});
