//! A picture drawn anew: what it shows, the right way up, and nothing beside it.

use std::io::Cursor;

use image::{
    ColorType, DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, ImageResult, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    metadata::Orientation,
};

/// The largest picture that is read, in bytes.
pub const LARGEST_PICTURE: i64 = 50 * 1024 * 1024;
/// The most points of a picture that is unpacked.
const MOST_POINTS: u64 = 40_000_000;
/// The most that unpacking may take for what it gives.
const MOST_MEMORY: u64 = 200 * 1024 * 1024;
/// The longest side of a copy, and of a smaller one, in points.
const LONGEST_SIDE: u32 = 2560;
const SMALL_SIDE: u32 = 720;
const QUALITY: u8 = 85;

pub struct Drawn {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// What can be drawn anew.
pub fn format(media_type: &str) -> Option<ImageFormat> {
    Some(match media_type {
        "image/jpeg" => ImageFormat::Jpeg,
        "image/png" => ImageFormat::Png,
        "image/webp" => ImageFormat::WebP,
        "image/gif" => ImageFormat::Gif,
        _ => return None,
    })
}

/// The picture, or the first of several. Nothing: it is too large.
pub fn draw(format: ImageFormat, bytes: &[u8]) -> ImageResult<Option<Drawn>> {
    draw_within(LONGEST_SIDE, format, bytes)
}

/// A smaller one of a picture that was drawn. Nothing: it is small already.
pub fn smaller(drawn: &Drawn) -> ImageResult<Option<Drawn>> {
    match format(drawn.media_type).filter(|_| drawn.width.max(drawn.height) > SMALL_SIDE) {
        Some(format) => draw_within(SMALL_SIDE, format, &drawn.bytes),
        None => Ok(None),
    }
}

fn draw_within(longest: u32, format: ImageFormat, bytes: &[u8]) -> ImageResult<Option<Drawn>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_POINTS || decoder.total_bytes() > MOST_MEMORY {
        return Ok(None);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if width.max(height) > longest {
        picture = picture.thumbnail(longest, longest);
    }
    picture.apply_orientation(orientation);
    encode(picture).map(Some)
}

fn encode(picture: DynamicImage) -> ImageResult<Drawn> {
    let (width, height, mut bytes) = (picture.width(), picture.height(), Vec::new());
    if picture.color().has_alpha() {
        let points = picture.to_rgba8();
        if points.pixels().any(|point| point.0[3] < u8::MAX) {
            PngEncoder::new(&mut bytes).write_image(&points, width, height, ColorType::Rgba8.into())?;
            return Ok(Drawn { media_type: "image/png", bytes, width, height });
        }
    }
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&picture.into_rgb8())?;
    Ok(Drawn { media_type: "image/jpeg", bytes, width, height })
}
