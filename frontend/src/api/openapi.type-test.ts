/**
 * What the server's OpenAPI document promises is what our parsers expect: checked when compiling.
 *
 * `openapi.d.ts` is made from docs/reference/openapi.json (`npm run api`), which the server prints
 * from its own routes. A field that changes there and not here is a compile error below.
 */

import type { GenericSchema, InferInput } from "valibot";
import { consultations } from "./consultations";
import { calendars, deadlines } from "./deadlines";
import * as designations from "./designations";
import * as devices from "./devices";
import { digest } from "./digest";
import * as directory from "./directory";
import * as enrolment from "./enrolment";
import { indicators } from "./indicators";
import * as notes from "./notes";
import type { components } from "./openapi";
import * as oversight from "./oversight";
import * as wire from "./schema";

type Server = components["schemas"];

/** Compiles only if everything that the server may send is something that `_parser` may be given. */
function takes<Sent>() {
  return <Parser extends GenericSchema>(
    _parser: Sent extends InferInput<Parser> ? Parser : never,
  ): void => undefined;
}

takes<Server["SessionOut"]>()(wire.session);
takes<Server["DeadlineOut"][]>()(deadlines);
takes<Server["CalendarOut"][]>()(calendars);
takes<Server["DigestOut"]>()(digest);
takes<Server["FactorsOut"]>()(wire.factors);
takes<Server["TotpOfferOut"]>()(wire.totpOffer);
takes<Server["OwnSessionOut"][]>()(wire.ownSessions);
takes<Server["OptionsOut"]>()(wire.options);
takes<Server["CodesOut"]>()(wire.codes);
takes<Server["TicketOut"]>()(wire.ticket);
takes<Server["ShareOut"]>()(wire.share);
takes<Server["NoteOut"][]>()(notes.notes);
takes<Server["OpinionCircleOut"][]>()(consultations);
takes<Server["StateOut"][]>()(wire.states);
takes<Server["CardOut"][]>()(wire.people);
takes<Server["CardOut"][]>()(directory.cards);
takes<Server["OpenedCard"]>()(directory.opened);
takes<Server["Printed"]>()(directory.printed);
takes<Server["OfficeCard"][]>()(directory.offices);
takes<Server["ContactOut"]>()(directory.contact);
takes<Server["FigureOut"][]>()(directory.figures);
takes<Server["DirectoryPage"]>()(wire.directoryPage);
takes<Server["DeviceId"]>()(wire.device);
takes<Server["OwnDevice"][]>()(devices.devices);
takes<Server["InvitationOut"]>()(enrolment.invitation);
takes<Server["EnrolmentOut"]>()(enrolment.enrolment);
takes<Server["DeviceRequestOut"][]>()(devices.deviceRequests);
takes<Server["RulesOut"]>()(wire.rules);
takes<Server["BackupOut"]>()(wire.backup);
takes<Server["BackupKeptOut"]>()(wire.backupKept);
takes<Server["CaseOut"]>()(wire.caseFile);
takes<Server["Stock"]>()(wire.keyPackageCount);
takes<Server["ClaimOut"]>()(wire.claimed);
takes<Server["MovedOut"]>()(wire.accepted);
takes<Server["ThreadState"]>()(wire.threadInfo);
takes<Server["ThreadStates"]>()(wire.threadInfos);
takes<Server["EntryOut"]>()(wire.entry);
takes<Server["WelcomeOut"][]>()(wire.welcomes);
takes<Server["GroupInfoOut"]>()(wire.groupInfo);
takes<Server["RequestOut"][]>()(wire.requests);
takes<Server["VersionRow"][]>()(wire.versionRows);
takes<Server["VersionOut"]>()(wire.versionBody);
takes<Server["AttestationOut"][]>()(wire.attestations);
takes<Server["QueryOut"]>()(oversight.query);
takes<Server["PageOut"]>()(oversight.page);
takes<Server["OpenedOut"]>()(oversight.entry);
takes<Server["FiguresOut"]>()(oversight.figures);
takes<Server["ExportOut"]>()(oversight.exported);
takes<Server["ChunkOut"]>()(oversight.piece);
takes<Server["ViewOut"][]>()(oversight.views);
takes<Server["UnmaskingOut"][]>()(oversight.unmaskings);
takes<Server["IntegrityOut"]>()(oversight.integrity);
takes<Server["OfficeOut"][]>()(oversight.offices);
takes<Server["AuditsOut"]>()(oversight.audits);
takes<Server["IndicatorsOut"]>()(indicators);
takes<Server["StatisticsOut"]>()(oversight.statistics);
takes<Server["PlayerOut"][]>()(wire.demoPeople);
takes<Server["CodeOut"]>()(wire.demoCode);
takes<Server["KeyOut"]>()(wire.identityKey);
takes<Server["DesignationRow"][]>()(designations.designationRows);
takes<Server["DesignationOut"]>()(designations.designation);
takes<Server["EnrolmentCodeOut"]>()(designations.enrolmentCode);
takes<Server["ReinstatementOut"]>()(designations.reinstatement);
takes<Server["DirectoryStandingOut"]>()(designations.directoryStanding);
takes<Server["StateNoticeOut"][]>()(designations.stateNotices);
takes<Server["OfficeCard"][]>()(designations.stateOffices);
