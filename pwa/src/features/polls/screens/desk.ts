import "../../../design/polls.css";
export { PlannedPolls } from "./Planned";
export { WritePoll } from "./Write";
