//! Pages of A4 from blocks of words: shaped, broken and set by `parley`, written as a tagged PDF by `krilla`.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag, Tag, TagGroup, TagKind, TagTree},
    text::{Font, GlyphId, KrillaGlyph},
};
use parley::{
    FontContext, FontFamily, FontFamilyName, FontWeight, Layout, LayoutContext, LineHeight, OverflowWrap,
    StyleProperty,
    fontique::{Blob, Collection, CollectionOptions, SourceCache},
};

/// In points, as everything here.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 56.0;
const TOP: f32 = 56.0;
const BOTTOM: f32 = HEIGHT - 72.0;
/// Where what is said of something begins, beside what it is called.
const VALUE: f32 = 132.0;
const FAMILIES: [&str; 2] = ["DejaVu Sans", "Noto Emoji"];

/// What stands on a page, one below the other.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    Title(String),
    Heading(String),
    /// What something is called, and what is said of it.
    Fact(String, String),
    /// The same, small enough for a hash to stand on one line.
    Fine(String, String),
    /// Somebody's own words.
    Quote(String),
    /// Smaller, and grey.
    Note(String),
}

#[derive(Clone, Copy)]
struct Style {
    size: f32,
    bold: bool,
    ink: u8,
    before: f32,
}

const BODY: Style = Style { size: 9.5, bold: false, ink: 20, before: 4.0 };
const NOTE: Style = Style { size: 8.0, bold: false, ink: 95, before: 4.0 };

/// One line of words, broken and shaped.
struct Line {
    height: f32,
    baseline: f32,
    text: Arc<str>,
    style: Style,
    runs: Vec<Run>,
}

struct Run {
    x: f32,
    font: Font,
    glyphs: Vec<KrillaGlyph>,
}

/// Something with its place on a page.
enum Placed {
    Line {
        x: f32,
        y: f32,
        line: Line,
        block: usize,
    },
    /// The stroke beside somebody's own words.
    Stroke {
        y: f32,
        height: f32,
    },
}

pub struct Paper {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    known: HashMap<(u64, u32), Font>,
    pages: Vec<Vec<Placed>>,
    y: f32,
    tags: Vec<TagKind>,
}

impl Paper {
    pub fn new() -> Self {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let mut fonts = FontContext { collection: Collection::new(options), source_cache: SourceCache::default() };
        for bytes in [dejavu::sans::regular(), dejavu::sans::bold(), epaint_default_fonts::NOTO_EMOJI_REGULAR] {
            fonts.collection.register_fonts(Blob::new(Arc::new(bytes)), None);
        }
        Self {
            fonts,
            layouts: LayoutContext::new(),
            known: HashMap::new(),
            pages: vec![Vec::new()],
            y: TOP,
            tags: Vec::new(),
        }
    }

    pub fn put(&mut self, block: &Block) {
        let (style, text, tag, room): (_, _, TagKind, _) = match block {
            Block::Title(text) => {
                (Style { size: 20.0, bold: true, before: 0.0, ..BODY }, text, Tag::Hn(FIRST, None).into(), 0.0)
            }
            // A heading is not left alone at the end of a page.
            Block::Heading(text) => {
                (Style { size: 12.0, bold: true, before: 18.0, ..BODY }, text, Tag::Hn(SECOND, None).into(), 44.0)
            }
            Block::Fact(_, text) => (BODY, text, Tag::P.into(), 0.0),
            Block::Quote(text) => (BODY, text, Tag::BlockQuote.into(), 0.0),
            Block::Note(text) => (NOTE, text, Tag::P.into(), 0.0),
            Block::Fine(_, text) => (Style { before: 2.0, ..NOTE }, text, Tag::P.into(), 0.0),
        };
        let inset = match block {
            Block::Fact(..) | Block::Fine(..) => VALUE,
            Block::Quote(_) => 10.0,
            _ => 0.0,
        };
        let block_id = self.tags.len();
        self.tags.push(tag);
        let lines = self.lines(text, style, WIDTH - 2.0 * MARGIN - inset);
        if self.y > TOP {
            self.y += style.before;
        }
        // What it is called may need more lines than what is said of it.
        let mut beside = (self.pages.len(), self.y);
        if let Block::Fact(label, _) | Block::Fine(label, _) = block {
            let height = lines.first().map_or(0.0, |line| line.height);
            let labels = self.lines(label, Style { ink: NOTE.ink, ..style }, VALUE - 12.0);
            self.fits(labels.iter().map(|line| line.height).sum::<f32>().max(height));
            let mut y = self.y;
            for line in labels {
                let height = line.height;
                self.place(Placed::Line { x: MARGIN, y, line, block: block_id });
                y += height;
            }
            beside = (self.pages.len(), y);
        }
        for (at, line) in lines.into_iter().enumerate() {
            let height = line.height;
            self.fits(height + if at == 0 { room } else { 0.0 });
            let y = self.y;
            if matches!(block, Block::Quote(_)) {
                self.place(Placed::Stroke { y, height });
            }
            self.place(Placed::Line { x: MARGIN + inset, y, line, block: block_id });
            self.y += height;
        }
        if beside.0 == self.pages.len() {
            self.y = self.y.max(beside.1);
        }
    }

