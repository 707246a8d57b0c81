export { More } from "./More";
export { Open } from "./Open";
export { Devices } from "./Devices";
export { Safe } from "./Safe";
export { Shared } from "./Shared";
export { Talks } from "../../chat/screens/Talks";
