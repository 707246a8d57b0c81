import "../../../design/rooms.css";
import { useRef, useState } from "preact/hooks";
import { Icon, useTask } from "../../../design";
import { m } from "../../../i18n";

/** A link to be sent on by hand. Where the browser refuses to copy it, it stands there and is marked. */
export function CopyLink({ link, label, share = false }: { link: string; label: string; share?: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const { run } = useTask();
  const copy = () =>
    void run(async () => {
      await navigator.clipboard.writeText(link).then(
        () => setCopied(true),
        () => field.current?.select(),
      );
    });
  return (
    <div class="block">
      <label class="field">
        {label}
        <input ref={field} readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <div class="row">
        <button type="button" class="button plain" onClick={copy}>
          <Icon name="copy" />
          {copied ? m.copied() : m.copy()}
        </button>
        {share && typeof navigator.share === "function" && (
          // Whoever thinks better of it has not failed.
          <button type="button" class="button plain" onClick={() => void navigator.share({ url: link }).catch(() => undefined)}>
            <Icon name="send" />
            {m.share()}
          </button>
        )}
      </div>
      <span class="sr" role="status">
        {copied && m.copied()}
      </span>
    </div>
  );
}
