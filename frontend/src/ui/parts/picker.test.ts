// @vitest-environment happy-dom
/** Whoever chooses people sees what each of them is, once, and finds them by it. */

import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { Person } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import PeoplePicker from "./PeoplePicker.svelte";

afterEach(cleanup);

const person = (id: string, change: Partial<Person>): Person => ({
  ...{ id, name: id, state: "MX", office: "FGR", telephone: "", post: "", languages: [] },
  ...{ roles: ["liaison"], functions: [], status: "in-force", valid_until: null },
  ...{ fictional: true, stopped: null },
  ...change,
});

it("says what each is beside where they work, and finds them by it", async () => {
  const people = [
    person("Ana", { post: "Liaison prosecutor", functions: ["focal-point"] }),
    person("Rosa", { post: "Head of unit", roles: ["central-authority"] }),
  ];
  drawn(PeoplePicker, new Hub(fixtureClient("full")), {
    ...{ legend: "x", people, chosen: [], several: true, searchable: true },
    onchange: () => undefined,
  });
  const lines = () => screen.getAllByRole("checkbox").map((one) => one.closest("label"));
  const words = lines().map((one) => one?.textContent?.replace(/\s+/g, " ").trim());
  expect(words[0]).toBe(`Ana FGR · ${t("role.liaison")} and ${t("role.focalPoint")}`);
  expect(words[1]).toBe(`Rosa Head of unit · ${t("role.centralAuthority")}`);
  await fireEvent.input(screen.getByRole("searchbox"), {
    target: { value: t("role.focalPoint") },
  });
  expect(lines()).toHaveLength(1);
});
