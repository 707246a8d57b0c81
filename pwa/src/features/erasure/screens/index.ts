export { Asked } from "./Asked";
export { RemoveReport, RemoveTalk } from "./Remove";
