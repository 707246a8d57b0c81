export { Tell } from "./Tell";
export { Reports, Report } from "./Reports";
