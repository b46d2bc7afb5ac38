/** The History router: the address bar, and nothing else, says which page is drawn. */

import { type Route, routeOf } from "./routes";

class Router {
  #path = $state(location.pathname);
  /** What stands behind the question mark: how a list is narrowed, and what is open in it. */
  search = $state(location.search);
  readonly route: Route = $derived(routeOf(this.#path));

  /** Listen to Back, Forward and to clicks on our own links; returns the way to stop. */
  listen(): () => void {
    const moved = (): void => {
      this.#path = location.pathname;
      this.search = location.search;
    };
    const clicked = (event: MouseEvent): void => {
      if (event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link === null || link.target !== "" || link.hasAttribute("download")) return;
      if (link.origin !== location.origin || link.hash !== "") return;
      event.preventDefault();
      this.go(link.pathname + link.search);
    };
    addEventListener("popstate", moved);
    document.addEventListener("click", clicked);
    return () => {
      removeEventListener("popstate", moved);
      document.removeEventListener("click", clicked);
    };
  }

  go(path: string, how: "push" | "replace" = "push"): void {
    if (path === location.pathname + location.search) return;
    if (how === "push") history.pushState(null, "", path);
    else history.replaceState(null, "", path);
    this.#path = location.pathname;
    this.search = location.search;
  }
}

export const router = new Router();
