export { More } from "./More";
export { Open } from "./Open";
export { Devices } from "./Devices";
export { Talks } from "../../chat/screens/Talks";
