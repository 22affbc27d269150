//! What the browser tests need of a machine beside Node: Chromium, a font for Bangla. Found, or installed where that is
//! possible, or named.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::debian;
use crate::process;

/// What Chromium is called on PATH.
const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Where Debian's package has the font.
const BANGLA_FONT: &str = "/usr/share/fonts/truetype/noto/NotoSansBengali-Regular.ttf";

/// Chromium, or a browser made from it: what the variable CHROMIUM names, what is on PATH, or Debian's. A font for
/// Bangla comes along where one can be installed.
///
/// # Errors
/// When there is none and none can be installed; the message says what to do.
pub(super) fn ensure_chromium() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").map(PathBuf::from) {
        ensure!(
            named.is_file(),
            "CHROMIUM names {}, which is no file",
            named.display()
        );
        return Ok(named);
    }
    if let Some(found) = CHROMIUM.iter().find_map(|name| process::find(name)) {
        ensure_bangla();
        return Ok(found);
    }
    let found = debian::ensure_program("chromium", "chromium")
        .context("Chromium is needed, or CHROMIUM set to a browser made from it")?;
    ensure_bangla();
    Ok(found)
}

/// Without a font the tests still pass: letters are boxes then, on pictures too.
fn ensure_bangla() {
    let has_fonts = process::find("fc-list")
        .and_then(|program| process::read(Command::new(program).args([":lang=bn", "family"])).ok());
    if Path::new(BANGLA_FONT).is_file() || has_fonts.is_some_and(|fonts| !fonts.trim().is_empty()) {
        return;
    }
    if let Err(error) = debian::install(&["fonts-noto-core"]) {
        eprintln!("No font for Bangla was found, and none could be installed: {error:#}");
    }
}

/// Whether `file` is there and at least as new as `source`.
pub(super) fn is_newer(file: &Path, source: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|about| about.modified());
    match (changed(file), changed(source)) {
        (Ok(file), Ok(source)) => file >= source,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_newer() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(is_newer(&here, &here));
        assert!(!is_newer(Path::new("/nowhere"), &here));
    }
}
