export { PlannedTips } from "./Planned";
export { RecallTip } from "./Recall";
export { WriteTip } from "./Write";
