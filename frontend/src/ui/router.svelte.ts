/** The History router: the address bar, and nothing else, says which page is drawn. */

import { type Route, routeOf } from "./routes";

class Router {
  #path = $state(location.pathname);
  readonly route: Route = $derived(routeOf(this.#path));

  /** Listen to Back, Forward and to clicks on our own links; returns the way to stop. */
  listen(): () => void {
    const moved = (): void => {
      this.#path = location.pathname;
    };
    const clicked = (event: MouseEvent): void => {
      if (event.defaultPrevented || event.button !== 0) return;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link === null || link.target !== "" || link.hasAttribute("download")) return;
      if (link.origin !== location.origin || link.hash !== "") return;
      event.preventDefault();
      this.go(link.pathname);
    };
    addEventListener("popstate", moved);
    document.addEventListener("click", clicked);
    return () => {
      removeEventListener("popstate", moved);
      document.removeEventListener("click", clicked);
    };
  }

  go(path: string, how: "push" | "replace" = "push"): void {
    if (path === location.pathname) return;
    if (how === "push") history.pushState(null, "", path);
    else history.replaceState(null, "", path);
    this.#path = path;
  }
}

export const router = new Router();
