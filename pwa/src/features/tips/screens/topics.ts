import { m } from "../../../i18n";
import type { Topic } from "../queries";

export const topics: Topic[] = ["scams", "images", "threats", "meetups", "hate", "recruitment", "well-being"];

const names: Record<string, () => string> = {
  scams: m.topic_scams,
  images: m.topic_images,
  threats: m.topic_threats,
  meetups: m.topic_meetups,
  hate: m.topic_hate,
  recruitment: m.topic_recruitment,
  "well-being": m.topic_well_being,
};

/** A topic that this version does not know is shown by its own word rather than hidden. */
export const topicName = (topic: string): string => names[topic]?.() ?? topic;
