import "../../../design/posts.css";
export { CorrectPost } from "./Correct";
export { PlannedPosts } from "./Planned";
export { WritePost } from "./Write";
