//! Checks the flow and turns it into what a component reads quickly.

use std::{env, error::Error, fs, path::Path, process::exit};

use alap_flow::Flow;

fn main() -> Result<(), Box<dyn Error>> {
    let source = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("flow/flow.toml");
    println!("cargo::rerun-if-changed={}", source.display());
    let flow = match Flow::load(&fs::read_to_string(&source)?) {
        Ok(flow) => flow,
        Err(error) => {
            // As sentences: whoever reads this writes a flow, not Rust.
            eprintln!("{}: {error}", source.display());
            exit(1);
        }
    };
    fs::write(
        Path::new(&env::var("OUT_DIR")?).join("flow.bin"),
        postcard::to_extend(&flow, Vec::new())?,
    )?;
    Ok(())
}
