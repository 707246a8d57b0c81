import { useState } from "preact/hooks";
import { halfWritten, write } from "./halfWritten";
import type { MessageRow } from "./queries";

/** A message that did not go, as it is being changed: its new words stand among the half-written ones until they are sent. */
export function useChanged({ conversation_id, action_id, text: before }: MessageRow) {
  const place = `${conversation_id}/changed/${action_id}`;
  const changed = halfWritten(place);
  const [begun, begin] = useState(false);
  const editing = begun || changed !== "";
  return {
    editing,
    text: editing ? changed : before,
    edit: () => {
      begin(true);
      write(place, before);
    },
    set: (text: string) => {
      begin(true);
      write(place, text);
    },
    over: () => {
      begin(false);
      write(place, "");
    },
  };
}