    /// Goes on to the next page if there is no room for so much here.
    fn fits(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    fn place(&mut self, placed: Placed) {
        if let Some(page) = self.pages.last_mut() {
            page.push(placed);
        }
    }

    fn lines(&mut self, text: &str, style: Style, width: f32) -> Vec<Line> {
        let text = printable(text);
        let families: Vec<_> = FAMILIES.iter().map(|name| FontFamilyName::Named(Cow::Borrowed(name))).collect();
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, &text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(families.into())));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(1.4)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        builder.push_default(StyleProperty::FontWeight(if style.bold { FontWeight::BOLD } else { FontWeight::NORMAL }));
        let mut layout: Layout<()> = builder.build(&text);
        layout.break_all_lines(Some(width));
        let text: Arc<str> = text.into();
        let known = &mut self.known;
        let line = |line: parley::Line<'_, ()>| {
            let metrics = line.metrics();
            let mut x = metrics.offset;
            let mut runs = Vec::new();
            for run in line.runs() {
                let from = x;
                let (data, id) = run.font().data.clone().into_raw_parts();
                let index = run.font().index;
                let font = match known.get(&(id, index)) {
                    Some(font) => font.clone(),
                    None => {
                        let Some(font) = Font::new(data.into(), index) else { continue };
                        known.entry((id, index)).or_insert(font).clone()
                    }
                };
                let size = run.font_size();
                let mut glyphs: Vec<KrillaGlyph> = Vec::new();
                for cluster in run.visual_clusters() {
                    let range = cluster.text_range();
                    // Letters that are drawn as one: those without a sign of their own belong to the one before.
                    if cluster.is_ligature_continuation() {
                        if let Some(KrillaGlyph { text_range: whole, .. }) = glyphs.last_mut() {
                            *whole = whole.start.min(range.start)..whole.end.max(range.end);
                        }
                        continue;
                    }
                    for glyph in cluster.glyphs() {
                        glyphs.push(KrillaGlyph::new(
                            GlyphId::new(glyph.id),
                            glyph.advance / size,
                            glyph.x / size,
                            glyph.y / size,
                            0.0,
                            range.clone(),
                            None,
                        ));
                        x += glyph.advance;
                    }
                }
                runs.push(Run { x: from, font, glyphs });
            }
            let baseline = metrics.baseline - metrics.block_min_coord;
            Line { height: metrics.line_height, baseline, text: text.clone(), style, runs }
        };
        layout.lines().map(line).collect()
    }

    /// The pages as a PDF. At the foot of each stands `foot`, and which page it is.
    pub fn print(mut self, title: &str, foot: &str) -> Result<Vec<u8>, String> {
        let mut document = Document::new();
        document.set_metadata(Metadata::new().title(title.to_owned()).language("sv".to_owned()));
        let mut groups: Vec<TagGroup> = std::mem::take(&mut self.tags).into_iter().map(TagGroup::new).collect();
        let pages = std::mem::take(&mut self.pages);
        let count = pages.len();
        for (at, placed) in pages.into_iter().enumerate() {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or("a page has no size")?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for placed in placed {
                match placed {
                    Placed::Stroke { y, height } => {
                        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
                        stroke(&mut surface, y, height);
                        surface.end_tagged();
                    }
                    Placed::Line { x, y, line, block } => {
                        let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                        draw(&mut surface, x, y, &line);
                        surface.end_tagged();
                        if let Some(group) = groups.get_mut(block) {
                            group.push(Node::Leaf(id));
                        }
                    }
                }
            }
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
            let style = Style { size: 7.5, ..NOTE };
            let width = WIDTH - 2.0 * MARGIN - 70.0;
            for (nth, line) in self.lines(foot, style, width).iter().enumerate() {
                draw(&mut surface, MARGIN, HEIGHT - 50.0 + nth as f32 * line.height, line);
            }
            for line in self.lines(&format!("Sida {} av {count}", at + 1), style, 70.0) {
                draw(&mut surface, WIDTH - MARGIN - 60.0, HEIGHT - 50.0, &line);
            }
            surface.end_tagged();
            surface.finish();
            page.finish();
        }
        let mut tree = TagTree::new().with_lang(Some("sv".to_owned()));
        groups.into_iter().for_each(|group| tree.push(group));
        document.set_tag_tree(tree);
        document.finish().map_err(|error| format!("{error:?}"))
    }
}

