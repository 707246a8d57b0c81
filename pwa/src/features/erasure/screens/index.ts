export { Asked } from "./Asked";
export { RemoveReport, RemoveTalk } from "./Remove";
// What one may ask of the police stands in one part: each part more is a name more that the worker carries.
export { MyData } from "../../copies/screens";
