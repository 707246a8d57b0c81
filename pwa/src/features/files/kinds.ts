import { PIECE } from "../../sync/files";

/** What the server takes of a youth. It judges by content, as this phone does: a name is only what somebody called a file. */
export const TYPES = [
  "image/jpeg",
  "image/png",
  "image/webp",
  "image/gif",
  "image/heic",
  "video/mp4",
  "video/webm",
  "video/quicktime",
  "audio/mpeg",
  "audio/mp4",
  "audio/ogg",
  "audio/wav",
  "application/pdf",
  "text/plain",
  "application/zip",
];
/** And of an officer. */
export const BARE_TYPES = ["image/jpeg", "image/png", "image/webp"];
/** What pickers are told: some phones know these by their ending alone. */
export const PICKED = [...TYPES, ".heic", ".mov", ".m4a", ".txt", ".csv", ".json", ".zip"];

/** What the server takes of one file. */
const LARGEST = 100 * 1024 * 1024;

/** Why a file was not taken, in a word that the screen has a text for. */
export class Unfit extends Error {
  constructor(readonly why: "type" | "size" | "locked") {
    super(why);
  }
}

/** The type of a file that may be sent. What the server would refuse is told before it is on its way. */
export async function judged(file: Blob): Promise<string> {
  if (file.size > LARGEST) throw new Unfit("size");
  const type = await typeOf(file);
  if (type === null) throw new Unfit("type");
  if (await isLocked(file, type)) throw new Unfit("locked");
  return type;
}

/** How a file shows itself. */
export type Form = "picture" | "film" | "sound" | "document";

export function formOf(media_type: string): Form {
  const [form] = media_type.split("/");
  return form === "image" ? "picture" : form === "video" ? "film" : form === "audio" ? "sound" : "document";
}

/** Enough for what stands at the beginning of a WebM, the last to say what it is. */
const FACE = 512;
const latin = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");

const FACES: [RegExp, string][] = [
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^\x89PNG\r\n\x1a\n/, "image/png"],
  [/^GIF8[79]a/, "image/gif"],
  [/^RIFF.{4}WEBP/s, "image/webp"],
  [/^.{4}ftyp(hei[cx]|(mif1|msf1).{4,64}heic)/s, "image/heic"],
  [/^.{4}ftypM4A/s, "audio/mp4"],
  [/^.{4}ftyp(avc1|dash|iso[2-6m]|mmp4|mp4[12v]|mp71|MSNV|M4V)/s, "video/mp4"],
  [/^.{4}(ftypqt  |moov|mdat|.{8}mdat)/s, "video/quicktime"],
  [/^\x1a\x45\xdf\xa3.{0,250}\x42\x82\x84webm/s, "video/webm"],
  [/^(ID3|\xff[\xfb\xf3\xf2])/, "audio/mpeg"],
  [/^OggS/, "audio/ogg"],
  [/^RIFF.{4}WAVE/s, "audio/wav"],
  [/^%PDF-/, "application/pdf"],
  [/^PK(\x03\x04|\x05\x06)/, "application/zip"],
];
/** Documents and programs are zips too, and are not taken as such. */
const PACKED_DOCUMENT = /^PK.{28}(\[Content_Types\]|_rels\/|docProps\/|word\/|xl\/|ppt\/|mimetype|META-INF\/|AndroidManifest)/s;
/** Text that a browser or a machine would carry out. */
const PAGE = /^(\xef\xbb\xbf)?\s*(#!|%!|%pdf|\{\\rtf|<!|<\?|<(html|head|body|svg|script|iframe|style|title|table|div|math))/i;

/** What a file is, as the server will find; nothing, if it is none that is taken. */
export async function typeOf(file: Blob): Promise<string | null> {
  const face = latin(await file.slice(0, FACE).arrayBuffer());
  const type = FACES.find(([known]) => known.test(face))?.[1];
  if (type === "application/zip" && PACKED_DOCUMENT.test(face)) return null;
  // Recorders write sound alone into the same box as film.
  if (type === "video/mp4" && file.type.startsWith("audio/")) return "audio/mp4";
  if (type !== undefined) return type;
  const saysOtherwise = /^(image|video|audio)\//.test(file.type);
  return !saysOtherwise && !PAGE.test(face) && (await isText(file)) ? "text/plain" : null;
}

/** A PDF says so somewhere, and a zip at its first file; what looks open here and is not is refused by the server. */
async function isLocked(file: Blob, type: string): Promise<boolean> {
  if (type === "application/zip") return /^PK\x03\x04..[\x01\x03\x05\x07\x09\x0b\x0d\x0f]/s.test(latin(await file.slice(0, 7).arrayBuffer()));
  if (type !== "application/pdf") return false;
  const lock = "/Encrypt";
  const letters = new TextDecoder("latin1");
  for (let at = 0; at < file.size; at += PIECE) {
    // Over the edge of the piece as well.
    if (letters.decode(await file.slice(at, at + PIECE + lock.length).arrayBuffer()).includes(lock)) return true;
  }
  return false;
}

async function isText(file: Blob): Promise<boolean> {
  const letters = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      const bytes = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
      if (bytes.includes(0)) return false;
      letters.decode(bytes, { stream: true });
    }
    letters.decode();
    return file.size > 0;
  } catch {
    return false;
  }
}
