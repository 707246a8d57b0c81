/** A youth's screens of how she came here. */
export { Room } from "./Room";
export { Who } from "./Who";
