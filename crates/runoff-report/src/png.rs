//! Plots as PNG.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// Pixels per unit of a plot: sharp on dense screens and on paper.
const SCALE: f32 = 2.0;

/// What can go wrong with a picture.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// Text cannot be drawn without a font.
    #[error(
        "no font is installed on this machine, and a plot without text says nothing: install one (for instance `apt-get install fonts-dejavu-core`), or take --svg"
    )]
    NoFont,
    /// The plot cannot be drawn.
    #[error("cannot draw a plot: {0}")]
    Draw(String),
}

/// Draws plots with the fonts of this machine.
pub struct Png {
    fonts: Arc<fontdb::Database>,
    family: String,
}

impl Png {
    /// Looks for fonts.
    pub fn new() -> Result<Self, PngError> {
        let mut fonts = fontdb::Database::new();
        fonts.load_system_fonts();
        let wished = ["DejaVu Sans", "Noto Sans", "Liberation Sans", "Arial", "Helvetica"];
        let has = |name: &str| fonts.faces().any(|f| f.families.iter().any(|(n, _)| n == name));
        let family = wished.into_iter().find(|name| has(name)).map(ToOwned::to_owned);
        let any = || fonts.faces().next().and_then(|f| f.families.first()).map(|(name, _)| name.clone());
        let family = family.or_else(any).ok_or(PngError::NoFont)?;
        fonts.set_sans_serif_family(&family);
        Ok(Self { fonts: Arc::new(fonts), family })
    }

    /// A plot's SVG as PNG.
    pub fn draw(&self, svg: &str) -> Result<Vec<u8>, PngError> {
        let draw = |e: &dyn std::fmt::Display| PngError::Draw(e.to_string());
        let options =
            Options { fontdb: self.fonts.clone(), font_family: self.family.clone(), ..Options::default() };
        let tree = Tree::from_str(svg, &options).map_err(|e| draw(&e))?;
        let size = tree.size();
        let (width, height) = ((size.width() * SCALE).ceil() as u32, (size.height() * SCALE).ceil() as u32);
        let mut picture = Pixmap::new(width, height).ok_or_else(|| draw(&"it has no size"))?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
        picture.encode_png().map_err(|e| draw(&e))
    }
}
