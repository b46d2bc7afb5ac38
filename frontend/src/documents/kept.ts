/**
 * What is written for the drafters and stays with them: it is in no DOCX and in no PDF.
 *
 * Notes, origins, overrides and findings are not among the answers, so no document can hold them anyway.
 */

/** Whole sections: what was judged, asked informally, compared, received from others, followed up. */
const SECTIONS: ReadonlySet<string> = new Set([
  "judgement",
  "followup",
  "consultation",
  "coordination",
  "information",
]);

const FIELDS: ReadonlySet<string> = new Set([
  // the requested State may be the one the person fled (Protocol 16, 19(1)): never told by a form
  "persons.asylum_seeker",
  "protection.data_to_origin_state",
  // tags and answers that only serve the checks
  "facts.tags",
  "facts.informal_marked",
  "offences.tags",
  "measures.recent_facts",
  "assurances.expected_refusal",
  "assurances.sensitivity_considered",
  "central_authority.to_checked_on",
  "channel.belize_guide_checked",
  "channel.unconfirmed_treaty_binds",
  "preservation.not_needed_reason",
]);

export const staysWithDrafters = (section: string, key?: string): boolean =>
  SECTIONS.has(section) || (key !== undefined && FIELDS.has(`${section}.${key}`));
