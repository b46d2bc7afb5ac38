/** The interface against fixtures: every screen without a server, for looking and for axe. */

import { mount } from "svelte";
import "../../src/app.css";
import App from "../../src/ui/App.svelte";
import { preferences } from "../../src/ui/preferences.svelte";
import { fetchWords } from "../../src/ui/words";
import { ALTA_SCENES } from "./alta";
import { fixtureClient } from "./fixture";
import type { Scene } from "./scenes";

const SCENES: readonly Scene[] = [
  "anonymous",
  "password",
  "full",
  "long",
  "many",
  "given",
  "files",
  "empty",
  "week",
  "offline",
  "clock",
  "frozen",
  "named",
  "auditor",
  "audit-red",
  "regional",
  "coordinator",
  "ministry",
  "officer",
  "central",
  "forged",
  "reminded",
  ...ALTA_SCENES,
];
const asked = new URLSearchParams(location.search).get("scene");
const scene = SCENES.find((item) => item === asked) ?? "full";

const target = document.querySelector("#app");
const client = fixtureClient(scene);
// What a test in a browser looks at, and does in the place of the other persons.
Object.assign(window, { gallery: client });
await fetchWords(preferences.language);
if (target !== null) mount(App, { target, props: { client } });
