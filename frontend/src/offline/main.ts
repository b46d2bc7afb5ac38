/** The page that checks bundles: one file, opened from a disk, without a network. */

import { mount } from "svelte";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import Page from "./Page.svelte";

const target = document.querySelector("#app");
if (target === null) throw new Error("the page has no #app");
mount(Page, { target });
