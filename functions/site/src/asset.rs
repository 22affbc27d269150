//! The files of the pages, as `build.rs` has prepared them.

use std::borrow::Cow;

use crate::encoding::Encoding;

/// A file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    /// Where it lies among the sources: `/chat/box.js`.
    pub(crate) name: &'static str,
    /// Its path on the site: `/chat/box.0123456789.js`, or `/chat` for `/chat.html`.
    pub(crate) path: &'static str,
    /// Its type.
    pub(crate) media: &'static str,
    /// The hash of its content.
    pub(crate) hash: &'static str,
    /// How many bytes its content has.
    pub(crate) length: usize,
    brotli: &'static [u8],
    gzip: &'static [u8],
}

/// How long a browser may go on with what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// For ever: the path says which content it is.
    Immutable,
    /// Until the next time, when it asks whether there is another.
    Checked,
    /// For some minutes: on other sites, every view of a page would ask.
    Minutes,
}

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The fixed start and end of a gzip file around its compressed data (RFC 1952 section 2.3).
const GZIP_HEAD: usize = 10;
const GZIP_TAIL: usize = 8;

/// What there is at `path`.
pub(crate) fn find(path: &str) -> Option<(&'static Asset, Freshness)> {
    if let Some(asset) = ASSETS.iter().find(|asset| asset.path == path) {
        let freshness = if asset.path.contains(asset.hash) {
            Freshness::Immutable
        } else if asset.name == "/widget.js" {
            Freshness::Minutes
        } else {
            Freshness::Checked
        };
        return Some((asset, freshness));
    }
    // A page from before an update asks for files of then: today's are better for it than none.
    let (stem, extension) = path.rsplit_once('.')?;
    let (stem, hash) = stem.rsplit_once('.')?;
    if !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let name = format!("{stem}.{extension}");
    let asset = ASSETS.iter().find(|asset| asset.name == name)?;
    Some((asset, Freshness::Checked))
}

impl Asset {
    /// The content in this encoding.
    pub(crate) fn content(&self, encoding: Encoding) -> Cow<'static, [u8]> {
        match encoding {
            Encoding::Brotli => Cow::Borrowed(self.brotli),
            Encoding::Gzip => Cow::Borrowed(self.gzip),
            // Browsers don't ask for it; carrying it along would double the component.
            Encoding::Identity => {
                let end = self.gzip.len().saturating_sub(GZIP_TAIL);
                let data = self.gzip.get(GZIP_HEAD..end).unwrap_or_default();
                let content = miniz_oxide::inflate::decompress_to_vec_with_limit(data, self.length);
                Cow::Owned(content.unwrap_or_default())
            }
        }
    }

    /// Whether it is a page, which a policy protects.
    pub(crate) fn is_page(&self) -> bool {
        self.media.starts_with("text/html")
    }

    /// Whether pages of other sites load it.
    pub(crate) fn is_for_other_sites(&self) -> bool {
        self.name.starts_with("/chat/") || self.name == "/widget.js"
    }
}

#[cfg(test)]
pub(crate) fn all() -> &'static [Asset] {
    ASSETS
}
