import { otherSide } from "../../app/Banners";
import { me } from "../identity/queries";

/** Where a link leads that officers give away: our own address, and in a demo the youths' side of it. */
export const youthsHome = (): string => (me.peek()?.demo ? otherSide(true) : location.origin);
