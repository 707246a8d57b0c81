export { Tell } from "./Tell";
export { Reports, Report } from "./Reports";
// It shows reports too; each part more is a name more that the worker carries.
export { UnsentPage } from "../../unsent/screens";
