//! Prepares the pages for the component: every file but the entrances gets a name with the hash of its content, and
//! all of them are compressed once, here. Nothing else happens to them.

#[path = "build/links.rs"]
mod links;

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use brotli::enc::{BrotliEncoderParams, backward_references::BrotliEncoderMode};
use sha2::{Digest as _, Sha256};

/// Hexadecimal digits of a hash in a name: 32 bits, when no two versions of one file may share a name.
const HASH_DIGITS: usize = 8;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=pages");
    println!("cargo::rerun-if-changed=build");
    let pages = sources(Path::new("pages"), "")?;
    let linked: BTreeMap<&str, BTreeSet<&str>> = pages
        .keys()
        .map(|name| (name.as_str(), links(name, &pages)))
        .collect();
    let mut paths = BTreeMap::new();
    for name in pages.keys() {
        let hash = hash(name, &linked, &pages);
        paths.insert(name.as_str(), (path(name, &hash)?, hash));
    }
    let mut ready = Vec::new();
    for (name, content) in &pages {
        let mut content = content.clone();
        for other in linked.get(name.as_str()).into_iter().flatten() {
            if let Some((path, _)) = paths.get(other) {
                content = content.replace(&links::link(name, other), &links::link(name, path));
            }
        }
        if let Some((path, hash)) = paths.get(name.as_str()) {
            ready.push(Ready {
                name: name.clone(),
                path: path.clone(),
                hash: hash.clone(),
                content,
            });
        }
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    write(&out, &ready)
}

/// A file as it is served.
struct Ready {
    name: String,
    /// Its path on the site, with a hash where it is no entrance.
    path: String,
    hash: String,
    content: String,
}

/// The files that `name` names, other than entrances.
fn links<'a>(name: &str, pages: &'a BTreeMap<String, String>) -> BTreeSet<&'a str> {
    let text = pages.get(name).map_or("", String::as_str);
    let others = pages.keys().map(String::as_str);
    others
        .filter(|other| {
            *other != name && !is_entrance(other) && text.contains(&links::link(name, other))
        })
        .collect()
}

/// The hash of a file and everything it leads to: another file behind it is another path in it.
fn hash(
    name: &str,
    linked: &BTreeMap<&str, BTreeSet<&str>>,
    pages: &BTreeMap<String, String>,
) -> String {
    let mut reached = BTreeSet::from([name]);
    let mut ahead = vec![name];
    while let Some(next) = ahead.pop() {
        let links = linked.get(next).into_iter().flatten();
        ahead.extend(links.filter(|link| reached.insert(link)));
    }
    let mut digest = Sha256::new();
    for name in reached {
        digest.update(name);
        digest.update([0]);
        digest.update(pages.get(name).map_or("", String::as_str));
        digest.update([0]);
    }
    let digits = digest
        .finalize()
        .into_iter()
        .flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .take(HASH_DIGITS)
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// `/chat/box.js` has a hash in its path; `/desk.html` is opened as `/desk`, `/index.html` as `/`.
fn path(name: &str, hash: &str) -> Result<String> {
    Ok(match (name.strip_suffix(".html"), name.rsplit_once('.')) {
        (Some("/index"), _) => "/".to_owned(),
        (Some(page), _) => page.to_owned(),
        _ if is_entrance(name) => name.to_owned(),
        (_, Some((stem, extension))) => format!("{stem}.{hash}.{extension}"),
        _ => bail!("{name} has no extension, so that its type is not known"),
    })
}

/// What is opened by its own name: pages, and the script that other sites put into theirs.
fn is_entrance(name: &str) -> bool {
    links::is_page(name) || name == "/widget.js"
}

/// The files in `folder` and the folders in it; types for the checker are not for browsers.
fn sources(folder: &Path, prefix: &str) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            found.extend(sources(&entry.path(), &name)?);
        } else if !name.ends_with(".d.ts") {
            let text = fs::read_to_string(entry.path()).with_context(|| name.clone())?;
            found.insert(name, text);
        }
    }
    Ok(found)
}

/// Writes the compressed files and a table of them in Rust.
fn write(out: &Path, pages: &[Ready]) -> Result<()> {
    let mut table = String::from("&[\n");
    for Ready {
        name,
        path,
        hash,
        content,
    } in pages
    {
        let file = name.replace('/', "_");
        fs::write(out.join(format!("{file}.br")), brotli(content.as_bytes())?)?;
        fs::write(out.join(format!("{file}.gz")), gzip(content.as_bytes())?)?;
        writeln!(
            table,
            "Asset {{ name: {name:?}, path: {path:?}, media: {:?}, hash: {hash:?}, length: {}, \
             brotli: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}.br\")), \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}.gz\")) }},",
            media(name)?,
            content.len(),
        )?;
    }
    table.push(']');
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

fn media(name: &str) -> Result<&'static str> {
    Ok(
        match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => bail!("{name}: add the type of such files to build.rs"),
        },
    )
}

/// The encoder predicts characters in several ways; which of them suits a file best, only trying shows.
const PREDICTIONS: [BrotliEncoderMode; 3] = [
    BrotliEncoderMode::BROTLI_MODE_TEXT,
    BrotliEncoderMode::BROTLI_FORCE_MSB_PRIOR,
    BrotliEncoderMode::BROTLI_FORCE_SIGNED_PRIOR,
];

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut least = Vec::new();
    for mode in PREDICTIONS {
        let parameters = BrotliEncoderParams {
            quality: 11,
            // 64 KiB, more than any file has.
            lgwin: 16,
            mode,
            size_hint: content.len(),
            ..Default::default()
        };
        let mut compressed = Vec::new();
        brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
        if least.is_empty() || compressed.len() < least.len() {
            least = compressed;
        }
    }
    Ok(least)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let options = zopfli::Options::default();
    zopfli::compress(options, zopfli::Format::Gzip, content, &mut compressed)?;
    Ok(compressed)
}
