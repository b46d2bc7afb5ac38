// @vitest-environment happy-dom
/** Which rules one is let choose from, and that the list follows what is typed. */

import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import type { Book } from "../../rules/book";
import rulebook from "../../rules/rulebook.json";
import { t } from "../words";
import RulePick from "./RulePick.svelte";

afterEach(cleanup);

it("offers the rules that can concern the request, and of them those that are typed", async () => {
  const book = rulebook as unknown as Book;
  render(RulePick, { id: "r", book, requested: "PA", value: "LANG-ACCEPTED" });
  const select = screen.getByLabelText<HTMLSelectElement>(t("consult.rule"));
  const ids = () => [...select.options].map(({ value }) => value).filter((one) => one !== "");
  const all = ids();
  expect(all).toContain("NEXUS-STATED");
  expect(all).not.toContain("NEXUS-CA-GROUNDS");
  await fireEvent.input(screen.getByLabelText(t("consult.findRule")), {
    target: { value: "nexus-stated" },
  });
  // What was chosen stays, whatever is typed.
  expect(ids().sort()).toEqual(["LANG-ACCEPTED", "NEXUS-STATED"]);
  expect(select.value).toBe("LANG-ACCEPTED");
});
