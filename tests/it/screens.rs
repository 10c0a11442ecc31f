//! Every screen in every state, as a student sees it. A test is: a world, keys, a snapshot.

mod compare;
mod courses;
mod cursor;
mod dates;
mod desk;
mod harness;
mod letters;
mod overlays;
mod palette;
mod programs;
mod reviews;
mod styles;
mod waiting;
mod world;
