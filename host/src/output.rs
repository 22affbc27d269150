//! What components print.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// Where the host's own lines and those of components go.
pub(crate) type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// The longest line shown in one piece, in bytes; a longer one is broken.
const LONGEST_LINE: usize = 8 << 10;

/// A component's standard output and error: shown line by line with the component's id before each.
#[derive(Clone)]
pub(crate) struct ComponentOutput {
    component: Arc<str>,
    log: Log,
    /// The line that has no end yet.
    line: Arc<Mutex<Vec<u8>>>,
}

impl ComponentOutput {
    pub(crate) fn new(component: &str, log: Log) -> Self {
        Self {
            component: component.into(),
            log,
            line: Arc::default(),
        }
    }

    fn push(&self, bytes: &[u8]) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        for &byte in bytes {
            if byte == b'\n' {
                self.show(&mut line);
            } else {
                line.push(byte);
                if line.len() >= LONGEST_LINE {
                    self.show(&mut line);
                }
            }
        }
    }

    fn show(&self, line: &mut Vec<u8>) {
        if line.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(line);
        // A component may print what a stranger sent; that must not steer the terminal.
        let harmless = |c: char| {
            if c.is_control() && c != '\t' {
                '\u{fffd}'
            } else {
                c
            }
        };
        let text: String = text.chars().map(harmless).collect();
        (self.log)(&format!("[{}] {text}", self.component));
        line.clear();
    }
}

impl Drop for ComponentOutput {
    fn drop(&mut self) {
        if Arc::strong_count(&self.line) == 1 {
            let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
            self.show(&mut line);
        }
    }
}

impl StdoutStream for ComponentOutput {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl IsTerminal for ComponentOutput {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl AsyncWrite for ComponentOutput {
    fn poll_write(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl OutputStream for ComponentOutput {
    fn write(&mut self, bytes: hyper::body::Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(LONGEST_LINE)
    }
}

#[async_trait::async_trait]
impl Pollable for ComponentOutput {
    async fn ready(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_whole_lines_with_the_components_id() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let log: Log = Arc::new({
            let lines = Arc::clone(&lines);
            move |line: &str| lines.lock().unwrap().push(line.to_owned())
        });
        let output = ComponentOutput::new("post", log);
        output.push(b"\none\ntw");
        output.push(b"o\x1b[2J\n");
        output.clone().push("তিন".as_bytes());
        drop(output);
        assert_eq!(
            *lines.lock().unwrap(),
            ["[post] one", "[post] two\u{fffd}[2J", "[post] তিন"]
        );
    }
}
