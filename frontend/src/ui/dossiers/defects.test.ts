// @vitest-environment happy-dom
/** Which rules a defect usually comes from, and that whoever sends a request back ticks them. */

import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import moves from "../../api/moves.json";
import type { Book } from "../../rules/book";
import rulebook from "../../rules/rulebook.json";
import { t } from "../words";
import DefectRules from "./DefectRules.svelte";
import { DEFECTS, rulesOfDefects } from "./defects";

afterEach(cleanup);

describe("the rules of defects", () => {
  it("are there for each code of a defect that a return has", () => {
    expect(DEFECTS).toEqual(moves.acts.return.codes);
    expect(DEFECTS.filter((one) => rulesOfDefects([one]).length === 0)).toEqual([]);
  });

  it("are rules of the rulebook", () => {
    const known = new Set(rulebook.rules.map(({ id }) => id));
    expect(rulesOfDefects(DEFECTS).filter((id) => !known.has(id))).toEqual([]);
  });

  it("are those of the chosen defects, in their order, each once", () => {
    expect(rulesOfDefects(["D05", "R01", "D02", "D05"])).toEqual([
      ...rulesOfDefects(["D02"]),
      ...rulesOfDefects(["D05"]),
    ]);
    expect(rulesOfDefects([])).toEqual([]);
  });
});

describe("whoever sends a request back", () => {
  const book = rulebook as unknown as Book;
  const shown = (codes: readonly string[], chosen: readonly string[] = [], requested = "CA") => {
    const ontoggle = vi.fn();
    render(DefectRules, { codes, requested, book, chosen, ontoggle });
    return ontoggle;
  };

  it("reads what each rule says, and ticks those that it is about", async () => {
    const ontoggle = shown(["D05"], ["LANG-ANNEXES"]);
    const boxes = screen.getAllByRole<HTMLInputElement>("checkbox");
    expect(boxes.map((one) => one.checked)).toEqual([false, true, false]);
    const first = screen.getByRole("checkbox", { name: /^.{20,} LANG-ACCEPTED$/ });
    await fireEvent.click(first);
    expect(ontoggle.mock.lastCall).toEqual(["LANG-ACCEPTED"]);
  });

  it("is asked nothing while no defect is chosen", () => {
    shown([]);
    expect(screen.queryByText(t("move.defectRules"))).toBeNull();
  });

  it("is proposed no rule that is of another State alone", () => {
    shown(["D02"], [], "PA");
    expect(screen.queryByText("NEXUS-CA-GROUNDS")).toBeNull();
    expect(screen.queryByText("NEXUS-US-CONTENT")).toBeNull();
    expect(screen.getByText("NEXUS-STATED")).toBeTruthy();
  });
});
