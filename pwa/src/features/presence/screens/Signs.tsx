import { useEffect } from "preact/hooks";
import { m } from "../../../i18n";
import { me } from "../../identity/queries";
import { useLook } from "../../quarters/useLook";
import type { Conversation } from "../../chat/queries";
import { give, signsIn, wrote } from "../signs";

const LOOK_MS = 5_000;

/** It comes and goes without a word: a screen reader reads it where it stands, and is told of nothing. */
const Line = ({ words }: { words: string[] }) => (words.length > 0 ? <p class="small">{words.join(" · ")}</p> : null);

/** `newest`: the last message of the other side. */
type Props = { talk: Conversation; newest: string | undefined };

const useWords = ({ talk, newest }: Props) => {
  const id = talk.conversation_id;
  useEffect(() => wrote(id), [id, newest]);
  return signsIn(id);
};

/** To the youth: that the officer who has her talk writes. */
export function WritesToYou(props: Props) {
  const holder = props.talk.holder;
  const writes = useWords(props).some(({ kind, public_number }) => kind === "typing" && public_number === holder);
  return <Line words={writes && holder ? [m.sign_writes({ number: holder })] : []} />;
}

/** To officers: who else looks, and whether somebody writes. The colleagues are told that one looks as long as one does. */
export function AtThisTalk(props: Props) {
  const id = props.talk.conversation_id;
  useLook(LOOK_MS, () => give(id, "looking"), id);
  const own = me.value?.public_number;
  const signs = useWords(props);
  const numbers = (what: string) => signs.flatMap(({ kind, public_number }) => (kind === what && public_number && public_number !== own ? [public_number] : []));
  const writing = numbers("typing");
  const looking = numbers("looking").filter((number) => !writing.includes(number));
  const words = [
    ...(signs.some(({ kind, public_number }) => kind === "typing" && !public_number) ? [m.sign_youth_writes()] : []),
    ...writing.map((number) => m.sign_writes({ number })),
    ...(looking.length > 0 ? [m.sign_looks({ numbers: looking.sort().join(", ") })] : []),
  ];
  return <Line words={words} />;
}
