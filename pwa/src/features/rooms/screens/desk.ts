export { Invites } from "./Invites";
export { Posters, Sheet } from "./Posters";
