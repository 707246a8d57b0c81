import { effect } from "@preact/signals";
import { self } from "../../sync/mirror";
import { visible } from "../../sync/state";
import { conversations } from "../chat/queries";
import { prefs, wanted } from "./queries";

/** On the app's icon: in how many talks there is an answer that she has not read. Whoever wants no notices of answers gets none of this. */
effect(() => {
  // While nobody sees the page the worker counts too, and may know less.
  if (!visible.value) return;
  const wants = wanted.value && prefs.value?.replies && self.value?.role === "youth";
  void navigator.setAppBadge?.(wants ? conversations.value.filter((talk) => talk.unread).length : 0).catch(() => undefined);
});
