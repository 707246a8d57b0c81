import { useEffect, useRef } from "preact/hooks";
import { Stale } from "../../../app/Stale";
import { m } from "../../../i18n";
import { when } from "../../../i18n/time";
import { online } from "../../../sync/state";
import { asOf, enter } from "../queries";

/** Looks at a room for as long as its screen stands; gives the way to ask for it anew. */
export function useRoom(id: string): () => void {
  const again = useRef(() => {});
  useEffect(() => {
    const at = enter(id);
    again.current = at.again;
    return at.leave;
  }, [id, online.value]);
  return () => again.current();
}

/** How old what stands is, where nothing newer comes. */
export const Known = ({ again }: { again: () => void }) => (asOf.value === null ? null : <Stale text={m.dialogue_as_of({ when: when(asOf.value) })} again={again} />);
