/** The largest side of an officer's picture. */
const LARGEST_SIDE = 2560;

/** A JPEG without anything that says more than it shows: what is kept is how large it is, how coloured and how packed. */
export function withoutWords(jpeg: Uint8Array<ArrayBuffer>): Blob {
  const parts = [jpeg.slice(0, 2)];
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1] ?? 0;
    const end = at + 2 + ((jpeg[at + 2] ?? 0) << 8) + (jpeg[at + 3] ?? 0);
    if (marker === 0xda) {
      parts.push(jpeg.slice(at));
      break;
    }
    if (marker >= 0xc0 && marker <= 0xdd) parts.push(jpeg.slice(at, end));
    at = end;
  }
  return new Blob(parts, { type: "image/jpeg" });
}

/** The picture drawn anew, turned as it was meant. Throws where this browser cannot read it. */
export async function drawnAnew(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LARGEST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("nothing to draw with");
  // What is clear in a drawing is paper here.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const drawn = await new Promise<Blob | null>((go) => canvas.toBlob(go, "image/jpeg", 0.9));
  if (!drawn) throw new Error("nothing was drawn");
  return withoutWords(new Uint8Array(await drawn.arrayBuffer()));
}