const FIRST: std::num::NonZeroU16 = std::num::NonZeroU16::MIN;
const SECOND: std::num::NonZeroU16 = FIRST.saturating_add(1);

fn fill(ink: u8) -> Fill {
    Fill { paint: rgb::Color::new(ink, ink, ink).into(), opacity: NormalizedF32::ONE, rule: FillRule::default() }
}

fn stroke(surface: &mut Surface<'_>, y: f32, height: f32) {
    let Some(rect) = Rect::from_xywh(MARGIN, y, 2.0, height) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    let Some(path) = path.finish() else { return };
    surface.set_fill(Some(fill(190)));
    surface.draw_path(&path);
}

fn draw(surface: &mut Surface<'_>, x: f32, y: f32, line: &Line) {
    surface.set_fill(Some(fill(line.style.ink)));
    for run in line.runs.iter().filter(|run| !run.glyphs.is_empty()) {
        let start = Point::from_xy(x + run.x, y + line.baseline);
        surface.draw_glyphs(start, &run.glyphs, run.font.clone(), &line.text, line.style.size, false);
    }
}

/// Without signs that show nothing, or that would turn the words around them: what was written stands in the data beside it.
fn printable(text: &str) -> String {
    let turns = |sign: char| matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|&sign| !turns(sign))
        .map(|sign| if sign.is_control() && sign != '\n' { ' ' } else { sign })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(blocks: &[Block]) -> (usize, Vec<u8>) {
        let mut paper = Paper::new();
        blocks.iter().for_each(|block| paper.put(block));
        let pages = paper.pages.len();
        (pages, paper.print("Rapport", "Sekretess").unwrap_or_default())
    }

    #[test]
    fn whatever_is_written_is_printed() {
        let strange = [
            "",
            " ",
            "\n\n\n",
            "\t\r\0\u{7f}",
            "\u{202e}kcab\u{202c}",
            "e\u{301}\u{301}\u{301}\u{301}",
            "\u{feff}\u{200d}\u{200d}",
            "👩‍👩‍👧‍👦🏳️‍🌈🇸🇪",
            "مرحبا bor på 12:an سلام",
            "שלום",
            "नमस्ते",
            "漢字かな",
            "\u{10ffff}\u{e000}",
            "ﷺ",
            "i\u{300}\u{0}i",
        ];
        for text in strange {
            let text = text.to_owned();
            let blocks = [
                Block::Title(text.clone()),
                Block::Heading(text.clone()),
                Block::Fact(text.clone(), text.clone()),
                Block::Fine(text.clone(), text.clone()),
                Block::Quote(text.clone()),
                Block::Note(text.clone()),
            ];
            let (pages, pdf) = printed(&blocks);
            assert!(pages == 1 && pdf.starts_with(b"%PDF-"), "{text:?}");
        }
    }

    #[test]
    fn a_long_word_and_a_long_text_go_on_to_the_next_page() {
        let (pages, pdf) = printed(&[Block::Quote("x".repeat(8000)), Block::Fact("y".repeat(2000), "z".repeat(2000))]);
        assert!(pages == 3 && pdf.starts_with(b"%PDF-"), "{pages}");
        let (pages, _) = printed(&vec![Block::Quote("Han skriver igen.\n".repeat(30)); 30]);
        assert!((15..30).contains(&pages), "{pages}");
    }

    #[test]
    fn a_long_label_has_room_of_its_own() {
        let mut paper = Paper::new();
        paper.put(&Block::Fact("Vet de var du bor eller går i skolan?".to_owned(), "Ja".to_owned()));
        paper.put(&Block::Fact("Vem är det?".to_owned(), "Vet inte".to_owned()));
        let lines = |wanted| {
            paper.pages[0].iter().filter_map(move |placed| match placed {
                Placed::Line { y, line, block, .. } if *block == wanted => Some((*y, y + line.height)),
                _ => None,
            })
        };
        let end = lines(0).map(|(_, end)| end).fold(0.0, f32::max);
        assert!(lines(0).count() == 3 && lines(1).all(|(begin, _)| begin >= end), "lines lie over one another");
    }

    #[test]
    fn a_heading_is_not_the_last_line_of_a_page() {
        for notes in 30..70 {
            let mut paper = Paper::new();
            (0..notes).for_each(|_| paper.put(&Block::Note("en rad".to_owned())));
            paper.put(&Block::Heading("Filer".to_owned()));
            let (page, y) = (paper.pages.len(), paper.y);
            paper.put(&Block::Quote("det som följer".to_owned()));
            assert!(paper.pages.len() == page, "after {notes} lines, at {y}");
        }
    }
}
