import "../../../design/polls.css";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../../../i18n";
import { now } from "../../../i18n/time";
import { polls as read, votes, openVotes } from "../../polls/queries";
import { isCounted } from "../../polls/read";
import { Asked } from "../../polls/screens/One";
import type { Poll } from "../queries";
import { takesVotes } from "../room";

/** What the room asks all who follow: open ones first. Counts are seen once this phone has voted, or when it is closed. */
export function RoomPolls({ polls, over, heading = "h2" }: { polls: Poll[]; over: boolean; heading?: "h2" | "h3" }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (polls.length > 0) void openVotes(polls).catch(() => undefined);
  }, [polls.map(({ poll_id, revision }) => poll_id + revision).join()]);
  if (polls.length === 0) return null;
  // What was counted after a vote from here is newer than what the room told all.
  const known = polls.map((poll) => {
    const own = votes.value[poll.poll_id] && read.value.find((one) => one.poll_id === poll.poll_id);
    return own && !isCounted(poll) ? own : poll;
  });
  const open = new Set(over ? [] : polls.filter((poll) => takesVotes(poll, now.value)).map(({ poll_id }) => poll_id));
  const isOpen = ({ poll_id }: Poll) => open.has(poll_id);
  return (
    <section class="block" aria-label={m.room_polls()} ref={box} tabIndex={-1}>
      {[...known].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.opens_at.localeCompare(a.opens_at)).map((poll) => (
        <Asked key={poll.poll_id} poll={poll} open={isOpen(poll)} heading={heading} time={isOpen(poll) ? m.room_poll_open() : m.room_poll_closed()} then={() => box.current?.focus({ preventScroll: true })} />
      ))}
    </section>
  );
}
