//! The project's commands: `cargo xtask help` lists them.
//!
//! What a continuous build runs and what a person runs are the same commands, and none of them asks for more than
//! Rust and a shell at the start: the rest is found, or installed where that is possible, or named.

#![expect(clippy::print_stdout, reason = "a command answers on standard output")]

mod access_key;
mod browser;
mod build;
mod command_line;
mod debian;
mod demo;
mod desk_key;
mod gate;
mod host;
mod node;
mod process;
mod secrets;
mod shrink;
mod toolchain;
mod up;
mod wasm_bindgen;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::command_line::Request;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    match command_line::parse(std::env::args_os()).and_then(run) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(request: Request) -> Result<ExitCode> {
    match request {
        Request::Help(text) => println!("{text}"),
        Request::Toolchain => {
            let compiler = toolchain::ensure(&Workspace::locate()?, toolchain::Target::Wasip2)?;
            println!("{compiler}");
        }
        Request::Build => build::everything(&Workspace::locate()?)?,
        Request::Component(name) => build::component(&Workspace::locate()?, &name)?,
        Request::Up(options) => return up::run(&Workspace::locate()?, options),
        Request::Test(steps) => return Ok(gate::run(&Workspace::locate()?, &steps)),
        Request::Demo(options) => demo::run(&Workspace::locate()?, &options)?,
        Request::Screenshots => browser::screenshots(&Workspace::locate()?)?,
        Request::DeskKey(options) => desk_key::run(options)?,
    }
    Ok(ExitCode::SUCCESS)
}
