//! How the files of a site name each other.

/// Whether a file is a page.
pub(crate) fn is_page(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extension == "html")
}

/// How `from` names `to`, with the quotes around it: as an absolute path in pages, else as modules do.
pub(crate) fn link(from: &str, to: &str) -> String {
    if is_page(from) {
        return format!("\"{to}\"");
    }
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len().min(to.len()) - 1;
    let shared = (0..folders)
        .take_while(|&at| from.get(at) == to.get(at))
        .count();
    let up = from.len() - 1 - shared;
    let start = if up == 0 {
        "./".to_owned()
    } else {
        "../".repeat(up)
    };
    let rest = to.get(shared..).unwrap_or_default().join("/");
    format!("\"{start}{rest}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_name_each_other_as_browsers_expect_it() {
        for (from, to, expected) in [
            ("/chat.html", "/chat/page.js", "\"/chat/page.js\""),
            ("/widget.js", "/chat/box.js", "\"./chat/box.js\""),
            ("/chat/box.js", "/chat/client.js", "\"./client.js\""),
            ("/desk/main.js", "/chat/sheet.js", "\"../chat/sheet.js\""),
            ("/desk/view/a.js", "/desk/b/c.js", "\"../b/c.js\""),
            ("/desk/view/a.js", "/chat/b/c.js", "\"../../chat/b/c.js\""),
        ] {
            assert_eq!(link(from, to), expected, "{from} {to}");
        }
    }
}
