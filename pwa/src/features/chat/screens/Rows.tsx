export { RefusedReports } from "../../reports/screens/RefusedReports";
export { TalkRows } from "./TalkRow";
