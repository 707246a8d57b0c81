import { useSignal } from "@preact/signals";
import { Icon, useTask } from "../../../design";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import type { Post } from "../queries";
import { titleOf } from "./words";

/** The link to a post, by the phone's own way where it has one. It says nothing of who shares it. */
export function Share({ post }: { post: Post }) {
  const { error, run } = useTask();
  const copied = useSignal(false);
  const url = `${location.origin}/posts/${post.post_id}`;
  const shares = "share" in navigator;
  const share = () =>
    void run(async () => {
      copied.value = false;
      if (!shares) {
        await navigator.clipboard.writeText(url);
        copied.value = true;
        return;
      }
      try {
        await navigator.share({ title: inWords(titleOf(post), locale.value, false).text, url });
      } catch (failure) {
        // Whoever changes her mind has not failed.
        if (!(failure instanceof DOMException && failure.name === "AbortError")) throw failure;
      }
    });
  return (
    <div class="block">
      <button type="button" class="button plain" onClick={share}>
        <Icon name={shares ? "send" : "copy"} />
        {shares ? m.share() : m.post_link_copy()}
      </button>
      <div role="status">{copied.value && <p class="small">{m.post_link_copied()}</p>}</div>
      {error !== null && (
        <label class="field">
          {m.post_link_by_hand()}
          <input type="text" readOnly value={url} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </div>
  );
}
