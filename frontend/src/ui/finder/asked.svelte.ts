/** What was last looked for, so that the way back from a message leads to it: in memory alone. */

class Asked {
  text = $state("");
  person = $state("");
  /** Empty, the id of a case, or a circle. */
  where = $state("");
  /** Days as a date field has them; empty for none. */
  from = $state("");
  to = $state("");

  get narrowed(): boolean {
    return [this.person, this.where, this.from, this.to].some((one) => one !== "");
  }

  widen(): void {
    this.person = this.where = this.from = this.to = "";
  }

  clear(): void {
    this.text = "";
    this.widen();
  }
}

export const asked = new Asked();
