//! The built app, read once into memory, packed once.

use std::{collections::HashMap, io::Write, path::Path};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use poem::{
    Response,
    http::{HeaderMap, StatusCode, header},
};
use sha2::{Digest, Sha256};

use crate::base::{config::Config, crypto::hex};

pub struct AppFiles(HashMap<String, AppFile>);

/// What a preview of a link shows, in Swedish.
pub struct Card {
    pub path: String,
    pub title: String,
    pub description: String,
    pub picture: Option<CardPicture>,
}

pub struct CardPicture {
    pub path: String,
    pub width: Option<i32>,
    pub height: Option<i32>,
    /// What it shows, in words.
    pub alt: String,
}

impl Card {
    fn tags(&self, config: &Config) -> String {
        let address = |path: &str| config.base_url.join(path).map_or_else(|_| String::new(), String::from);
        let mut said = vec![
            ("type", "article".to_owned()),
            ("site_name", "Nätpatrull".to_owned()),
            ("locale", "sv_SE".to_owned()),
            ("url", address(&self.path)),
            ("title", self.title.clone()),
            ("description", self.description.clone()),
        ];
        if let Some(picture) = &self.picture {
            said.extend([("image", address(&picture.path)), ("image:alt", picture.alt.clone())]);
            let sides = [("image:width", picture.width), ("image:height", picture.height)];
            said.extend(sides.into_iter().filter_map(|(name, side)| Some((name, side?.to_string()))));
        }
        said.iter()
            .map(|(name, value)| format!("<meta property=\"og:{name}\" content=\"{}\" />", escaped(value)))
            .collect()
    }
}

struct AppFile {
    plain: Bytes,
    packed: Option<Bytes>,
    media_type: &'static str,
    etag: String,
    /// Its name holds a hash of what it says.
    hashed: bool,
}

impl AppFiles {
    /// A folder that is not there is an app that is not built: the API serves all the same.
    pub fn read(config: &Config) -> Result<Self, String> {
        let (dir, mut files) = (&config.pwa_dir, HashMap::new());
        if dir.is_dir() {
            collect(dir, "", config, &mut files).map_err(|error| format!("pwa_dir {}: {error}", dir.display()))?;
        } else {
            tracing::warn!("pwa_dir holds no app; only the API is served");
        }
        Ok(Self(files))
    }

    /// The app's page, with what a preview of its link shows.
    pub fn with_card(&self, card: &Card, config: &Config) -> Option<Response> {
        let page = String::from_utf8_lossy(&self.0.get(PAGE)?.plain).into_owned();
        let (before, after) = page.split_once("<title>")?;
        let page = format!("{before}{}<title>{after}", card.tags(config));
        let response = Response::builder().header(header::CONTENT_TYPE, media_type(PAGE));
        Some(response.header(header::CACHE_CONTROL, "no-cache").body(page))
    }

    /// The file, or the app's one page for a path that only the app knows.
    pub fn answer(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let name = path.trim_start_matches('/');
        let file = match self.0.get(name) {
            Some(file) => file,
            // A name with a dot asks for a file; what is left is a screen.
            None if !name.rsplit('/').next().is_some_and(|last| last.contains('.')) => self.0.get(PAGE)?,
            None => return None,
        };
        let keep = if file.hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        let mut response = Response::builder()
            .header(header::CONTENT_TYPE, file.media_type)
            .header(header::CACHE_CONTROL, keep)
            .header(header::ETAG, &file.etag)
            .header(header::VARY, "Accept-Encoding");
        if headers.get(header::IF_NONE_MATCH).is_some_and(|etag| etag.as_bytes() == file.etag.as_bytes()) {
            return Some(response.status(StatusCode::NOT_MODIFIED).finish());
        }
        let gzip = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.split(',').any(|one| one.trim().starts_with("gzip")));
        let body = match &file.packed {
            Some(packed) if gzip => {
                response = response.header(header::CONTENT_ENCODING, "gzip");
                packed.clone()
            }
            _ => file.plain.clone(),
        };
        Some(response.body(body))
    }
}

fn collect(dir: &Path, prefix: &str, config: &Config, files: &mut HashMap<String, AppFile>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), config, files)?;
            continue;
        }
        let plain = std::fs::read(entry.path())?;
        if name == PAGE {
            let page = signed(&String::from_utf8_lossy(&plain), config);
            files.insert(ROOM.to_owned(), AppFile::of(&name, neutral(&page).into_bytes())?);
            files.insert(name.clone(), AppFile::of(&name, page.into_bytes())?);
        } else {
            files.insert(name.clone(), AppFile::of(&name, plain)?);
        }
    }
    Ok(())
}

/// The app's one page.
const PAGE: &str = "index.html";

/// Where the links of invites and posters lead: the app's page, of which a preview says nothing.
const ROOM: &str = "r";

/// A page without what previews of links show: whoever looks over a shoulder sees that there is a link.
fn neutral(page: &str) -> String {
    let described =
        page.split_inclusive('>').filter(|part| !part.trim_start().starts_with("<meta name=\"description\""));
    let page: String = described.collect();
    match (page.split_once("<title>"), page.split_once("</title>")) {
        (Some((before, _)), Some((_, after))) => format!("{before}<title>Länk</title>{after}"),
        _ => page,
    }
}

impl AppFile {
    fn of(name: &str, plain: Vec<u8>) -> std::io::Result<Self> {
        let media_type = media_type(name);
        let packed =
            if media_type.starts_with("image/png") { None } else { Some(pack(&plain)?.into_boxed_slice().into()) };
        let etag = format!("\"{:.16}\"", hex(&Sha256::digest(&plain)));
        Ok(Self { plain: plain.into(), packed, media_type, etag, hashed: name.starts_with("assets/") })
    }
}

/// The app's page with who runs it, where the app reads that: `<meta name="natpatrull-operator" …>` and `…-contact`.
fn signed(page: &str, config: &Config) -> String {
    let said = [("operator", &config.operator_name), ("contact", &config.operator_contact)];
    let tag = |name: &str| format!("<meta name=\"natpatrull-{name}\"");
    page.split_inclusive('>')
        .map(|part| match said.iter().find(|(name, _)| part.trim_start().starts_with(&tag(name))) {
            Some((name, value)) => {
                let before = &part[..part.len() - part.trim_start().len()];
                format!("{before}{} content=\"{}\" />", tag(name), escaped(value))
            }
            None => part.to_owned(),
        })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub fn pack(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
