export { ReportRecord, TalkRecord } from "./Record";
export { Records } from "./Records";
