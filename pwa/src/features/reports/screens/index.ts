export { FromTalk } from "./FromTalk";
export { Tell } from "./Tell";
export { Reports, Report } from "./Reports";
export { Guide, Guides } from "./Guides";
export { Parents } from "./Parents";
export { readDocuments } from "../documents";
// It shows reports too; each part more is a name more that the worker carries.
export { UnsentPage } from "../../unsent/screens";
