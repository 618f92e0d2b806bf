//! The experiments of the source documents.

use crate::Experiment;

const BUNDLED: [(&str, &str); 4] = [
    ("fibonacci", include_str!("../catalogue/fibonacci.toml")),
    ("phases", include_str!("../catalogue/phases.toml")),
    ("characterise", include_str!("../catalogue/characterise.toml")),
    ("edge", include_str!("../catalogue/edge.toml")),
];

/// Their names.
pub fn bundled_names() -> impl Iterator<Item = &'static str> {
    BUNDLED.iter().map(|(name, _)| *name)
}

/// One by name. One that does not parse is a broken build, which a test catches.
pub fn bundled(name: &str) -> Option<Experiment> {
    let (_, text) = BUNDLED.iter().find(|(n, _)| *n == name)?;
    Experiment::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_parse() {
        for (name, text) in BUNDLED {
            Experiment::parse(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }
}
