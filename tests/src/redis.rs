use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::PATIENCE;

/// How often another port is tried because somebody else took the first one meanwhile.
const TRIES: usize = 5;

/// A Redis server of the test's own, on a free port. It ends with the test.
pub struct Redis {
    child: Child,
    port: u16,
    _directory: TempDir,
}

impl Redis {
    /// Starts it.
    ///
    /// # Panics
    /// When it can't be started.
    pub fn start() -> Self {
        let directory = TempDir::new().expect("a folder for the test");
        for _ in 0..TRIES {
            let port = free_port();
            let mut child = launch(port, &directory);
            let begun = Instant::now();
            while child.try_wait().is_ok_and(|ended| ended.is_none()) {
                if answers(port) {
                    return Self {
                        child,
                        port,
                        _directory: directory,
                    };
                }
                assert!(begun.elapsed() < PATIENCE, "redis-server does not answer");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        panic!("redis-server does not start");
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn launch(port: u16, directory: &TempDir) -> Child {
    let mut command = Command::new("redis-server");
    command
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(["--port", &port.to_string()])
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("install redis-server: this test starts its own")
        }
        Err(error) => panic!("redis-server can't be started: {error}"),
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("the address just taken");
    address.port()
}

fn answers(port: u16) -> bool {
    let ping = || {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        Ok::<_, std::io::Error>(answer == *b"+PONG")
    };
    ping().unwrap_or(false)
}
