//! Parse, run one command, tell how it ended.

use coursevia::cli::{self, Exit};

#[tokio::main]
async fn main() -> Exit {
    cli::run().await
}
