export { Lead } from "./Lead";
export { Staff } from "./Staff";
