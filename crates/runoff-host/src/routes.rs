//! From a path to a function: the longest prefix of whole segments wins.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::function::Function;

/// The functions of one configuration. Immutable: a reload makes another one.
#[derive(Debug, Default)]
pub struct Routes {
    functions: Vec<Arc<Function>>,
    by_route: BTreeMap<String, usize>,
}

impl Routes {
    /// Of these functions.
    pub fn new(functions: Vec<Arc<Function>>) -> Self {
        let by_route = functions.iter().enumerate().map(|(i, f)| (f.config.route.clone(), i)).collect();
        Self { functions, by_route }
    }

    /// The functions in order.
    pub fn functions(&self) -> &[Arc<Function>] {
        &self.functions
    }

    /// The function of this name.
    pub fn named(&self, name: &str) -> Option<&Arc<Function>> {
        self.functions.iter().find(|f| f.config.name == name)
    }

    /// The function of a path, and what of the path is below its route.
    pub fn find<'p>(&self, path: &'p str) -> Option<(&Arc<Function>, &'p str)> {
        prefixes(path).find_map(|prefix| {
            let index = *self.by_route.get(prefix)?;
            let below = if prefix == "/" { path } else { &path[prefix.len()..] };
            Some((&self.functions[index], below))
        })
    }
}

/// A path and its ancestors, the longest first, the root last.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(if path.len() > 1 { path.trim_end_matches('/') } else { path });
    std::iter::from_fn(move || {
        let this = next.filter(|p| p.starts_with('/') || p.is_empty())?;
        let this = if this.is_empty() { "/" } else { this };
        next = match this.rfind('/') {
            _ if this == "/" => None,
            Some(0) => Some("/"),
            Some(at) => Some(&this[..at]),
            None => None,
        };
        Some(this)
    })
}

#[cfg(test)]
mod tests {
    use super::prefixes;

    #[test]
    fn ancestors_are_whole_segments() {
        let all = |path| prefixes(path).collect::<Vec<_>>();
        assert_eq!(all("/a/bc/d"), ["/a/bc/d", "/a/bc", "/a", "/"]);
        assert_eq!(all("/a/"), ["/a", "/"]);
        assert_eq!(all("/"), ["/"]);
        assert_eq!(all("//"), ["/"]);
        assert_eq!(all("a"), [""; 0]);
    }
}
