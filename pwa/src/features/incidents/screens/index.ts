export { Incident } from "./Incident";
export { Join } from "./Join";
