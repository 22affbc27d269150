//! What a page may do, and who may have it in a frame.

use alap_spin::origins::Origins;

use crate::asset::Asset;

/// Nothing but what comes from here: no other site, no script or style in the page itself, no markup made from text.
const EVERY_PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; frame-ancestors ";

/// The sites that may have the chat's page in a frame, beside this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frames(String);

impl Frames {
    /// The sites in the variable `allowed_origins`: those whose pages may use the chat may show it as well. The error
    /// says what is wrong with one of them.
    pub fn parse(list: &str) -> Result<Self, String> {
        Origins::parse(list)?;
        let origins = list.split(',').map(str::trim).filter(|one| !one.is_empty());
        let mut sources = String::from("'self'");
        for origin in origins {
            sources.push(' ');
            sources.push_str(origin);
        }
        Ok(Self(sources))
    }
}

/// The page's `Content-Security-Policy`.
pub(crate) fn policy(page: &Asset, frames: &Frames) -> String {
    let ancestors = match page.path {
        "/chat" => &frames.0,
        // Nobody can be tricked into clicking on what is not shown as itself.
        _ => "'none'",
    };
    format!("{EVERY_PAGE}{ancestors}")
}
