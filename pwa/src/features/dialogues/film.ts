import type { Dialogue } from "../../api/wire";
import { forGood, read, write } from "../../head/keys";

/** waiting: on its way. shown: it runs. absent: it does not come now, and is asked for again. unfit: this browser plays none. */
export type FilmState = "waiting" | "shown" | "absent" | "unfit";

/** Whether there is one to be seen: one that is kept with us is made ready first. */
export const hasFilm = ({ film_url, film }: Pick<Dialogue, "film_url" | "film">): boolean => film_url !== undefined || film?.state === "ready";

const TEXT_ONLY = "natpatrull-text-only";
const HLS = "application/vnd.apple.mpegurl";
/** A film that did not come is asked for again after so long, or up to twice that. */
const AGAIN_MS = 5000;

interface Network {
  saveData?: boolean;
  effectiveType?: string;
}

/** What was chosen on this phone; else without a film where the phone saves data or its network is thin. */
export function textOnly(network = (navigator as { connection?: Network }).connection): boolean {
  const chosen = read(forGood, TEXT_ONLY);
  return chosen === null ? network?.saveData === true || /2g$/.test(network?.effectiveType ?? "") : chosen === "1";
}

export const chooseTextOnly = (on: boolean): void => write(forGood, TEXT_ONLY, on ? "1" : "0");

/** iPhones play it themselves, with its captions; what other browsers have of their own leaves those out. */
const playsItself = (video: HTMLVideoElement): boolean => video.canPlayType(HLS) !== "" && (!("MediaSource" in window) || navigator.vendor.startsWith("Apple"));

type Told = (state: FilmState) => void;
const later = (then: () => void): (() => void) => {
  const timer = setTimeout(then, AGAIN_MS * (1 + Math.random()));
  return () => clearTimeout(timer);
};

/** Plays a film in this element, and goes on by itself when it did not come. Gives the way to end it. */
export async function play(video: HTMLVideoElement, url: string, told: Told): Promise<() => void> {
  return playsItself(video) ? playItself(video, url, told) : playByParts(video, url, told);
}

function playItself(video: HTMLVideoElement, url: string, told: Told): () => void {
  const stop = new AbortController();
  let wait = () => {};
  const start = () => {
    video.src = url;
    void video.play().catch(() => undefined);
  };
  const failed = () => {
    told("absent");
    wait = later(start);
  };
  const captions = () => {
    const [track] = video.textTracks;
    if (track) track.mode = "showing";
  };
  const { signal } = stop;
  video.addEventListener("error", failed, { signal });
  video.addEventListener("playing", () => told("shown"), { signal });
  video.textTracks.addEventListener("addtrack", captions, { signal });
  start();
  return () => {
    stop.abort();
    wait();
    video.removeAttribute("src");
    video.load();
  };
}

async function playByParts(video: HTMLVideoElement, url: string, told: Told): Promise<() => void> {
  const { default: Hls } = await import("hls.js");
  if (!Hls.isSupported()) {
    told("unfit");
    return () => {};
  }
  // A worker of its own would come from no address, which the page's policy does not take. Little is fetched ahead, for many pay by weight.
  const hls = new Hls({ enableWorker: false, maxBufferLength: 20, backBufferLength: 30, capLevelToPlayerSize: true, abrEwmaDefaultEstimate: 300_000 });
  let wait = () => {};
  hls.subtitleDisplay = true;
  hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => {
    hls.subtitleTrack = 0;
  });
  hls.on(Hls.Events.FRAG_BUFFERED, () => told("shown"));
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR) return hls.recoverMediaError();
    told("absent");
    wait();
    wait = later(() => hls.loadSource(url));
  });
  hls.attachMedia(video);
  hls.loadSource(url);
  void video.play().catch(() => undefined);
  return () => {
    wait();
    hls.destroy();
  };
}

/** Whether this moment stands in what can be shown now. */
export function canSeek({ seekable }: { seekable: Pick<TimeRanges, "length" | "start" | "end"> }, seconds: number): boolean {
  return Array.from({ length: seekable.length }, (_, i) => i).some((i) => seekable.start(i) <= seconds && seconds <= seekable.end(i));
}
