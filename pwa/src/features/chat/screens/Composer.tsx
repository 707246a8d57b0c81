import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { halfWritten, sent, write } from "../halfWritten";

const LIMIT = 4000;

type Props = {
  place: string;
  label?: string;
  send: (text: string, saved: () => void) => Promise<unknown>;
  big?: boolean;
  typing?: () => void;
  beside?: ComponentChildren;
  full?: boolean;
};

/** `full`: there is something to send without words, which stands `beside` them. */
export function Composer({ place, label, send, big, typing, beside, full }: Props) {
  const text = halfWritten(place);
  const { busy, error, run } = useTask();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const left = LIMIT - [...text].length;
  const ready = (full || text.trim() !== "") && left >= 0 && !busy;

  const submit = async () => {
    if (!ready) return;
    // Emptied only once the message is safe on the phone, and then at once: nobody is to find it there a second time.
    await run(() => send(text.trim(), () => sent(place, text)));
    field.current?.focus();
  };

  return (
    <form
      class={big ? "composer big" : "composer"}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label class={big ? "strong" : "sr"} for={id}>
        {label ?? m.composer_label()}
      </label>
      <div class="composer-row">
        {beside}
        <textarea
          id={id}
          ref={field}
          rows={big ? 3 : 1}
          value={text}
          placeholder={big ? m.composer_placeholder() : m.composer_more()}
          aria-describedby={left < 400 ? `${id}-left` : undefined}
          aria-invalid={left < 0}
          autocomplete="off"
          onInput={(event) => (write(place, event.currentTarget.value), typing?.())}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
          }}
        />
        <button
          type="submit"
          class="send"
          disabled={!ready}
          // The keyboard of a phone stays up between two messages.
          onMouseDown={(event) => event.preventDefault()}
        >
          <Icon name="send" />
          <span class={big ? undefined : "sr"}>{m.composer_send()}</span>
        </button>
      </div>
      {left < 400 && (
        <p id={`${id}-left`} class="small">
          {m.composer_left({ count: left })}
        </p>
      )}
      {error !== null && (
        <p class="small wrong" role="alert">
          {m.composer_failed()}
        </p>
      )}
    </form>
  );
}
