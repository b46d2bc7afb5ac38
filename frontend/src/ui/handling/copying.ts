/** What is copied of what somebody wrote takes its terms along, and whose it is. */

/** For `oncopy` of what holds the words: each of them names its line in `data-terms`. */
export function withTerms(event: ClipboardEvent & { currentTarget: Element }): void {
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed || !event.clipboardData) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-terms]")];
  const terms = rows.flatMap((row) =>
    selection.containsNode(row, true) && row.dataset.terms ? [row.dataset.terms] : [],
  );
  if (terms.length === 0) return;
  event.preventDefault();
  const text = [selection.toString(), ...new Set(terms)].join("\n");
  event.clipboardData.setData("text/plain", text);
}
