//! Launches by LTI 1.3, from our one-time address to the signed answer.

mod asking;
mod http;
mod keys;
mod refusing;
mod sharing;
mod world;
