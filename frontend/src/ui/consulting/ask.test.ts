// @vitest-environment happy-dom
/** Whom one can ask about a request: the focal points that the directory has now, or whom else to call. */

import { cleanup, screen, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { fixtureClient } from "../../../tests/ui/fixture";
import { drawn } from "../../../tests/ui/mounted";
import type { ShownPerson } from "../client";
import { Hub } from "../hub.svelte";
import { t } from "../words";
import AskDialog from "./AskDialog.svelte";

let stop: () => void = () => undefined;
afterEach(() => {
  cleanup();
  stop();
});

const person = (id: string, change: Partial<ShownPerson>): ShownPerson => ({
  ...{ id, name: id, state: "MX", office: `Oficina de ${id}`, telephone: "", post: "" },
  ...{ languages: [], roles: ["liaison"], functions: [], status: "in-force", valid_until: null },
  ...{ fictional: true, stopped: null, verified: true },
  ...change,
});
const ANA = person("Ana", { functions: ["focal-point"] });
const LUZ = person("Luz", { functions: ["focal-point"] });
const CENTRAL = person("Rosa", { roles: ["central-authority"], telephone: "+52 55 5000 0001" });

/** The dialog about a request to Mexico, and the way to have another directory under it. */
function opened(people: ShownPerson[]) {
  const hub = new Hub(fixtureClient("central"));
  stop = hub.follow();
  const request = hub.view.requests.find((one) => one.id === "r1");
  if (request === undefined) throw new Error("the fixture has no request");
  hub.view = { ...hub.view, people };
  drawn(AskDialog, hub, {
    request: { ...request, requestedState: "MX" },
    summary: "",
    onclose: () => undefined,
  });
  return {
    hub,
    dialog: within(screen.getByRole("dialog", { name: t("consult.title") })),
    become: async (now: ShownPerson[]) => {
      hub.view = { ...hub.view, people: now };
      await tick();
    },
  };
}

describe("whom the dialog lets one ask", () => {
  it("are focal points in force, with what each is; whoever is none any more is not asked", async () => {
    const { dialog, become } = opened([ANA, LUZ, CENTRAL]);
    expect(dialog.queryByText(/Rosa/)).toBeNull();
    const ana = dialog.getByRole<HTMLInputElement>("checkbox", { name: /Ana/ });
    expect(ana.closest("label")?.textContent).toContain(t("role.focalPoint"));
    ana.click();
    await tick();
    expect(ana.checked).toBe(true);
    await become([{ ...ANA, functions: [] }, LUZ, CENTRAL]);
    expect(dialog.queryByRole("checkbox", { name: /Ana/ })).toBeNull();
    expect(dialog.getByText(t("consult.missingPeople"))).toBeTruthy();
    await become([ANA, LUZ, CENTRAL]);
    expect(dialog.getByRole("checkbox", { name: /Ana/ })).toBeTruthy();
  });

  it("may be nobody: then it says whom to call, and leads to that State's page", () => {
    const { dialog, hub } = opened([CENTRAL]);
    const told = dialog
      .getByText(t("consult.nobody", { state: hub.stateName("MX") }))
      .closest("div");
    expect(told?.textContent).toContain("+52 55 5000 0001");
    expect(told?.querySelector("a[href='/directorio/estados/MX']")).toBeTruthy();
  });
});
