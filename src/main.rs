//! coursevia

fn main() {}
